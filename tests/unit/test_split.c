/* split.c: what functions a device falls into. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "devices/split.h"

#define CONFIGURATION(count) 9, 2, 0, 0, count, 1, 0, 0x80, 50
#define INTERFACE(number, alternate, class_code) 9, 4, number, alternate, 0, class_code, 1, 2, 0
#define ASSOCIATION(first, count) 8, 0x0B, first, count, 0xEF, 3, 4, 0

static struct wu_usb_info describe(const unsigned char *configuration, size_t size)
{
    struct wu_usb_info info = { 0 };

    info.device[17] = 1;
    info.configuration = (unsigned char *)configuration;
    info.configuration_size = size;
    return info;
}

static void single_interface_is_one_function(void **state)
{
    const unsigned char bytes[] = { CONFIGURATION(1), INTERFACE(0, 0, 0xFF),
                                    INTERFACE(0, 1, 0xFF) };
    const struct wu_usb_info info = describe(bytes, sizeof(bytes));
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;

    assert_false(wu_split_is_composite(&info));
    assert_int_equal(wu_split(&info, spans), 1);
    assert_int_equal(spans[0].count, 1);
    assert_int_equal(spans[0].class_code, 0xFF);
}

static void each_interface_outside_of_associations_is_a_function(void **state)
{
    const unsigned char bytes[] = { CONFIGURATION(4),      INTERFACE(0, 0, 0xFF),
                                    ASSOCIATION(1, 2),     INTERFACE(1, 0, 2),
                                    INTERFACE(2, 0, 0x0A), INTERFACE(2, 1, 0x0A),
                                    INTERFACE(5, 0, 3) };
    const struct wu_usb_info info = describe(bytes, sizeof(bytes));
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;

    assert_true(wu_split_is_composite(&info));
    assert_int_equal(wu_split(&info, spans), 3);
    assert_int_equal(spans[0].first, 0);
    assert_int_equal(spans[1].first, 1);
    assert_int_equal(spans[1].count, 2);
    assert_int_equal(spans[1].class_code, 0xEF);
    assert_int_equal(spans[2].first, 5);
    assert_int_equal(spans[2].class_code, 3);
}

#define AUDIO(number, subclass) 9, 4, number, 0, 0, 1, subclass, 0, 0

static void audio_interfaces_behind_their_control_are_one_function(void **state)
{
    const unsigned char bytes[] = {
        CONFIGURATION(7), INTERFACE(0, 0, 3), AUDIO(1, 1), AUDIO(2, 2),
        AUDIO(3, 3),      AUDIO(4, 1),        AUDIO(5, 2), AUDIO(7, 2)
    };
    const struct {
        unsigned first, count;
    } expected[] = { { 0, 1 }, { 1, 3 }, { 4, 2 }, { 7, 1 } };
    const struct wu_usb_info info = describe(bytes, sizeof(bytes));
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;

    assert_int_equal(wu_split(&info, spans), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(spans[i].first, expected[i].first);
        assert_int_equal(spans[i].count, expected[i].count);
    }
    assert_int_equal(spans[1].class_code, 1);
    assert_int_equal(spans[1].subclass, 1);
}

static void associations_leave_audio_interfaces_alone(void **state)
{
    const unsigned char bytes[] = {
        CONFIGURATION(4),  AUDIO(0, 1),           AUDIO(1, 2),
        ASSOCIATION(2, 2), INTERFACE(2, 0, 0xFF), INTERFACE(3, 0, 0xFF)
    };
    const struct wu_usb_info info = describe(bytes, sizeof(bytes));
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;

    assert_int_equal(wu_split(&info, spans), 3);
}

static void device_with_a_class_of_its_own_stays_whole(void **state)
{
    const unsigned char bytes[] = { CONFIGURATION(2), INTERFACE(0, 0, 2), INTERFACE(1, 0, 0x0A) };
    struct wu_usb_info info = describe(bytes, sizeof(bytes));
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;
    info.device[4] = 2;

    assert_int_equal(wu_split(&info, spans), 1);
    assert_int_equal(spans[0].count, 2);

    memcpy(info.device + 4, (const unsigned char[]){ 0xEF, 2, 1 }, 3);
    assert_int_equal(wu_split(&info, spans), 2);
}

static void device_with_several_configurations_stays_whole(void **state)
{
    const unsigned char bytes[] = { CONFIGURATION(2), INTERFACE(0, 0, 2), INTERFACE(1, 0, 0x0A) };
    struct wu_usb_info info = describe(bytes, sizeof(bytes));

    (void)state;
    info.device[17] = 2;

    assert_false(wu_split_is_composite(&info));
}

static void numbers_of_a_whole_device_may_have_gaps_and_any_order(void **state)
{
    const unsigned char gaps[] = { CONFIGURATION(5),      INTERFACE(0, 0, 2),
                                   INTERFACE(2, 0, 0xFF), INTERFACE(3, 0, 0xFF),
                                   INTERFACE(8, 0, 0xFF), INTERFACE(10, 0, 0xFF) };
    const unsigned char order[] = { CONFIGURATION(3), INTERFACE(3, 0, 0xFF), INTERFACE(1, 0, 2),
                                    INTERFACE(2, 0, 2) };
    const unsigned char all[] = { CONFIGURATION(2), INTERFACE(255, 0, 2), INTERFACE(0, 0, 2) };
    const struct {
        struct wu_usb_info info;
        unsigned first, lowest, count;
    } examples[] = {
        { describe(gaps, sizeof(gaps)), 0, 0, 11 },
        { describe(order, sizeof(order)), 3, 1, 3 },
        { describe(all, sizeof(all)), 255, 0, 256 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        const struct wu_span span = wu_split_whole(&examples[i].info);

        assert_int_equal(span.first, examples[i].first);
        assert_int_equal(span.lowest, examples[i].lowest);
        assert_int_equal(span.count, examples[i].count);
    }
}

static void interface_told_twice_is_one(void **state)
{
    const unsigned char bytes[] = { CONFIGURATION(1), INTERFACE(0, 0, 0xFF),
                                    INTERFACE(0, 0, 0xFF) };
    const struct wu_usb_info info = describe(bytes, sizeof(bytes));

    (void)state;

    assert_int_equal(wu_split_whole(&info).count, 1);
    assert_false(wu_split_is_composite(&info));
}

static void unconfigured_device_is_one_function_without_interfaces(void **state)
{
    const struct wu_usb_info info = describe(NULL, 0);
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;

    assert_int_equal(wu_split(&info, spans), 1);
    assert_int_equal(spans[0].count, 0);
}

static void more_functions_than_fit_are_left_out(void **state)
{
    unsigned char bytes[9 + 40 * 9] = { CONFIGURATION(40) };
    const struct wu_usb_info info = describe(bytes, sizeof(bytes));
    struct wu_span spans[WU_SPLIT_MAX];

    (void)state;
    for (unsigned char i = 0; i < 40; i++)
        memcpy(bytes + 9 + 9 * i, (const unsigned char[]){ INTERFACE(i, 0, 0xFF) }, 9);

    assert_int_equal(wu_split(&info, spans), WU_SPLIT_MAX);
}

static void configuration_cut_anywhere_does_no_harm(void **state)
{
    const unsigned char bytes[] = { CONFIGURATION(3), INTERFACE(0, 0, 0xFF), ASSOCIATION(1, 2),
                                    INTERFACE(1, 0, 2), INTERFACE(2, 0, 0x0A) };

    (void)state;

    for (size_t size = 1; size < sizeof(bytes); size++) {
        unsigned char *copy = malloc(size);
        const struct wu_usb_info info = describe(copy, size);
        struct wu_span spans[WU_SPLIT_MAX];

        assert_non_null(copy);
        memcpy(copy, bytes, size);
        assert_in_range(wu_split(&info, spans), 1, 2);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_interface_is_one_function),
        cmocka_unit_test(each_interface_outside_of_associations_is_a_function),
        cmocka_unit_test(audio_interfaces_behind_their_control_are_one_function),
        cmocka_unit_test(associations_leave_audio_interfaces_alone),
        cmocka_unit_test(device_with_a_class_of_its_own_stays_whole),
        cmocka_unit_test(device_with_several_configurations_stays_whole),
        cmocka_unit_test(numbers_of_a_whole_device_may_have_gaps_and_any_order),
        cmocka_unit_test(interface_told_twice_is_one),
        cmocka_unit_test(unconfigured_device_is_one_function_without_interfaces),
        cmocka_unit_test(more_functions_than_fit_are_left_out),
        cmocka_unit_test(configuration_cut_anywhere_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
