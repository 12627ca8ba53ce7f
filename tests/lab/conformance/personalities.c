/* Devices whose configuration is broken, or one of several. */
#include "conformance.h"
#include "fixture.h"

#include <limits.h>

static void open_as(unsigned personality, unsigned variant)
{
    fixture_become(personality, variant);
    fixture.file = fixture_open(fixture.where.node);
    assert_succeeds(WinUsb_Initialize(fixture.file, &fixture.first));
}

static void close_it(void)
{
    WinUsb_Free(fixture.first);
    fixture_close_file();
    fixture.first = NULL;
}

/* Asks for all there is, as far as it goes. @return how many pipes that is */
static unsigned count_pipes(void)
{
    USB_INTERFACE_DESCRIPTOR setting;
    WINUSB_PIPE_INFORMATION pipe;
    unsigned count = 0;

    for (unsigned i = 0; WinUsb_QueryInterfaceSettings(fixture.first, (UCHAR)i, &setting); i++) {
        assert_true(i < UCHAR_MAX);
        for (unsigned k = 0; WinUsb_QueryPipe(fixture.first, (UCHAR)i, (UCHAR)k, &pipe); k++)
            count++;
        assert_int_equal(GetLastError(), ERROR_NO_MORE_ITEMS);
    }
    assert_int_equal(GetLastError(), ERROR_NO_MORE_ITEMS);
    return count;
}

/* Each has an interface 0 with pipes 0x81 and 0x01 that is all right. */
static void what_is_right_of_a_broken_configuration_can_be_used(void **state)
{
    (void)state;

    for (unsigned fault = 0; fault < LABDEV_FAULT_COUNT; fault++) {
        open_as(LABDEV_BROKEN, fault);
        fixture.packet = fixture.high ? 512 : 64;
        assert_in_range(count_pipes(), 2, 3);
        assert_reads(BULK_IN, 64, 0, 64);
        close_it();
    }
}

static ULONG total_length(UCHAR index)
{
    USB_CONFIGURATION_DESCRIPTOR configuration;

    assert_succeeds(WinUsb_GetDescriptor(fixture.first, USB_CONFIGURATION_DESCRIPTOR_TYPE, index, 0,
                                         (PUCHAR)&configuration, sizeof(configuration),
                                         &fixture.got));
    assert_int_equal(configuration.bConfigurationValue, index + 1);
    return configuration.wTotalLength;
}

static void every_one_of_several_configurations_is_told(void **state)
{
    (void)state;
    open_as(LABDEV_CONFIGURATIONS, 0);

    assert_true(total_length(0) > total_length(1));
    assert_reads(BULK_IN, 64, 0, 64);
    close_it();
}

int personality_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_bare_test(what_is_right_of_a_broken_configuration_can_be_used),
        conformance_bare_test(every_one_of_several_configurations_is_told),
    };

    return run_group("personalities", tests, NULL, NULL);
}
