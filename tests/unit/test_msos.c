/* msos*.c: interface GUIDs in Microsoft's OS descriptors, true ones and broken ones. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "devices/msos.h"
#include "usb_fake.h"

#define GUID_1 "{11111111-2222-3333-4444-555555555555}"
#define GUID_2 "{aBcDeF01-2345-6789-ABCD-ef0123456789}"

/* Bytes as they are put together. */
struct bytes {
    unsigned char at[1024];
    size_t size;
};

static void add8(struct bytes *bytes, unsigned value)
{
    bytes->at[bytes->size++] = (unsigned char)value;
}

static void add16(struct bytes *bytes, unsigned value)
{
    add8(bytes, value);
    add8(bytes, value >> 8);
}

static void add32(struct bytes *bytes, unsigned value)
{
    add16(bytes, value);
    add16(bytes, value >> 16);
}

/* With its NUL, as UTF-16. */
static void add_text(struct bytes *bytes, const char *text)
{
    do
        add16(bytes, (unsigned char)*text);
    while (*text++ != '\0');
}

static void patch16(struct bytes *bytes, size_t at, size_t value)
{
    bytes->at[at] = (unsigned char)value;
    bytes->at[at + 1] = (unsigned char)(value >> 8);
}

/* Parses a copy of exactly this size, so that a sanitizer sees each byte too many. */
static unsigned char *exact(const struct bytes *bytes, size_t size)
{
    unsigned char *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    memcpy(copy, bytes->at, size);
    return copy;
}

static bool has(const struct wu_guids *guids, const char *text)
{
    GUID guid;

    assert_true(wu_guid_parse(text, strlen(text), &guid));
    return wu_guids_contain(guids, &guid);
}

/* --- GUIDs --------------------------------------------------------------------------------- */

static void guid_text_survives_a_round_trip(void **state)
{
    char text[WU_GUID_TEXT_SIZE];
    GUID guid;

    (void)state;
    assert_true(wu_guid_parse(GUID_2, strlen(GUID_2), &guid));

    wu_guid_format(&guid, text);

    assert_string_equal(text, "{abcdef01-2345-6789-abcd-ef0123456789}");
    assert_int_equal(guid.Data1, 0xABCDEF01);
    assert_int_equal(guid.Data2, 0x2345);
    assert_int_equal(guid.Data4[7], 0x89);
}

static void text_that_is_no_guid_is_refused(void **state)
{
    const char *const wrong[] = {
        "",
        "11111111-2222-3333-4444-555555555555",
        "{11111111-2222-3333-4444-55555555555}",
        "{1111111g-2222-3333-4444-555555555555}",
        "{11111111_2222-3333-4444-555555555555}",
        "(11111111-2222-3333-4444-555555555555)",
        "{11111111-2222-3333-4444-5555555555555",
    };
    GUID guid = { .Data1 = 77 };

    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(wu_guid_parse(wrong[i], strlen(wrong[i]), &guid));

    assert_int_equal(guid.Data1, 77);
}

static void full_set_takes_no_more(void **state)
{
    struct wu_guids guids = { 0 };

    (void)state;

    for (unsigned i = 0; i < 2 * WU_GUIDS_MAX; i++)
        wu_guids_add(&guids, &(GUID){ .Data1 = i });

    assert_int_equal(guids.count, WU_GUIDS_MAX);
}

/* --- Version 1.0 --------------------------------------------------------------------------- */

static void begin_properties(struct bytes *bytes)
{
    add32(bytes, 0);
    add16(bytes, 0x0100);
    add16(bytes, WU_MSOS1_PROPERTIES);
    add16(bytes, 1);
}

static void
add_property1(struct bytes *bytes, unsigned type, const char *name, const char *a, const char *b)
{
    const size_t start = bytes->size;
    size_t length_at;

    add32(bytes, 0);
    add32(bytes, type);
    add16(bytes, (unsigned)(2 * (strlen(name) + 1)));
    add_text(bytes, name);
    length_at = bytes->size;
    add32(bytes, 0);
    add_text(bytes, a);
    if (b) {
        add_text(bytes, b);
        add16(bytes, 0);
    }
    patch16(bytes, length_at, bytes->size - length_at - 4);
    patch16(bytes, start, bytes->size - start);
}

