/* descriptor.c: finding things in configurations, true ones and broken ones. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/descriptor.h"

#define CONFIGURATION(count) 9, 2, 0, 0, count, 1, 0, 0x80, 50
#define INTERFACE(number, alternate, endpoints) \
    9, 4, number, alternate, endpoints, 0xFF, number, alternate, 0
#define ENDPOINT(address, type, size, interval) \
    7, 5, address, type, (size)&0xFF, (size) >> 8, interval
#define COMPANION(bytes) 6, 0x30, 0, 0, (bytes)&0xFF, (bytes) >> 8
#define PLUS_COMPANION(bytes) 8, 0x31, 0, 0, (bytes)&0xFF, (bytes) >> 8 & 0xFF, (bytes) >> 16, 0

static const UCHAR bytes[] = {
    CONFIGURATION(2),   /* 0 */
    INTERFACE(0, 0, 0), /* 9 */
    INTERFACE(0, 1, 2),
    4,
    0x24,
    7,
    5,
    ENDPOINT(0x81, 2, 512, 0), /* 18, 27, 31 */
    ENDPOINT(0x02, 3, 64, 4),
    INTERFACE(1, 0, 1),         /* 38, 45 */
    ENDPOINT(0x83, 1, 1024, 1), /* 54 */
};
static const struct wu_chain chain = { bytes, sizeof(bytes) };

static void first_of_a_type_is_found_from_the_start_on(void **state)
{
    (void)state;

    assert_ptr_equal(wu_descriptor_find(chain, bytes, 2), bytes);
    assert_ptr_equal(wu_descriptor_find(chain, bytes, 4), bytes + 9);
    assert_ptr_equal(wu_descriptor_find(chain, bytes + 18, 4), bytes + 18);
    assert_ptr_equal(wu_descriptor_find(chain, bytes + 18, 5), bytes + 31);
    assert_null(wu_descriptor_find(chain, bytes, 6));
}

static void start_outside_of_the_chain_finds_nothing(void **state)
{
    const struct wu_chain inner = { bytes + 9, 9 };

    (void)state;

    assert_null(wu_descriptor_find(inner, bytes, 2));
    assert_null(wu_descriptor_find(inner, bytes + 18, 4));
    assert_null(wu_descriptor_find(inner, bytes + 27, 4));
    assert_null(wu_descriptor_find(inner, NULL, 4));
}

static void interface_must_meet_every_criterion(void **state)
{
    const struct wu_interface_criteria any = { -1, -1, -1, -1, -1 };
    const struct wu_interface_criteria exact = { 0, 1, 0xFF, 0, 1 };

    (void)state;

    assert_ptr_equal(wu_descriptor_find_interface(chain, bytes, &any), bytes + 9);
    assert_ptr_equal(wu_descriptor_find_interface(chain, bytes, &exact), bytes + 18);
    for (int i = 0; i < 5; i++) {
        LONG values[5] = { 0, 1, 0xFF, 0, 1 };
        struct wu_interface_criteria wrong;

        values[i] = 99;
        memcpy(&wrong, values, sizeof(wrong));
        assert_null(wu_descriptor_find_interface(chain, bytes, &wrong));
    }
}

static void alternates_come_in_order(void **state)
{
    (void)state;

    assert_ptr_equal(wu_descriptor_alternate(chain, 0, 0), bytes + 9);
    assert_ptr_equal(wu_descriptor_alternate(chain, 0, 1), bytes + 18);
    assert_null(wu_descriptor_alternate(chain, 0, 2));
    assert_ptr_equal(wu_descriptor_alternate(chain, 1, 0), bytes + 45);
    assert_null(wu_descriptor_alternate(chain, 2, 0));
}

static void endpoints_are_those_of_their_setting(void **state)
{
    const USB_INTERFACE_DESCRIPTOR *empty = wu_descriptor_alternate(chain, 0, 0);
    const USB_INTERFACE_DESCRIPTOR *two = wu_descriptor_alternate(chain, 0, 1);

    (void)state;

    assert_null(wu_descriptor_endpoint(chain, empty, 0));
    assert_ptr_equal(wu_descriptor_endpoint(chain, two, 0), bytes + 31);
    assert_ptr_equal(wu_descriptor_endpoint(chain, two, 1), bytes + 38);
    assert_null(wu_descriptor_endpoint(chain, two, 2));
}

static void announced_endpoint_that_is_missing_is_not_found(void **state)
{
    const UCHAR lying[] = { INTERFACE(0, 0, 3), ENDPOINT(0x81, 2, 512, 0), INTERFACE(1, 0, 1),
                            ENDPOINT(0x82, 2, 512, 0) };
    const struct wu_chain wrong = { lying, sizeof(lying) };

    (void)state;

    assert_null(wu_descriptor_endpoint(wrong, (const USB_INTERFACE_DESCRIPTOR *)lying, 1));
}

