/* wu_facts_collect(): what is asked of a device, and when that ends. */
#include "cmocka_all.h"
#include "cli/collect.h"
#include "cli/interrupt.h"
#include "native/file.h"

#include <signal.h>
#include <string.h>

/* Whoever closes files; there are none here. */
BOOL wu_file_close(HANDLE file)
{
    (void)file;
    return FALSE;
}

/* --- A device, in place of the library ----------------------------------------------------- */

enum { ENDLESS = 1000 };

static struct fake_device {
    unsigned settings; /* of each interface */
    unsigned pipes;    /* of each setting */
    unsigned associated;
    UCHAR configurations[4]; /* their values */
    unsigned strings;        /* asked for */
} fake;

static BOOL there_is(unsigned index, unsigned count)
{
    SetLastError(ERROR_NO_MORE_ITEMS);
    return index < count;
}

static BOOL give(const void *bytes, ULONG count, PUCHAR buffer, PULONG count_out)
{
    memcpy(buffer, bytes, count);
    *count_out = count;
    return TRUE;
}

BOOL WINAPI WinUsb_GetDescriptor(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR DescriptorType,
                                 UCHAR Index,
                                 USHORT LanguageID,
                                 PUCHAR Buffer,
                                 ULONG BufferLength,
                                 PULONG LengthTransferred)
{
    const UCHAR count = (UCHAR)strlen((const char *)fake.configurations);
    const USB_DEVICE_DESCRIPTOR device = { .bLength = 18, .bNumConfigurations = count };
    const UCHAR text[] = { 4, 3, 'A', 0 };

    (void)InterfaceHandle;
    (void)LanguageID;
    if (DescriptorType == USB_DEVICE_DESCRIPTOR_TYPE)
        return give(&device, sizeof(device), Buffer, LengthTransferred);
    if (DescriptorType == USB_CONFIGURATION_DESCRIPTOR_TYPE) {
        const USB_CONFIGURATION_DESCRIPTOR configuration = {
            .bLength = 9,
            .bConfigurationValue = fake.configurations[Index],
        };

        assert_in_range(Index, 0, count - 1);
        assert_int_equal(BufferLength, sizeof(configuration));
        return give(&configuration, sizeof(configuration), Buffer, LengthTransferred);
    }
    fake.strings++;
    return give(text, sizeof(text), Buffer, LengthTransferred);
}

BOOL WINAPI WinUsb_QueryInterfaceSettings(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                          UCHAR AlternateInterfaceNumber,
                                          PUSB_INTERFACE_DESCRIPTOR UsbAltInterfaceDescriptor)
{
    (void)InterfaceHandle;
    *UsbAltInterfaceDescriptor = (USB_INTERFACE_DESCRIPTOR){
        .bAlternateSetting = AlternateInterfaceNumber,
        .iInterface = 1,
    };
    return there_is(AlternateInterfaceNumber, fake.settings);
}

BOOL WINAPI WinUsb_QueryPipeEx(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                               UCHAR AlternateSettingNumber,
                               UCHAR PipeIndex,
                               PWINUSB_PIPE_INFORMATION_EX PipeInformationEx)
{
    (void)InterfaceHandle;
    (void)AlternateSettingNumber;
    *PipeInformationEx = (WINUSB_PIPE_INFORMATION_EX){ .PipeId = PipeIndex };
    return there_is(PipeIndex, fake.pipes);
}

BOOL WINAPI WinUsb_GetAssociatedInterface(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                          UCHAR AssociatedInterfaceIndex,
                                          PWINUSB_INTERFACE_HANDLE AssociatedInterfaceHandle)
{
    *AssociatedInterfaceHandle = InterfaceHandle;
    return there_is(AssociatedInterfaceIndex, fake.associated);
}

BOOL WINAPI WinUsb_Free(WINUSB_INTERFACE_HANDLE InterfaceHandle)
{
    (void)InterfaceHandle;
    return TRUE;
}

BOOL WINAPI WinUsb_GetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                              PUCHAR SettingNumber)
{
    (void)InterfaceHandle;
    *SettingNumber = 0;
    return TRUE;
}