static void signature_gives_the_vendor_code(void **state)
{
    const unsigned char string[18] = { 18, 3,   'M', 0,   'S', 0,   'F', 0,    'T',
                                       0,  '1', 0,   '0', 0,   '0', 0,   0x2A, 0 };
    unsigned char wrong[18];
    uint8_t code = 0;

    (void)state;
    memcpy(wrong, string, sizeof(wrong));
    wrong[14] = '1';

    assert_false(wu_msos1_vendor_code(wrong, sizeof(wrong), &code));
    assert_false(wu_msos1_vendor_code(string, 16, &code));
    assert_int_equal(code, 0);
    assert_true(wu_msos1_vendor_code(string, sizeof(string), &code));
    assert_int_equal(code, 0x2A);
}

static void version1_singular_property_gives_its_guid(void **state)
{
    struct bytes bytes = { 0 };
    struct wu_guids guids = { 0 };

    (void)state;
    begin_properties(&bytes);
    add_property1(&bytes, 1, "Label", GUID_2, NULL);
    add_property1(&bytes, 1, "DeviceInterfaceGUID", GUID_1, NULL);

    wu_msos1_add_properties(bytes.at, bytes.size, &guids);

    assert_int_equal(guids.count, 1);
    assert_true(has(&guids, GUID_1));
}

static void version1_plural_property_gives_all_its_guids(void **state)
{
    struct bytes bytes = { 0 };
    struct wu_guids guids = { 0 };

    (void)state;
    begin_properties(&bytes);
    add_property1(&bytes, 7, "DeviceInterfaceGUIDs", GUID_1, GUID_2);

    wu_msos1_add_properties(bytes.at, bytes.size, &guids);

    assert_int_equal(guids.count, 2);
    assert_true(has(&guids, GUID_1) && has(&guids, GUID_2));
}

static void begin_compatible(struct bytes *bytes)
{
    add32(bytes, 16);
    add16(bytes, 0x0100);
    add16(bytes, WU_MSOS1_COMPATIBLE);
    add32(bytes, 0);
    add32(bytes, 0);
}

static void add_function1(struct bytes *bytes, unsigned first, const char *id)
{
    add8(bytes, first);
    add8(bytes, 1);
    memcpy(bytes->at + bytes->size, id, strlen(id)); /* the rest is nothing */
    bytes->size += 22;
    patch16(bytes, 0, bytes->size);
    bytes->at[8]++;
}

static void version1_names_winusb_by_function(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_compatible(&bytes);
    add_function1(&bytes, 0, "RNDIS");
    add_function1(&bytes, 2, "WINUSB");
    add_function1(&bytes, 3, "WINUSB20");

    assert_true(wu_msos1_names_winusb(bytes.at, bytes.size, 2));
    assert_true(wu_msos1_names_winusb(bytes.at, bytes.size, -1));
    for (int function = 0; function < 256; function++)
        if (function != 2)
            assert_false(wu_msos1_names_winusb(bytes.at, bytes.size, function));
}

static void version1_compatible_id_cut_anywhere_is_not_found(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_compatible(&bytes);
    add_function1(&bytes, 0, "WINUSB");

    for (size_t size = 0; size < bytes.size; size++) {
        unsigned char *copy = exact(&bytes, size);

        assert_false(wu_msos1_names_winusb(copy, size, -1));
        free(copy);
    }
    bytes.at[6] = WU_MSOS1_PROPERTIES;
    assert_false(wu_msos1_names_winusb(bytes.at, bytes.size, -1));
}

static void version1_cut_anywhere_gives_no_guid(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_properties(&bytes);
    add_property1(&bytes, 1, "DeviceInterfaceGUID", GUID_1, NULL);

    for (size_t size = 0; size < bytes.size; size++) {
        struct wu_guids guids = { 0 };
        unsigned char *copy = exact(&bytes, size);

        wu_msos1_add_properties(copy, size, &guids);
        free(copy);
        assert_int_equal(guids.count, 0);
    }
}

static void version1_survives_every_wrong_byte(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_properties(&bytes);
    add_property1(&bytes, 1, "DeviceInterfaceGUID", GUID_1, NULL);

    for (size_t at = 0; at < bytes.size; at++) {
        for (unsigned value = 0; value < 256; value++) {
            struct wu_guids guids = { 0 };
            unsigned char *copy = exact(&bytes, bytes.size);

            copy[at] = (unsigned char)value;
            wu_msos1_add_properties(copy, bytes.size, &guids);
            free(copy);
            assert_true(guids.count <= 1);
        }
    }
}

