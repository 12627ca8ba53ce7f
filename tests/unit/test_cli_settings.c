/* wu_settings_of_read(), _write() and _control(): what the arguments mean. */
#include "cmocka_all.h"
#include "cli/open.h"
#include "cli/settings.h"

#include <getopt.h>
#include <string.h>

enum { ARGUMENTS_MAX = 16, WORDS_MAX = 256 };

typedef enum wu_cli_exit parser(int count, char **arguments, struct wu_settings *settings_out);

/* Parses words that are separated by blanks. What is pointed to lives until the next call. */
static enum wu_cli_exit
parse(parser *parse_arguments, const char *words, struct wu_settings *settings)
{
    static char text[WORDS_MAX];
    char *arguments[ARGUMENTS_MAX] = { 0 };
    int count = 0;

    snprintf(text, sizeof(text), "command %s", words);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        arguments[count++] = word;
    optind = 0; /* glibc's: begins anew */
    return parse_arguments(count, arguments, settings);
}

static void all_are_wrong(parser *parse_arguments, const char *const *examples)
{
    for (; *examples; examples++) {
        struct wu_settings settings;

        assert_int_equal(parse(parse_arguments, *examples, &settings), WU_CLI_USAGE);
        wu_settings_free(&settings);
    }
}

/* --- read ---------------------------------------------------------------------------------- */

static void read_is_one_request_of_one_packet_unless_told_otherwise(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_read, "1-2 0x81", &settings), WU_CLI_OK);

    assert_string_equal(settings.device, "1-2");
    assert_int_equal(settings.pipe, 0x81);
    assert_int_equal(settings.number, WU_ANY_INTERFACE);
    assert_int_equal(settings.alternate, WU_AS_IT_IS);
    assert_int_equal(settings.timeout, WU_AS_IT_IS);
    assert_int_equal(settings.length, 0);
    assert_int_equal(settings.count, 1);
    assert_true(settings.queue >= 2);
    assert_int_equal(settings.form, WU_OUTPUT_BY_PLACE);
}

static void read_takes_its_options_before_and_after(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_read,
                           "--interface 1 1-2 --alternate 0x2 130 --length 0x100 --timeout 0 "
                           "--queue 8 --out file --hex",
                           &settings),
                     WU_CLI_OK);

    assert_int_equal(settings.pipe, 0x82);
    assert_int_equal(settings.number, 1);
    assert_int_equal(settings.alternate, 2);
    assert_int_equal(settings.length, 256);
    assert_int_equal(settings.timeout, 0);
    assert_int_equal(settings.queue, 8);
    assert_string_equal(settings.file, "file");
    assert_int_equal(settings.form, WU_OUTPUT_HEX);
}

static void time_alone_sets_no_count(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_read, "1-2 0x81 --for 1.5", &settings), WU_CLI_OK);
    assert_float_equal(settings.seconds, 1.5, 0);
    assert_int_equal(settings.count, 0);

    assert_int_equal(parse(wu_settings_of_read, "1-2 0x81 --count 3 --for 2", &settings),
                     WU_CLI_OK);
    assert_int_equal(settings.count, 3);
}

static void wrong_reads_are_told(void **state)
{
    static const char *const examples[] = {
        "",
        "1-2",
        "nonsense 0x81",
        "1-2 0x01",
        "1-2 0x80",
        "1-2 0x91",
        "1-2 81x",
        "1-2 0x181",
        "1-2 0x81 more",
        "1-2 0x81 --length 0",
        "1-2 0x81 --queue 0",
        "1-2 0x81 --queue 65",
        "1-2 0x81 --for -1",
        "1-2 0x81 --timeout soon",
        "1-2 0x81 --interface 256",
        "1-2 0x81 --zlp",
        NULL,
    };

    (void)state;
    all_are_wrong(wu_settings_of_read, examples);
}

/* --- write --------------------------------------------------------------------------------- */

static void write_takes_bytes_from_all_arguments(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_write, "1-2 0x01 0102 ff --zlp --repeat 5", &settings),
                     WU_CLI_OK);

    assert_null(settings.file);
    assert_int_equal(settings.bytes.count, 3);
    assert_memory_equal(settings.bytes.data, "\x01\x02\xff", 3);
    assert_true(settings.terminate);
    assert_int_equal(settings.count, 5);
    wu_settings_free(&settings);
}

static void write_takes_files(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_write, "1-2 1 --file name --repeat 0", &settings),
                     WU_CLI_OK);
    assert_string_equal(settings.file, "name");
    assert_int_equal(settings.count, 0);

    assert_int_equal(parse(wu_settings_of_write, "1-2 1 -", &settings), WU_CLI_OK);
    assert_string_equal(settings.file, "-");
}

static void standard_input_is_written_once_in_the_time_there_is(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_write, "1-2 1 - --for 3", &settings), WU_CLI_OK);

    assert_int_equal(settings.count, 1);
    assert_float_equal(settings.seconds, 3, 0);
}

