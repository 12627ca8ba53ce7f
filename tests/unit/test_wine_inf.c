/* wine/inf.c: which GUIDs an INF file gives to which devices. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wine/inf.h"

#define ONE "{11111111-2222-3333-4444-555555555555}"
#define TWO "{22222222-2222-3333-4444-555555555555}"

/* The shape of Microsoft's example. */
static const char sample[] = "; A driver\r\n"
                             "[Version]\r\n"
                             "Signature = \"$Windows NT$\"\r\n"
                             "ClassGuid = {88BAE032-5A81-49F0-BC3D-A4FF138216D6}\r\n"
                             "\r\n"
                             "[Manufacturer]\r\n"
                             "%ManufacturerName% = Standard,NTamd64\r\n"
                             "\r\n"
                             "[Standard.NTamd64]\r\n"
                             "%DeviceName% =USB_Install, USB\\VID_1234&PID_ABCD ; the one\r\n"
                             "%DeviceName% =USB_Install, USB\\Vid_1234&Pid_ABCE&MI_02\r\n"
                             "%OtherName% = Other_Install, \\\r\n"
                             "    USB\\VID_4321&PID_0001, USB\\VID_4321&PID_0002&REV_0100\r\n"
                             "%LastName% = Bare_Install, USB\\VID_9999&PID_9999\r\n"
                             "\r\n"
                             "[USB_Install]\r\n"
                             "Include=winusb.inf\r\n"
                             "[USB_Install.HW]\r\n"
                             "AddReg=Dev_AddReg\r\n"
                             "[Other_Install.NT.hw]\r\n"
                             "addreg = None, Other_AddReg\r\n"
                             "[Dev_AddReg]\r\n"
                             "HKR,,DeviceInterfaceGUIDs,0x10000,\"" ONE "\"\r\n"
                             "[Other_AddReg]\r\n"
                             "HKR,,NotIt,0x10000,\"" ONE "\"\r\n"
                             "HKR,,\"DeviceInterfaceGUID\",,%Guid%\r\n"
                             "[Strings]\r\n"
                             "DeviceName=\"A device; with words\"\r\n"
                             "Guid = \"" TWO "\"\r\n";

static struct wu_inf_device devices[WU_INF_DEVICES_MAX];

static void assert_device(size_t i, unsigned vid, unsigned pid, int part, const char *guid)
{
    GUID wanted;

    assert_true(wu_guid_parse(guid, strlen(guid), &wanted));
    assert_int_equal(devices[i].vid, vid);
    assert_int_equal(devices[i].pid, pid);
    assert_int_equal(devices[i].part, part);
    assert_int_equal(devices[i].guids.count, 1);
    assert_true(wu_guids_contain(&devices[i].guids, &wanted));
}

static void devices_get_the_guids_of_their_own_sections(void **state)
{
    (void)state;
    assert_int_equal(wu_inf_devices(sample, devices), 4);

    assert_device(0, 0x1234, 0xABCD, -1, ONE);
    assert_device(1, 0x1234, 0xABCE, 2, ONE);
    assert_device(2, 0x4321, 0x0001, -1, TWO);
    assert_device(3, 0x4321, 0x0002, -1, TWO);
}

static void utf_16_is_read_in_either_order(void **state)
{
    unsigned char bytes[2 + 2 * sizeof(sample)] = { 0xFF, 0xFE };

    (void)state;
    for (int order = 0; order < 2; order++) {
        char *text;

        bytes[0] = order ? 0xFE : 0xFF;
        bytes[1] = order ? 0xFF : 0xFE;
        memset(bytes + 2, 0, sizeof(bytes) - 2);
        for (size_t i = 0; i < sizeof(sample) - 1; i++)
            bytes[2 + 2 * i + (size_t)order] = (unsigned char)sample[i];

        text = wu_inf_text(bytes, 2 * sizeof(sample));
        assert_memory_equal(text, sample, sizeof(sample) - 1);
        free(text);
    }
}

static void any_bytes_become_text(void **state)
{
    static const unsigned char latin[] = { 'a', 0xE4, 0, 'b' };
    char *text = wu_inf_text(latin, sizeof(latin));

    (void)state;
    assert_string_equal(text, "a??b");
    free(text);
}

/* Each beginning of the file, as if it had been cut off there. */
static void a_file_that_is_cut_short_does_no_harm(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof(sample); size++) {
        char *text = wu_inf_text((const unsigned char *)sample, size);

        assert_in_range(wu_inf_devices(text, devices), 0, 4);
        free(text);
    }
}

static void there_are_no_more_devices_than_fit(void **state)
{
    enum { LINES = 2 * WU_INF_DEVICES_MAX };
    static char text[128 * LINES];
    size_t length =
        (size_t)sprintf(text, "[I.HW]\nAddReg=A\n[A]\nHKR,,DeviceInterfaceGUID,," ONE "\n[M]\n");

    (void)state;
    for (unsigned i = 0; i < LINES; i++)
        length += (size_t)sprintf(text + length, "x=I,USB\\VID_0001&PID_%04X\n", i);

    assert_int_equal(wu_inf_devices(text, devices), WU_INF_DEVICES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_get_the_guids_of_their_own_sections),
        cmocka_unit_test(utf_16_is_read_in_either_order),
        cmocka_unit_test(any_bytes_become_text),
        cmocka_unit_test(a_file_that_is_cut_short_does_no_harm),
        cmocka_unit_test(there_are_no_more_devices_than_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