/* --- Version 2.0 --------------------------------------------------------------------------- */

static void begin_bos(struct bytes *bytes)
{
    add8(bytes, 5);
    add8(bytes, 0x0F);
    add16(bytes, 0);
    add8(bytes, 2);
    add8(bytes, 7); /* a capability of another kind first */
    add8(bytes, 0x10);
    add8(bytes, 2);
    add32(bytes, 6);
}

static void add_platform(struct bytes *bytes)
{
    const unsigned char uuid[] = { 0xDF, 0x60, 0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C,
                                   0x9C, 0xD2, 0x65, 0x9D, 0x9E, 0x64, 0x8A, 0x9F };

    add8(bytes, 28);
    add8(bytes, 0x10);
    add8(bytes, 5);
    add8(bytes, 0);
    memcpy(bytes->at + bytes->size, uuid, sizeof(uuid));
    bytes->size += sizeof(uuid);
    add32(bytes, 0x06030000);
    add16(bytes, 0x0123);
    add8(bytes, 0x5A);
    add8(bytes, 0);
}

static void begin_set(struct bytes *bytes)
{
    add16(bytes, 10);
    add16(bytes, 0);
    add32(bytes, 0x06030000);
    add16(bytes, 0);
}

static void add_function(struct bytes *bytes, unsigned first)
{
    add16(bytes, 8);
    add16(bytes, 2);
    add8(bytes, first);
    add8(bytes, 0);
    add16(bytes, 0);
}

static void add_compatible_id(struct bytes *bytes, const char *id)
{
    char both[16] = { 0 }; /* the other one is empty */

    memcpy(both, id, strlen(id));
    add16(bytes, 4 + sizeof(both));
    add16(bytes, 3);
    memcpy(bytes->at + bytes->size, both, sizeof(both));
    bytes->size += sizeof(both);
}

static void
add_property2(struct bytes *bytes, unsigned type, const char *name, const char *a, const char *b)
{
    const size_t start = bytes->size;
    size_t length_at;

    add16(bytes, 0);
    add16(bytes, 4);
    add16(bytes, type);
    add16(bytes, (unsigned)(2 * (strlen(name) + 1)));
    add_text(bytes, name);
    length_at = bytes->size;
    add16(bytes, 0);
    add_text(bytes, a);
    if (b)
        add_text(bytes, b);
    add16(bytes, 0);
    patch16(bytes, length_at, bytes->size - length_at - 2);
    patch16(bytes, start, bytes->size - start);
}

static void platform_capability_is_found_among_others(void **state)
{
    struct wu_msos2_platform platform = { 0 };
    struct bytes bytes = { 0 };

    (void)state;
    begin_bos(&bytes);
    add_platform(&bytes);

    assert_true(wu_msos2_platform(bytes.at, bytes.size, &platform));

    assert_int_equal(platform.vendor_code, 0x5A);
    assert_int_equal(platform.set_size, 0x0123);
}

static void platform_capability_cut_anywhere_is_not_found(void **state)
{
    struct wu_msos2_platform platform = { 77, 77 };
    struct bytes bytes = { 0 };

    (void)state;
    begin_bos(&bytes);
    add_platform(&bytes);

    for (size_t size = 0; size < bytes.size; size++) {
        unsigned char *copy = exact(&bytes, size);

        assert_false(wu_msos2_platform(copy, size, &platform));
        free(copy);
    }
    assert_int_equal(platform.vendor_code, 77);
}

static void function_gets_the_guids_of_its_own_subset(void **state)
{
    struct wu_guids first = { 0 }, second = { 0 }, third = { 0 };
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_function(&bytes, 0);
    add_property2(&bytes, 7, "DeviceInterfaceGUIDs", GUID_1, NULL);
    add_function(&bytes, 2);
    add_property2(&bytes, 7, "DeviceInterfaceGUIDs", GUID_2, NULL);

    wu_msos2_add_set(bytes.at, bytes.size, 0, &first);
    wu_msos2_add_set(bytes.at, bytes.size, 2, &second);
    wu_msos2_add_set(bytes.at, bytes.size, 1, &third);

    assert_true(first.count == 1 && has(&first, GUID_1));
    assert_true(second.count == 1 && has(&second, GUID_2));
    assert_int_equal(third.count, 0);
}

