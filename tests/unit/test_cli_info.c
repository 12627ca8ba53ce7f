/* What `winusb info` makes of a device: intervals, texts, tables, JSON. */
#include "cmocka_all.h"
#include "cli/info.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* --- Facts --------------------------------------------------------------------------------- */

static void intervals_depend_on_speed_and_type(void **state)
{
    static const struct {
        USBD_PIPE_TYPE type;
        enum wu_usb_speed speed;
        UCHAR interval;
        unsigned microseconds;
    } examples[] = {
        { UsbdPipeTypeInterrupt, WU_USB_SPEED_LOW, 10, 10000 },
        { UsbdPipeTypeInterrupt, WU_USB_SPEED_FULL, 255, 255000 },
        { UsbdPipeTypeInterrupt, WU_USB_SPEED_FULL, 0, 0 },
        { UsbdPipeTypeIsochronous, WU_USB_SPEED_FULL, 1, 1000 },
        { UsbdPipeTypeIsochronous, WU_USB_SPEED_FULL, 4, 8000 },
        { UsbdPipeTypeInterrupt, WU_USB_SPEED_HIGH, 1, 125 },
        { UsbdPipeTypeInterrupt, WU_USB_SPEED_HIGH, 4, 1000 },
        { UsbdPipeTypeInterrupt, WU_USB_SPEED_SUPER, 16, 4096000 },
        { UsbdPipeTypeIsochronous, WU_USB_SPEED_HIGH, 17, 0 },
        { UsbdPipeTypeIsochronous, WU_USB_SPEED_HIGH, 0, 0 },
        { UsbdPipeTypeBulk, WU_USB_SPEED_HIGH, 1, 0 },
        { UsbdPipeTypeControl, WU_USB_SPEED_FULL, 1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        const WINUSB_PIPE_INFORMATION_EX info = { .PipeType = examples[i].type,
                                                  .Interval = examples[i].interval };

        assert_int_equal(wu_pipe_interval(&info, examples[i].speed), examples[i].microseconds);
    }
}

static void unit_of_power_depends_on_speed(void **state)
{
    const USB_CONFIGURATION_DESCRIPTOR configuration = { .MaxPower = 50 };

    (void)state;
    assert_int_equal(wu_max_power(&configuration, WU_USB_SPEED_HIGH), 100);
    assert_int_equal(wu_max_power(&configuration, WU_USB_SPEED_SUPER), 400);
}

static void every_policy_has_its_name(void **state)
{
    (void)state;
    for (ULONG policy = 1; policy <= WU_POLICIES; policy++)
        assert_non_null(wu_policy_name(policy));
    assert_string_equal(wu_policy_name(RAW_IO), "RAW_IO");
    assert_string_equal(wu_policy_name(RESET_PIPE_ON_RESUME), "RESET_PIPE_ON_RESUME");
}

/* --- Texts --------------------------------------------------------------------------------- */

static void strings_become_utf8(void **state)
{
    static const struct {
        unsigned char bytes[16];
        size_t count;
        const char *text;
    } examples[] = {
        { { 6, 3, 'H', 0, 'i', 0 }, 6, "Hi" },
        { { 4, 3, 0xe9, 0x00 }, 4, "\xc3\xa9" },
        { { 4, 3, 0xac, 0x20 }, 4, "\xe2\x82\xac" },
        { { 6, 3, 0x3d, 0xd8, 0x00, 0xde }, 6, "\xf0\x9f\x98\x80" },
        { { 4, 3, 0x3d, 0xd8 }, 4, "\xef\xbf\xbd" }, /* half a pair at the end */
        { { 6, 3, 0x3d, 0xd8, 'a', 0 },
          6,
          "\xef\xbf\xbd"
          "a" }, /* and before something else */
        { { 6, 3, 0x00, 0xde, 'a', 0 },
          6,
          "\xef\xbf\xbd"
          "a" },                                 /* the other half */
        { { 4, 3, 'H', 0, 'i', 0 }, 6, "H" },    /* shorter than what came */
        { { 255, 3, 'H', 0, 'i', 0 }, 6, "Hi" }, /* longer */
        { { 255, 3, 'H', 0, 'i' }, 5, "H" },     /* half a character */
        { { 8, 3, 'H', 0, 0, 0, 'i', 0 }, 8, "H" },
        { { 2, 3 }, 2, "" },
        { { 0 }, 0, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        char text[16];

        wu_string_text(examples[i].bytes, examples[i].count, text, sizeof(text));

        assert_string_equal(text, examples[i].text);
    }
}

static void text_is_cut_between_characters(void **state)
{
    static const unsigned char bytes[] = { 8, 3, 'a', 0, 0xac, 0x20, 'b', 0 };
    char text[5];

    (void)state;

    wu_string_text(bytes, sizeof(bytes), text, 4);
    assert_string_equal(text, "a");
    wu_string_text(bytes, sizeof(bytes), text, 5);
    assert_string_equal(text, "a\xe2\x82\xac");
}

/* --- A device ------------------------------------------------------------------------------ */

static struct wu_setting_facts settings[] = {
    { .descriptor = { .bInterfaceNumber = 0, .bInterfaceClass = 0xff },
      .current = true,
      .name = "Main" },
    { .descriptor = { .bInterfaceNumber = 1 }, .current = true },
    { .descriptor = { .bInterfaceNumber = 1, .bAlternateSetting = 1 } },
};

static struct wu_pipe_facts pipes[] = {
    { 0,
      { UsbdPipeTypeBulk, 0x81, 512, 0, 512 },
      { { 0, 0 },
        { 0, 1 },
        { 0, 250 },
        { 0, 0 },
        { 0, 1 },
        { 0, 0 },
        { ERROR_BUSY, 0 },
        { 0, 65536 },
        { 0, 0 } } },
    { 2, { UsbdPipeTypeIsochronous, 0x02, 1024, 1, 3072 }, { { 0, 0 } } },
};

static struct wu_facts device(void)
{
    return (struct wu_facts){
        .function = { .bus = 1,
                      .port_path = "2",
                      .speed = WU_USB_SPEED_HIGH,
                      .driver = "usbhid",
                      .product = "Thing" },
        .controller = "0000:00:05.0 xHCI",
        .device = { .bcdUSB = 0x0200,
                    .idVendor = 0x1234,
                    .idProduct = 0xabcd,
                    .bcdDevice = 0x0123,
                    .bMaxPacketSize0 = 64,
                    .bNumConfigurations = 1 },
        .configuration = { .bConfigurationValue = 1,
                           .bNumInterfaces = 2,
                           .bmAttributes = 0xc0,
                           .MaxPower = 50 },
        .speed = { 0, HighSpeed },
        .auto_suspend = { 0, 1 },
        .suspend_delay = { ERROR_CALL_NOT_IMPLEMENTED, 0 },
        .control_timeout = { 0, 5000 },
        .settings = settings,
        .setting_count = 3,
        .pipes = pipes,
        .pipe_count = 2,
    };
}

/* Whatever strings a device has, they do not control the terminal. */
static void tables_are_plain(void **state)
{
    struct wu_facts facts = device();
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    (void)state;
    strcpy(facts.function.manufacturer, "\033[31m");
    strcpy(facts.function.product, "\xC2\x9B"
                                   "31m");
    strcpy(facts.function.serial, "\r\n");
    strcpy(facts.configuration_name, "\a");

    assert_true(wu_info_tables(&facts, file));

    fclose(file);
    assert_non_null(strstr(text, "manufacturer   \\x1b[31m\n"
                                 "product        \\xc2\\x9b31m\n"
                                 "serial         \\x0d\\x0a\n"));
    assert_non_null(strstr(text, "at most, \\x07\n"));
    free(text);
}

static void tables_tell_all(void **state)
{
    const struct wu_facts facts = device();
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    (void)state;

    assert_true(wu_info_tables(&facts, file));

    fclose(file);
    assert_string_equal(
        text,
        "device         1-2, 1234:abcd, release 1.23\n"
        "product        Thing\n"
        "USB            2.00, class 00/00/00, control packets of 64 bytes\n"
        "speed          high (DEVICE_SPEED 3), on 0000:00:05.0 xHCI\n"
        "driver         usbhid, put aside while it is open\n"
        "configuration  1 of 1, 2 interfaces, self-powered, 100 mA at most\n"
        "AUTO_SUSPEND   1\n"
        "SUSPEND_DELAY  - (not implemented yet)\n"
        "\n"
        "INTERFACE  ALT  CLASS     PIPE  DIRECTION  TYPE         PACKET  PER INTERVAL  INTERVAL  "
        "NAME\n"
        "0          0*   ff/00/00  0x81  in         bulk         512     512           -         "
        "Main\n"
        "1          0*   00/00/00  -     -          -            -       -             -\n"
        "1          1    00/00/00  0x02  out        isochronous  1024    3072          125 us\n"
        "\n"
        "POLICY                         0x00  0x81\n"
        "SHORT_PACKET_TERMINATE         -     0\n"
        "AUTO_CLEAR_STALL               -     1\n"
        "PIPE_TRANSFER_TIMEOUT [ms]     5000  250\n"
        "IGNORE_SHORT_PACKETS           -     0\n"
        "ALLOW_PARTIAL_READS            -     1\n"
        "AUTO_FLUSH                     -     0\n"
        "RAW_IO                         -     -\n"
        "MAXIMUM_TRANSFER_SIZE [bytes]  -     65536\n"
        "RESET_PIPE_ON_RESUME           -     0\n");
    free(text);
}

/* Gives the value at a path such as "settings/0/pipes/0". */
static json_t *at(json_t *value, const char *path)
{
    char text[64];

    snprintf(text, sizeof(text), "%s", path);
    for (char *word = strtok(text, "/"); word; word = strtok(NULL, "/"))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(word))
                                     : json_object_get(value, word);
    return value;
}

static json_t *json_of(const struct wu_facts *facts)
{
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    assert_true(wu_info_json(facts, file));
    fclose(file);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    free(text);
    return object;
}

static void json_tells_the_same(void **state)
{
    const struct wu_facts facts = device();
    json_t *object = json_of(&facts);
    static const char pipe[] = "settings/0/pipes/0/";

    (void)state;

    assert_string_equal(json_string_value(at(object, "device")), "1-2");
    assert_string_equal(json_string_value(at(object, "id")), "1234:abcd");
    assert_string_equal(json_string_value(at(object, "usb")), "2.00");
    assert_true(json_is_null(at(object, "serial")));
    assert_true(json_is_true(at(object, "configuration/self_powered")));
    assert_true(json_is_false(at(object, "configuration/remote_wakeup")));
    assert_int_equal(json_integer_value(at(object, "configuration/max_power_ma")), 100);
    assert_true(json_is_null(at(object, "suspend_delay_ms")));
    assert_int_equal(json_integer_value(at(object, "control_timeout_ms")), 5000);
    assert_int_equal(json_array_size(at(object, "settings")), 3);
    assert_int_equal(json_array_size(at(object, "settings/1/pipes")), 0);
    assert_int_equal(json_integer_value(json_object_get(at(object, pipe), "pipe")), 0x81);
    assert_true(json_is_null(json_object_get(at(object, pipe), "interval_us")));
    assert_int_equal(
        json_integer_value(at(object, "settings/0/pipes/0/policies/MAXIMUM_TRANSFER_SIZE")), 65536);
    assert_true(json_is_null(at(object, "settings/0/pipes/0/policies/RAW_IO")));
    assert_int_equal(json_integer_value(at(object, "settings/2/pipes/0/interval_us")), 125);
    assert_true(json_is_null(at(object, "settings/2/pipes/0/policies")));
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_depend_on_speed_and_type),
        cmocka_unit_test(unit_of_power_depends_on_speed),
        cmocka_unit_test(every_policy_has_its_name),
        cmocka_unit_test(strings_become_utf8),
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(tables_tell_all),
        cmocka_unit_test(tables_are_plain),
        cmocka_unit_test(json_tells_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