static void pipe_says_what_its_endpoint_says(void **state)
{
    const WINUSB_PIPE_INFORMATION_EX pipe =
        wu_descriptor_pipe(chain, bytes + 38, WU_USB_SPEED_HIGH);

    (void)state;

    assert_int_equal(pipe.PipeType, UsbdPipeTypeInterrupt);
    assert_int_equal(pipe.PipeId, 0x02);
    assert_int_equal(pipe.MaximumPacketSize, 64);
    assert_int_equal(pipe.Interval, 4);
    assert_int_equal(pipe.MaximumBytesPerInterval, 64);
}

static void bytes_per_interval_follow_speed_and_companion(void **state)
{
    enum { ISOCH = 1, BULK = 2, INTERRUPT = 3 };
    const struct {
        UCHAR bytes[7 + 6 + 8];
        enum wu_usb_speed speed;
        unsigned packet, interval;
    } cases[] = {
        { { ENDPOINT(0x81, ISOCH, 1023, 1) }, WU_USB_SPEED_FULL, 1023, 1023 },
        { { ENDPOINT(0x81, ISOCH, 1024, 1) }, WU_USB_SPEED_HIGH, 1024, 1024 },
        { { ENDPOINT(0x81, ISOCH, 1024 | 1 << 11, 1) }, WU_USB_SPEED_HIGH, 1024, 2048 },
        { { ENDPOINT(0x81, INTERRUPT, 1024 | 2 << 11, 1) }, WU_USB_SPEED_HIGH, 1024, 3072 },
        { { ENDPOINT(0x81, ISOCH, 1024 | 2 << 11, 1) }, WU_USB_SPEED_FULL, 1024, 1024 },
        { { ENDPOINT(0x81, ISOCH, 1024, 1) }, WU_USB_SPEED_SUPER, 1024, 1024 },
        { { ENDPOINT(0x81, ISOCH, 1024, 1), COMPANION(5000) }, WU_USB_SPEED_SUPER, 1024, 5000 },
        { { ENDPOINT(0x81, BULK, 1024, 0), COMPANION(5000) }, WU_USB_SPEED_SUPER, 1024, 1024 },
        { { ENDPOINT(0x81, ISOCH, 1024, 1), COMPANION(1), PLUS_COMPANION(98304) },
          WU_USB_SPEED_SUPER_PLUS,
          1024,
          98304 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wu_chain one = { cases[i].bytes, sizeof(cases[i].bytes) };
        const WINUSB_PIPE_INFORMATION_EX pipe =
            wu_descriptor_pipe(one, cases[i].bytes, cases[i].speed);

        assert_int_equal(pipe.MaximumPacketSize, cases[i].packet);
        assert_int_equal(pipe.MaximumBytesPerInterval, cases[i].interval);
    }
}

static void companion_of_the_next_endpoint_is_not_taken(void **state)
{
    const UCHAR two[] = { ENDPOINT(0x81, 1, 100, 1), ENDPOINT(0x82, 1, 200, 1), COMPANION(400) };
    const struct wu_chain both = { two, sizeof(two) };

    (void)state;

    assert_int_equal(wu_descriptor_pipe(both, two, WU_USB_SPEED_SUPER).MaximumBytesPerInterval,
                     100);
}

/* Walks over everything there is in some bytes. */
static void visit(const UCHAR *copy, size_t size)
{
    const struct wu_chain broken = { copy, size };

    for (UCHAR number = 0; number < 3; number++) {
        const USB_INTERFACE_DESCRIPTOR *setting;

        for (unsigned i = 0; (setting = wu_descriptor_alternate(broken, number, i)) != NULL; i++) {
            const UCHAR *endpoint;

            for (unsigned j = 0; (endpoint = wu_descriptor_endpoint(broken, setting, j)); j++)
                wu_descriptor_pipe(broken, endpoint, WU_USB_SPEED_SUPER_PLUS);
        }
    }
}

static void broken_lengths_are_survived(void **state)
{
    (void)state;

    for (size_t size = 1; size <= sizeof(bytes); size++) {
        UCHAR *copy = malloc(size);

        assert_non_null(copy);
        memcpy(copy, bytes, size);
        visit(copy, size);
        for (unsigned value = 0; value < 256; value++) {
            copy[size - 1] = (UCHAR)value;
            visit(copy, size);
        }
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_of_a_type_is_found_from_the_start_on),
        cmocka_unit_test(start_outside_of_the_chain_finds_nothing),
        cmocka_unit_test(interface_must_meet_every_criterion),
        cmocka_unit_test(alternates_come_in_order),
        cmocka_unit_test(endpoints_are_those_of_their_setting),
        cmocka_unit_test(announced_endpoint_that_is_missing_is_not_found),
        cmocka_unit_test(pipe_says_what_its_endpoint_says),
        cmocka_unit_test(bytes_per_interval_follow_speed_and_companion),
        cmocka_unit_test(companion_of_the_next_endpoint_is_not_taken),
        cmocka_unit_test(broken_lengths_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