static void whole_device_gets_all_guids_of_either_type(void **state)
{
    struct wu_guids guids = { 0 };
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_property2(&bytes, 1, "DeviceInterfaceGUID", GUID_1, NULL);
    add_property2(&bytes, 7, "DeviceInterfaceGUIDs", GUID_1, GUID_2);

    wu_msos2_add_set(bytes.at, bytes.size, -1, &guids);

    assert_int_equal(guids.count, 2);
    assert_true(has(&guids, GUID_1) && has(&guids, GUID_2));
}

static void other_properties_give_no_guids(void **state)
{
    struct wu_guids guids = { 0 };
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_property2(&bytes, 7, "DeviceInterfaceGUIDsX", GUID_1, NULL);
    add_property2(&bytes, 7, "DeviceInterfaceGUI", GUID_1, NULL);
    add_property2(&bytes, 7, "", GUID_1, NULL);

    wu_msos2_add_set(bytes.at, bytes.size, -1, &guids);

    assert_int_equal(guids.count, 0);
}

static void version2_survives_every_wrong_byte(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_function(&bytes, 0);
    add_property2(&bytes, 7, "DeviceInterfaceGUIDs", GUID_1, NULL);

    for (size_t at = 0; at < bytes.size; at++) {
        for (unsigned value = 0; value < 256; value++) {
            struct wu_guids guids = { 0 };
            unsigned char *copy = exact(&bytes, bytes.size);

            copy[at] = (unsigned char)value;
            wu_msos2_add_set(copy, bytes.size, 0, &guids);
            free(copy);
            assert_true(guids.count <= 1);
        }
    }
}

static void set_that_names_winusb_for_no_function_is_whole(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_property2(&bytes, 7, "DeviceInterfaceGUIDs", GUID_1, NULL);
    assert_false(wu_msos2_is_whole(bytes.at, bytes.size));

    add_compatible_id(&bytes, "WINUSB");

    assert_true(wu_msos2_is_whole(bytes.at, bytes.size));
}

static void set_with_a_function_is_not_whole(void **state)
{
    struct bytes before = { 0 }, inside = { 0 };

    (void)state;
    begin_set(&before);
    add_compatible_id(&before, "WINUSB");
    add_function(&before, 0);
    begin_set(&inside);
    add_function(&inside, 0);
    add_compatible_id(&inside, "WINUSB");

    assert_false(wu_msos2_is_whole(before.at, before.size));
    assert_false(wu_msos2_is_whole(inside.at, inside.size));
}

static void other_compatible_ids_are_not_winusb(void **state)
{
    const char *const others[] = { "", "RNDIS", "WINUS", "WINUSB2", "WINUSB20", "winusb" };

    (void)state;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct bytes bytes = { 0 };

        begin_set(&bytes);
        add_compatible_id(&bytes, others[i]);
        assert_false(wu_msos2_is_whole(bytes.at, bytes.size));
    }
}

static void winusb_in_another_descriptor_is_no_compatible_id(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_compatible_id(&bytes, "WINUSB");

    patch16(&bytes, 12, 6); /* a vendor's own */

    assert_false(wu_msos2_is_whole(bytes.at, bytes.size));
}

static void compatible_id_cut_anywhere_is_not_found(void **state)
{
    struct bytes bytes = { 0 };

    (void)state;
    begin_set(&bytes);
    add_compatible_id(&bytes, "WINUSB");

    for (size_t size = 0; size < bytes.size; size++) {
        unsigned char *copy = exact(&bytes, size);

        assert_false(wu_msos2_is_whole(copy, size));
        if (size > 10) { /* where it says itself that it is so short */
            copy[10] = (unsigned char)(size - 10);
            assert_false(wu_msos2_is_whole(copy, size));
        }
        free(copy);
    }
}

/* --- Asking a device ------------------------------------------------------------------------- */

static struct bytes fake_string, fake_compatible, fake_properties, fake_bos, fake_set;
static unsigned short properties_value; /* wValue of the request for properties */

static uint32_t
give(const struct bytes *bytes, const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    *transferred = bytes->size < setup->length ? bytes->size : setup->length;
    memcpy(data, bytes->at, *transferred);
    return bytes->size > 0 ? 0 : ERROR_GEN_FAILURE;
}