static void writes_with_a_timeout_go_one_at_a_time_unless_told_otherwise(void **state)
{
    static const struct {
        const char *words;
        uint32_t queue;
    } examples[] = {
        { "1-2 1 00 --timeout 100", 1 },
        { "1-2 1 00 --timeout 100 --queue 3", 3 },
        { "1-2 1 00 --timeout 0", 4 },
        { "1-2 1 00", 4 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        struct wu_settings settings;

        assert_int_equal(parse(wu_settings_of_write, examples[i].words, &settings), WU_CLI_OK);
        assert_int_equal(settings.queue, examples[i].queue);
        wu_settings_free(&settings);
    }
}

static void empty_bytes_are_something_to_write(void **state)
{
    char command[] = "write", device[] = "1-2", pipe[] = "1", nothing[] = "";
    char *arguments[] = { command, device, pipe, nothing, NULL };
    struct wu_settings settings;

    (void)state;
    optind = 0;

    assert_int_equal(wu_settings_of_write(4, arguments, &settings), WU_CLI_OK);

    assert_int_equal(settings.bytes.count, 0);
    wu_settings_free(&settings);
}

static void wrong_writes_are_told(void **state)
{
    static const char *const examples[] = {
        "1-2 0x01",
        "1-2 0x81 00",
        "1-2 0x01 0",
        "1-2 0x01 00 zz",
        "1-2 0x01 - 00",
        "1-2 0x01 --file name 00",
        "1-2 0x01 - --repeat 2",
        "1-2 0x01 - --for 3 --repeat 0",
        "1-2 0x01 00 --hex",
        NULL,
    };

    (void)state;
    all_are_wrong(wu_settings_of_write, examples);
}

/* --- control ------------------------------------------------------------------------------- */

static void control_asks_for_a_length_or_sends_bytes(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_control, "1-2 0x81 6 0x0102 0xffff 18", &settings),
                     WU_CLI_OK);
    assert_int_equal(settings.setup.RequestType, 0x81);
    assert_int_equal(settings.setup.Request, 6);
    assert_int_equal(settings.setup.Value, 0x0102);
    assert_int_equal(settings.setup.Index, 0xffff);
    assert_int_equal(settings.setup.Length, 18);

    assert_int_equal(parse(wu_settings_of_control, "1-2 0x40 1 2 3 18", &settings), WU_CLI_OK);
    assert_int_equal(settings.setup.Length, 1);
    assert_memory_equal(settings.bytes.data, "\x18", 1);
    wu_settings_free(&settings);
}

static void control_needs_no_data(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_control, "1-2 0xc0 1 2 3", &settings), WU_CLI_OK);
    assert_int_equal(settings.setup.Length, 0);
    assert_int_equal(parse(wu_settings_of_control, "1-2 0x40 1 2 3", &settings), WU_CLI_OK);
    assert_int_equal(settings.setup.Length, 0);
}

static void wrong_controls_are_told(void **state)
{
    static const char *const examples[] = {
        "1-2",
        "1-2 0x80 6 1",
        "1-2 256 6 1 0",
        "1-2 0x80 256 1 0",
        "1-2 0x80 6 65536 0",
        "1-2 0x80 6 0 65536",
        "1-2 0x80 6 0 0 4097",
        "1-2 0x80 6 0 0 8 8",
        "1-2 0x40 6 0 0 8",
        "1-2 0x40 6 0 0 --count 2",
        NULL,
    };

    (void)state;
    all_are_wrong(wu_settings_of_control, examples);
}

static void help_needs_nothing_else(void **state)
{
    struct wu_settings settings;

    (void)state;

    assert_int_equal(parse(wu_settings_of_read, "--help", &settings), WU_CLI_OK);
    assert_true(settings.wants_help);
    assert_int_equal(parse(wu_settings_of_write, "-h", &settings), WU_CLI_OK);
    assert_true(settings.wants_help);
    assert_int_equal(parse(wu_settings_of_control, "--help", &settings), WU_CLI_OK);
    assert_true(settings.wants_help);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_is_one_request_of_one_packet_unless_told_otherwise),
        cmocka_unit_test(read_takes_its_options_before_and_after),
        cmocka_unit_test(time_alone_sets_no_count),
        cmocka_unit_test(wrong_reads_are_told),
        cmocka_unit_test(write_takes_bytes_from_all_arguments),
        cmocka_unit_test(write_takes_files),
        cmocka_unit_test(standard_input_is_written_once_in_the_time_there_is),
        cmocka_unit_test(writes_with_a_timeout_go_one_at_a_time_unless_told_otherwise),
        cmocka_unit_test(empty_bytes_are_something_to_write),
        cmocka_unit_test(wrong_writes_are_told),
        cmocka_unit_test(control_asks_for_a_length_or_sends_bytes),
        cmocka_unit_test(control_needs_no_data),
        cmocka_unit_test(wrong_controls_are_told),
        cmocka_unit_test(help_needs_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
