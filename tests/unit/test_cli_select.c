/* DEVICE arguments: what they look like, and which function they mean. */
#include "cmocka_all.h"
#include "devices/select.h"

static void looks_tell_the_form(void **state)
{
    static const struct {
        const char *text;
        enum wu_select_form form;
    } examples[] = {
        { "1234:abcd", WU_SELECT_IDS },
        { "1234:ABCD", WU_SELECT_IDS },
        { "1-2", WU_SELECT_PORT },
        { "12-3.4.10", WU_SELECT_PORT },
        { "/dev/bus/usb/001/002", WU_SELECT_PATH },
        { "\\\\?\\usb#vid_1234&pid_5678#1#{}", WU_SELECT_PATH },
        { "\\\\?\\USB#VID_1234", WU_SELECT_PATH },
        { "\\\\.\\usb#vid_1234&pid_5678#1#{}", WU_SELECT_PATH },
        { "\\??\\usb#vid_1234&pid_5678#1#{}", WU_SELECT_PATH },
        { "", WU_SELECT_NONSENSE },
        { "1234", WU_SELECT_NONSENSE },
        { "123:abcd", WU_SELECT_NONSENSE },
        { "1234:abcde", WU_SELECT_NONSENSE },
        { "1234:abc", WU_SELECT_NONSENSE },
        { "1234:abcg", WU_SELECT_NONSENSE },
        { "1-", WU_SELECT_NONSENSE },
        { "-1", WU_SELECT_NONSENSE },
        { "1-2.", WU_SELECT_NONSENSE },
        { "1-2..3", WU_SELECT_NONSENSE },
        { "1-2x", WU_SELECT_NONSENSE },
        { "1.2", WU_SELECT_NONSENSE },
        { "/dev/ttyUSB0", WU_SELECT_NONSENSE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
        assert_int_equal(wu_select_form(examples[i].text), examples[i].form);
}

static void ids_and_ports_match_their_function_alone(void **state)
{
    const struct wu_function function = {
        .bus = 1, .port_path = "2.3", .vid = 0x12, .pid = 0xabcd
    };
    static const struct {
        const char *text;
        bool matches;
    } examples[] = {
        { "0012:abcd", true }, { "0012:ABCD", true }, { "1-2.3", true },  { "0012:abce", false },
        { "1-2", false },      { "1-2.3.1", false },  { "2-2.3", false }, { "", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
        assert_int_equal(wu_select_matches(examples[i].text, &function), examples[i].matches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_tell_the_form),
        cmocka_unit_test(ids_and_ports_match_their_function_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