static uint32_t answer(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    if (setup->type == 0x80 && setup->request == 6 && setup->value == 0x03EE)
        return give(&fake_string, setup, data, transferred);
    if (setup->type == 0x80 && setup->request == 6 && setup->value == 0x0F00)
        return give(&fake_bos, setup, data, transferred);
    if (setup->type == 0xC0 && setup->request == 0x5A && setup->index == 7)
        return give(&fake_set, setup, data, transferred);
    if (setup->type == 0xC0 && setup->request == 0x2A && setup->index == 4 && setup->value == 0)
        return give(&fake_compatible, setup, data, transferred);
    if (setup->type == 0xC1 && setup->request == 0x2A && setup->index == 5) {
        properties_value = setup->value;
        return give(&fake_properties, setup, data, transferred);
    }
    return ERROR_GEN_FAILURE;
}

/* A device that knows both versions, with a GUID of its own in each. */
static int make_device(void **state)
{
    const unsigned char string[18] = { 18, 3,   'M', 0,   'S', 0,   'F', 0,    'T',
                                       0,  '1', 0,   '0', 0,   '0', 0,   0x2A, 0 };
    struct fake_usb_device *device;

    fake_usb_reset();
    device = fake_usb_add(1, 1, 1, NULL, 0);
    device->control = answer;
    device->opens = 1;
    *state = device;

    fake_string = fake_compatible = fake_properties = fake_bos = fake_set = (struct bytes){ 0 };
    memcpy(fake_string.at, string, sizeof(string));
    fake_string.size = sizeof(string);
    begin_compatible(&fake_compatible);
    add_function1(&fake_compatible, 3, "WINUSB");
    begin_properties(&fake_properties);
    add_property1(&fake_properties, 1, "DeviceInterfaceGUID", GUID_1, NULL);
    patch16(&fake_properties, 0, fake_properties.size);
    begin_bos(&fake_bos);
    add_platform(&fake_bos);
    patch16(&fake_bos, 2, fake_bos.size);
    begin_set(&fake_set);
    add_property2(&fake_set, 7, "DeviceInterfaceGUIDs", GUID_2, NULL);
    return 0;
}

static struct wu_msos read_all(struct fake_usb_device *device)
{
    struct wu_msos said;

    assert_int_equal(wu_msos_read(1, &device->info, &said), ERROR_SUCCESS);
    return said;
}

static struct wu_guids guids_of(const struct wu_msos *said, int function)
{
    struct wu_guids guids = { 0 };

    wu_msos_add_guids(said, function, &guids);
    return guids;
}

static void version2_comes_first(void **state)
{
    struct fake_usb_device *device = *state;
    struct wu_msos said;
    struct wu_guids guids;

    device->info.device[2] = 0x01; /* USB 2.01 */

    said = read_all(device);

    guids = guids_of(&said, -1);
    assert_true(guids.count == 1 && has(&guids, GUID_2));
}

static void make_composite(struct fake_usb_device *device)
{
    static const unsigned char configuration[] = {
        9, 2, 0, 0, 3, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, 3,    0, 0, 0, /* a keyboard */
        9, 4, 2, 0, 0, 3, 0, 0,    0,  9, 4, 3, 0, 0, 0xFF, 0, 0, 0,
    };

    device->info.configuration = (unsigned char *)configuration;
    device->info.configuration_size = sizeof(configuration);
}

static void old_device_is_not_asked_for_its_bos(void **state)
{
    struct fake_usb_device *device = *state;
    struct wu_msos said;
    struct wu_guids guids;

    make_composite(device);

    said = read_all(device);

    guids = guids_of(&said, 3);
    assert_true(guids.count == 1 && has(&guids, GUID_1));
    assert_int_equal(properties_value, 3);
    assert_int_equal(device->controls, 5);
}

static void function_that_does_not_want_winusb_has_no_guids(void **state)
{
    struct fake_usb_device *device = *state;
    struct wu_msos said;

    make_composite(device);

    said = read_all(device);
    assert_int_equal(guids_of(&said, 0).count, 0);
    assert_int_equal(guids_of(&said, 2).count, 0);

    fake_compatible.size = 0; /* it stalls */
    said = read_all(device);
    assert_int_equal(said.count, 0);
}