BOOL WINAPI WinUsb_GetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR PipeID,
                                 ULONG PolicyType,
                                 PULONG ValueLength,
                                 PVOID Value)
{
    (void)InterfaceHandle;
    (void)PipeID;
    (void)PolicyType;
    memset(Value, 1, *ValueLength);
    return TRUE;
}

BOOL WINAPI WinUsb_GetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  ULONG PolicyType,
                                  PULONG ValueLength,
                                  PVOID Value)
{
    return WinUsb_GetPipePolicy(InterfaceHandle, 0, PolicyType, ValueLength, Value);
}

BOOL WINAPI WinUsb_QueryDeviceInformation(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                          ULONG InformationType,
                                          PULONG BufferLength,
                                          PVOID Buffer)
{
    return WinUsb_GetPipePolicy(InterfaceHandle, 0, InformationType, BufferLength, Buffer);
}

static int reset(void **state)
{
    (void)state;
    fake = (struct fake_device){ .settings = 1, .pipes = 1, .configurations = { 1 } };
    return 0;
}

/* --- Facts --------------------------------------------------------------------------------- */

static void all_settings_of_all_interfaces_are_told(void **state)
{
    const struct wu_opened opened = { 0 };
    struct wu_facts facts;

    (void)state;
    fake.settings = 3;
    fake.pipes = 2;
    fake.associated = 4;

    assert_int_equal(wu_facts_collect(&opened, &facts), ERROR_SUCCESS);

    assert_int_equal(facts.setting_count, 3 * 5);
    assert_int_equal(facts.pipe_count, 2 * 3 * 5);
    assert_int_equal(facts.error, ERROR_SUCCESS);
    assert_string_equal(facts.settings[14].name, "A");
    wu_facts_free(&facts);
}

static void no_device_has_more_than_can_be_numbered(void **state)
{
    const struct wu_opened opened = { 0 };
    struct wu_facts facts;

    (void)state;

    fake.settings = ENDLESS;
    assert_int_equal(wu_facts_collect(&opened, &facts), ERROR_SUCCESS);
    assert_int_equal(facts.setting_count, 256);
    wu_facts_free(&facts);

    fake.settings = 1;
    fake.pipes = ENDLESS;
    assert_int_equal(wu_facts_collect(&opened, &facts), ERROR_SUCCESS);
    assert_int_equal(facts.pipe_count, 256);
    wu_facts_free(&facts);

    fake.pipes = 0;
    fake.associated = ENDLESS;
    assert_int_equal(wu_facts_collect(&opened, &facts), ERROR_SUCCESS);
    assert_int_equal(facts.setting_count, 256);
    wu_facts_free(&facts);
}

static void active_configuration_is_told_whatever_its_index(void **state)
{
    const struct {
        UCHAR configurations[4];
        UCHAR active;
        UCHAR told;
    } examples[] = {
        { { 1 }, 1, 1 },
        { { 1, 2, 3 }, 2, 2 },
        { { 3, 2, 1 }, 1, 1 },
        { { 3, 2, 1 }, 7, 3 }, /* changed meanwhile: the first */
    };

    (void)state;

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        const struct wu_opened opened = {
            .item.function.configuration = examples[i].active,
        };
        struct wu_facts facts;

        memcpy(fake.configurations, examples[i].configurations, sizeof(fake.configurations));
        assert_int_equal(wu_facts_collect(&opened, &facts), ERROR_SUCCESS);
        assert_int_equal(facts.configuration.bConfigurationValue, examples[i].told);
        wu_facts_free(&facts);
    }
}

static void interrupt_ends_it(void **state)
{
    const struct wu_opened opened = { 0 };
    struct wu_facts facts;

    (void)state;
    fake.settings = 100;
    wu_interrupts_hold();
    raise(SIGINT);

    assert_int_equal(wu_facts_collect(&opened, &facts), ERROR_OPERATION_ABORTED);

    assert_true(wu_interrupted_within(0));
    assert_int_equal(fake.strings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_settings_of_all_interfaces_are_told, reset),
        cmocka_unit_test_setup(no_device_has_more_than_can_be_numbered, reset),
        cmocka_unit_test_setup(active_configuration_is_told_whatever_its_index, reset),
        cmocka_unit_test_setup(interrupt_ends_it, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