static void version1_follows_where_there_is_no_version2(void **state)
{
    struct fake_usb_device *device = *state;
    struct wu_msos said;
    struct wu_guids guids;

    device->info.device[2] = 0x01;
    fake_bos.size = 0;

    said = read_all(device);

    guids = guids_of(&said, -1);
    assert_true(guids.count == 1 && has(&guids, GUID_1));
    assert_int_equal(properties_value, 0);
}

static void device_is_asked_whether_it_is_whole_by_version2_alone(void **state)
{
    struct fake_usb_device *device = *state;

    add_compatible_id(&fake_set, "WINUSB");
    assert_false(read_all(device).whole);

    device->info.device[2] = 0x01; /* USB 2.01 */
    assert_true(read_all(device).whole);
}

static void device_without_os_descriptors_has_no_guids(void **state)
{
    struct fake_usb_device *device = *state;

    device->info.device[3] = 0x03; /* USB 3.00 */
    device->control = NULL;

    assert_int_equal(read_all(device).count, 0);
}

static uint32_t answer_nothing(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    (void)setup;
    (void)data;
    (void)transferred;
    return ERROR_SEM_TIMEOUT;
}

static void device_that_does_not_answer_is_asked_once(void **state)
{
    struct fake_usb_device *device = *state;

    make_composite(device);
    device->info.device[2] = 0x01; /* USB 2.01 */
    device->control = answer_nothing;

    assert_int_equal(read_all(device).count, 0);

    assert_int_equal(device->controls, 1);
}

static uint32_t be_gone(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    (void)setup;
    (void)data;
    (void)transferred;
    return ERROR_DEVICE_NOT_CONNECTED;
}

static void device_that_leaves_says_nothing(void **state)
{
    struct fake_usb_device *device = *state;
    struct wu_msos said = { .count = 77 };

    device->control = be_gone;

    assert_int_equal(wu_msos_read(1, &device->info, &said), ERROR_DEVICE_NOT_CONNECTED);

    assert_int_equal(said.count, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guid_text_survives_a_round_trip),
        cmocka_unit_test(text_that_is_no_guid_is_refused),
        cmocka_unit_test(full_set_takes_no_more),
        cmocka_unit_test(signature_gives_the_vendor_code),
        cmocka_unit_test(version1_singular_property_gives_its_guid),
        cmocka_unit_test(version1_plural_property_gives_all_its_guids),
        cmocka_unit_test(version1_names_winusb_by_function),
        cmocka_unit_test(version1_compatible_id_cut_anywhere_is_not_found),
        cmocka_unit_test(version1_cut_anywhere_gives_no_guid),
        cmocka_unit_test(version1_survives_every_wrong_byte),
        cmocka_unit_test(platform_capability_is_found_among_others),
        cmocka_unit_test(platform_capability_cut_anywhere_is_not_found),
        cmocka_unit_test(function_gets_the_guids_of_its_own_subset),
        cmocka_unit_test(whole_device_gets_all_guids_of_either_type),
        cmocka_unit_test(other_properties_give_no_guids),
        cmocka_unit_test(version2_survives_every_wrong_byte),
        cmocka_unit_test(set_that_names_winusb_for_no_function_is_whole),
        cmocka_unit_test(set_with_a_function_is_not_whole),
        cmocka_unit_test(other_compatible_ids_are_not_winusb),
        cmocka_unit_test(winusb_in_another_descriptor_is_no_compatible_id),
        cmocka_unit_test(compatible_id_cut_anywhere_is_not_found),
        cmocka_unit_test_setup(version2_comes_first, make_device),
        cmocka_unit_test_setup(old_device_is_not_asked_for_its_bos, make_device),
        cmocka_unit_test_setup(function_that_does_not_want_winusb_has_no_guids, make_device),
        cmocka_unit_test_setup(version1_follows_where_there_is_no_version2, make_device),
        cmocka_unit_test_setup(device_is_asked_whether_it_is_whole_by_version2_alone, make_device),
        cmocka_unit_test_setup(device_without_os_descriptors_has_no_guids, make_device),
        cmocka_unit_test_setup(device_that_does_not_answer_is_asked_once, make_device),
        cmocka_unit_test_setup(device_that_leaves_says_nothing, make_device),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
