/* device.c, interface.c, query.c: opening and closing, and what a handle answers. */
#include "cmocka_all.h"

#include <string.h>

#include "core_fixture.h"

enum { INTERFACES = 2 }; /* of the function */

static struct fake_usb_device *device;
static HANDLE file;

static int open_file(void **state)
{
    (void)state;
    device = fixture_reset();
    file = fixture_open_file();
    return file == INVALID_HANDLE_VALUE;
}

/* Every test must leave nothing behind but, at most, the file. */
static int close_file(void **state)
{
    (void)state;
    if (fixture_is_open_file(file))
        CloseHandle(file);
    return !fixture_is_idle();
}

static HANDLE open_interface(void)
{
    HANDLE handle = NULL;

    assert_int_equal(wu_interface_open(file, &handle), ERROR_SUCCESS);
    assert_non_null(handle);
    return handle;
}

/* --- Opening ------------------------------------------------------------------------------- */

static void opening_claims_and_closing_releases(void **state)
{
    HANDLE handle;

    (void)state;
    assert_int_equal(device->opens, 0);

    handle = open_interface();
    assert_int_equal(device->opens, 1);
    assert_int_equal(device->claims, INTERFACES);

    wu_interface_close(handle);
    assert_int_equal(device->opens, 0);
    assert_int_equal(device->claims, 0);
}

static void second_opening_shares_the_device(void **state)
{
    HANDLE first, second;

    (void)state;

    first = open_interface();
    second = open_interface();
    assert_ptr_not_equal(first, second);
    assert_int_equal(device->opens, 1);
    assert_int_equal(device->claims, INTERFACES);

    wu_interface_close(first);
    assert_int_equal(device->claims, INTERFACES);
    assert_true(wu_handle_is_open(second, WU_HANDLE_INTERFACE));
    wu_interface_close(second);
}

static void file_without_overlapped_flag_is_refused(void **state)
{
    const HANDLE plain = CreateFileA(FIXTURE_NODE, 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE handle = NULL;

    (void)state;

    assert_int_equal(wu_interface_open(plain, &handle), ERROR_INVALID_HANDLE);

    assert_null(handle);
    CloseHandle(plain);
}

static void no_place_for_the_handle_is_refused(void **state)
{
    (void)state;

    assert_int_equal(wu_interface_open(file, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_interface_open(NULL, NULL), ERROR_INVALID_HANDLE);
}

static void failures_to_open_speak_winusb(void **state)
{
    const struct {
        uint32_t open, claim;
        DWORD expected;
    } cases[] = {
        { ERROR_ACCESS_DENIED, 0, ERROR_ACCESS_DENIED },
        { ERROR_DEVICE_NOT_CONNECTED, 0, ERROR_BAD_COMMAND },
        { ERROR_NOT_ENOUGH_MEMORY, 0, ERROR_NOT_ENOUGH_MEMORY },
        { 0, ERROR_BUSY, ERROR_ACCESS_DENIED },
        { 0, ERROR_DEVICE_NOT_CONNECTED, ERROR_BAD_COMMAND },
        { 0, ERROR_NOT_FOUND, ERROR_BAD_DEVICE },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        HANDLE handle = NULL;

        device->open_error = cases[i].open;
        device->claim_error = cases[i].claim;
        assert_int_equal(wu_interface_open(file, &handle), cases[i].expected);
        assert_null(handle);
        assert_true(fixture_is_idle());
    }
}

static void unplugged_device_is_a_bad_command(void **state)
{
    HANDLE handle = NULL, open = open_interface();

    (void)state;
    device->gone = true;

    assert_int_equal(wu_interface_open(file, &handle), ERROR_BAD_COMMAND);
    wu_interface_close(open);
    assert_int_equal(wu_interface_open(file, &handle), ERROR_BAD_COMMAND);

    assert_null(handle);
}

static void device_without_such_an_interface_is_bad(void **state)
{
    HANDLE handle = NULL;

    (void)state;
    device->info.configuration_size = 9;
    assert_int_equal(wu_interface_open(file, &handle), ERROR_BAD_DEVICE);

    device->info.configuration = NULL;
    assert_int_equal(wu_interface_open(file, &handle), ERROR_BAD_DEVICE);

    assert_null(handle);
}

static void first_in_the_configuration_is_opened_whatever_its_number(void **state)
{
    static const unsigned char configuration[] = {
        9, 2, 36, 0, 3, 1, 0, 0x80, 50, /* numbers 5, 1 and 3 */
        9, 4, 5,  0, 0, 1, 2, 3,    0,  9, 4, 1, 0, 0, 1, 2, 3, 0, 9, 4, 3, 0, 0, 1, 2, 3, 0,
    };
    const UCHAR expected[] = { 1, 3 };
    struct wu_interface *iface;

    (void)state;
    CloseHandle(file);
    device->info.configuration = (unsigned char *)configuration;
    device->info.configuration_size = sizeof(configuration);
    file = fixture_open_file();

    iface = wu_interface_acquire(open_interface());

    assert_int_equal(device->claims, 3);
    assert_int_equal(iface->number, 5);
    for (UCHAR i = 0; i < 2; i++) {
        HANDLE handle;

        assert_int_equal(wu_interface_open_associated(iface, i, &handle), ERROR_SUCCESS);
        struct wu_interface *associated = wu_interface_acquire(handle);
        assert_int_equal(associated->number, expected[i]);
        wu_interface_close(handle);
        wu_interface_release(associated);
    }
    wu_interface_close(iface->handle);
    wu_interface_release(iface);
}

static void failure_to_list_fails_the_opening(void **state)
{
    HANDLE handle = NULL;

    (void)state;
    fake_usb_list_error = ERROR_NOT_ENOUGH_MEMORY;

    assert_int_equal(wu_interface_open(file, &handle), ERROR_NOT_ENOUGH_MEMORY);

    assert_null(handle);
}

static void full_handle_table_fails_the_opening(void **state)
{
    static HANDLE handles[1 << 16];
    HANDLE handle = NULL;
    size_t count = 0;

    (void)state;
    while (count < 1 << 16 &&
           wu_handle_new_unowned(WU_HANDLE_TRACKING, handles, &handles[count]) == ERROR_SUCCESS)
        count++;

    assert_int_equal(wu_interface_open(file, &handle), ERROR_NOT_ENOUGH_MEMORY);
    while (count > 0)
        wu_handle_close_unowned(handles[--count], WU_HANDLE_TRACKING);

    assert_null(handle);
    assert_true(fixture_is_idle());
}

static void close_own_file(void)
{
    CloseHandle(file);
}

static void opening_overtaken_by_close_leaves_nothing_behind(void **state)
{
    HANDLE handle = NULL;

    (void)state;
    device->during_claim = close_own_file;

    assert_int_equal(wu_interface_open(file, &handle), ERROR_INVALID_HANDLE);

    assert_null(handle);
    assert_true(fixture_is_idle());
}

/* --- Closing ------------------------------------------------------------------------------- */

static void closing_what_is_not_open_does_nothing(void **state)
{
    HANDLE handle = open_interface();

    (void)state;

    wu_interface_close(NULL);
    wu_interface_close(INVALID_HANDLE_VALUE);
    wu_interface_close(file);
    wu_interface_close(handle);
    wu_interface_close(handle);

    assert_true(fixture_is_open_file(file));
}

static void closing_the_file_first_closes_its_interfaces(void **state)
{
    HANDLE first = open_interface(), second = open_interface();

    (void)state;

    assert_true(CloseHandle(file));

    assert_true(fixture_is_idle());
    assert_null(wu_interface_acquire(first));
    assert_null(wu_interface_acquire(second));
    wu_interface_close(first);
    wu_interface_close(second);
    assert_false(CloseHandle(file));
}

static void other_files_keep_their_interfaces(void **state)
{
    HANDLE other_file = fixture_open_file(), other = NULL, own = open_interface();

    (void)state;
    assert_int_equal(wu_interface_open(other_file, &other), ERROR_SUCCESS);

    CloseHandle(file);

    assert_null(wu_interface_acquire(own));
    assert_true(wu_handle_is_open(other, WU_HANDLE_INTERFACE));
    CloseHandle(other_file);
}

static void call_in_progress_keeps_the_device_open(void **state)
{
    struct wu_interface *iface = wu_interface_acquire(open_interface());

    (void)state;

    CloseHandle(file);
    assert_int_equal(device->opens, 1);

    wu_interface_release(iface);
    assert_int_equal(device->opens, 0);
}

/* --- Answers ------------------------------------------------------------------------------- */

static struct wu_interface *acquire_interface(void)
{
    struct wu_interface *iface = wu_interface_acquire(open_interface());

    assert_non_null(iface);
    return iface;
}

static void finish(struct wu_interface *iface)
{
    wu_interface_close(iface->handle);
    wu_interface_release(iface);
}

static void settings_come_in_order_until_there_are_no_more(void **state)
{
    struct wu_interface *iface = acquire_interface();
    USB_INTERFACE_DESCRIPTOR setting = { 0 };

    (void)state;

    assert_int_equal(wu_interface_query_settings(iface, 0, &setting), ERROR_SUCCESS);
    assert_memory_equal(&setting, fixture_configuration + 9, 9);
    assert_int_equal(wu_interface_query_settings(iface, 1, &setting), ERROR_SUCCESS);
    assert_memory_equal(&setting, fixture_configuration + 18, 9);
    assert_int_equal(wu_interface_query_settings(iface, 2, &setting), ERROR_NO_MORE_ITEMS);
    assert_memory_equal(&setting, fixture_configuration + 18, 9);
    assert_int_equal(wu_interface_query_settings(iface, 0, NULL), ERROR_INVALID_PARAMETER);
    finish(iface);
}

static void pipes_come_in_order_until_there_are_no_more(void **state)
{
    struct wu_interface *iface = acquire_interface();
    WINUSB_PIPE_INFORMATION_EX pipe = { .PipeId = 77 };

    (void)state;

    assert_int_equal(wu_interface_query_pipe(iface, 0, 0, &pipe), ERROR_NO_MORE_ITEMS);
    assert_int_equal(wu_interface_query_pipe(iface, 1, 2, &pipe), ERROR_NO_MORE_ITEMS);
    assert_int_equal(wu_interface_query_pipe(iface, 2, 0, &pipe), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_interface_query_pipe(iface, 1, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(pipe.PipeId, 77);
    assert_int_equal(wu_interface_query_pipe(iface, 1, 1, &pipe), ERROR_SUCCESS);
    assert_int_equal(pipe.PipeId, 0x02);
    finish(iface);
}

static void speed_is_low_or_high_and_nothing_else(void **state)
{
    const UCHAR expected[] = { 1, 1, 1, 3, 3, 3 };

    (void)state;

    for (int speed = WU_USB_SPEED_UNKNOWN; speed <= WU_USB_SPEED_SUPER_PLUS; speed++) {
        UCHAR buffer[2] = { 0, 77 };
        ULONG length = sizeof(buffer);
        struct wu_interface *iface;

        device->info.speed = (enum wu_usb_speed)speed;
        iface = acquire_interface();
        assert_int_equal(wu_interface_query_device(iface, 1, &length, buffer), ERROR_SUCCESS);
        assert_int_equal(length, 1);
        assert_int_equal(buffer[0], expected[speed]);
        assert_int_equal(buffer[1], 77);
        finish(iface);
    }
}

static void speed_needs_a_place_to_go(void **state)
{
    struct wu_interface *iface = acquire_interface();
    ULONG none = 0, one = 1;
    UCHAR buffer = 77;

    (void)state;

    assert_int_equal(wu_interface_query_device(iface, 2, &one, &buffer), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_interface_query_device(iface, 1, NULL, &buffer), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_interface_query_device(iface, 1, &one, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_interface_query_device(iface, 1, &none, &buffer),
                     ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(buffer, 77);
    finish(iface);
}

/* --- Descriptors --------------------------------------------------------------------------- */

static DWORD
get(struct wu_interface *iface, UCHAR type, UCHAR index, void *buffer, ULONG length, ULONG *got)
{
    const struct wu_descriptor_request request = { type, index, 0x0409, buffer, length };

    return wu_interface_get_descriptor(iface, &request, got);
}

static void cached_descriptors_cause_no_transfer(void **state)
{
    struct wu_interface *iface = acquire_interface();
    const struct {
        UCHAR type, index;
        const unsigned char *expected;
        ULONG size;
    } cases[] = {
        { 1, 0, device->info.device, 18 },
        { 2, 0, fixture_configuration, sizeof(fixture_configuration) },
        { 4, 1, fixture_configuration + 18, 9 },
    };

    (void)state;

    device->controls = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        UCHAR buffer[256];
        ULONG got = 0;

        assert_int_equal(get(iface, cases[i].type, cases[i].index, buffer, sizeof(buffer), &got),
                         ERROR_SUCCESS);
        assert_int_equal(got, cases[i].size);
        assert_memory_equal(buffer, cases[i].expected, got);
    }
    assert_int_equal(device->controls, 0);
    finish(iface);
}

static void device_descriptor_has_18_bytes_whatever_it_says(void **state)
{
    const UCHAR lengths[] = { 255, 19, 18, 2, 0 };

    (void)state;

    for (size_t i = 0; i < sizeof(lengths); i++) {
        UCHAR buffer[256];
        struct wu_interface *iface;
        ULONG got = 0;

        device->info.device[0] = lengths[i];
        iface = acquire_interface();
        assert_int_equal(get(iface, 1, 0, buffer, sizeof(buffer), &got), ERROR_SUCCESS);
        assert_int_equal(got, 18);
        assert_memory_equal(buffer, device->info.device, 18);
        finish(iface);
    }
}

static void short_buffer_gets_the_beginning(void **state)
{
    struct wu_interface *iface = acquire_interface();
    UCHAR buffer[10] = { [9] = 77 };
    ULONG got = 0;

    (void)state;

    assert_int_equal(get(iface, 2, 0, buffer, 9, &got), ERROR_SUCCESS);
    assert_int_equal(got, 9);
    assert_memory_equal(buffer, fixture_configuration, 9);
    assert_int_equal(buffer[9], 77);
    assert_int_equal(get(iface, 1, 0, NULL, 0, &got), ERROR_SUCCESS);
    assert_int_equal(got, 0);
    finish(iface);
}

static struct wu_usb_setup last_setup;

static uint32_t answer_string(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    last_setup = *setup;
    memcpy(data, (const UCHAR[]){ 4, 3, 'A', 0 }, 4);
    *transferred = 4;
    return ERROR_SUCCESS;
}

static void strings_come_from_the_device(void **state)
{
    struct wu_interface *iface = acquire_interface();
    UCHAR buffer[256];
    ULONG got = 0;

    (void)state;
    device->control = answer_string;

    assert_int_equal(get(iface, 3, 2, buffer, sizeof(buffer), &got), ERROR_SUCCESS);

    assert_int_equal(got, 4);
    assert_int_equal(last_setup.type, 0x80);
    assert_int_equal(last_setup.request, 6);
    assert_int_equal(last_setup.value, 0x0302);
    assert_int_equal(last_setup.index, 0x0409);
    assert_int_equal(last_setup.length, 256);
    finish(iface);
}

static void no_more_is_asked_for_than_can_be_transferred(void **state)
{
    const ULONG lengths[] = { 4096, 4097, 65535, 65536, 65537, 0xFFFFFFFF };
    const UCHAR types[] = { USB_STRING_DESCRIPTOR_TYPE, USB_BOS_DESCRIPTOR_TYPE };
    struct wu_interface *iface = acquire_interface();
    UCHAR buffer[4096];

    (void)state;
    device->control = answer_string;

    for (size_t i = 0; i < 2 * sizeof(lengths) / sizeof(lengths[0]); i++) {
        ULONG got = 0;

        assert_int_equal(get(iface, types[i % 2], 0, buffer, lengths[i / 2], &got), ERROR_SUCCESS);
        assert_int_equal(got, 4);
        assert_int_equal(last_setup.length, 4096);
    }
    finish(iface);
}

static void configuration_of_several_comes_from_the_device(void **state)
{
    struct wu_interface *iface;
    UCHAR buffer[256];
    ULONG got = 0;

    (void)state;
    device->info.device[17] = 2;
    device->control = answer_string;
    iface = acquire_interface();

    assert_int_equal(get(iface, 2, 0, buffer, sizeof(buffer), &got), ERROR_SUCCESS);

    assert_int_equal(last_setup.value, 0x0200);
    finish(iface);
}

static void missing_descriptors_are_failures(void **state)
{
    const UCHAR types[] = { 3, 4, 5, 6, 0x0F };
    struct wu_interface *iface = acquire_interface();

    (void)state;

    for (size_t i = 0; i < sizeof(types); i++) {
        UCHAR buffer[8];
        ULONG got = 77;

        assert_int_equal(get(iface, types[i], 9, buffer, sizeof(buffer), &got), ERROR_GEN_FAILURE);
        assert_int_equal(got, 77);
    }
    finish(iface);
}

static uint32_t answer_never(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    (void)setup;
    (void)data;
    (void)transferred;
    return ERROR_SEM_TIMEOUT;
}

static void descriptor_is_waited_for_5_s_and_no_longer(void **state)
{
    struct wu_interface *iface = acquire_interface();
    UCHAR buffer[8] = { 77 };
    ULONG got = 77;

    (void)state;
    device->control = answer_never;

    assert_int_equal(get(iface, 3, 2, buffer, sizeof(buffer), &got), ERROR_SEM_TIMEOUT);

    assert_int_equal(device->control_timeout, 5000);
    assert_int_equal(got, 77);
    assert_int_equal(buffer[0], 77);
    finish(iface);
}

static void descriptors_of_an_unplugged_device_are_not_given(void **state)
{
    const UCHAR types[] = { 1, 2, 3, 4, 5 };
    struct wu_interface *iface = acquire_interface();

    (void)state;
    device->gone = true;

    for (size_t i = 0; i < sizeof(types); i++) {
        UCHAR buffer[8];
        ULONG got = 77;

        assert_int_equal(get(iface, types[i], 0, buffer, sizeof(buffer), &got),
                         ERROR_DEVICE_NOT_CONNECTED);
        assert_int_equal(got, 77);
    }
    finish(iface);
}

static void descriptors_need_a_place_to_go(void **state)
{
    struct wu_interface *iface = acquire_interface();
    UCHAR buffer[8];
    ULONG got = 77;

    (void)state;

    assert_int_equal(get(iface, 1, 0, NULL, 8, &got), ERROR_INVALID_PARAMETER);
    assert_int_equal(get(iface, 1, 0, buffer, 8, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(got, 77);
    finish(iface);
}

#define file_test(test) cmocka_unit_test_setup_teardown(test, open_file, close_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        file_test(opening_claims_and_closing_releases),
        file_test(second_opening_shares_the_device),
        file_test(file_without_overlapped_flag_is_refused),
        file_test(no_place_for_the_handle_is_refused),
        file_test(failures_to_open_speak_winusb),
        file_test(unplugged_device_is_a_bad_command),
        file_test(device_without_such_an_interface_is_bad),
        file_test(first_in_the_configuration_is_opened_whatever_its_number),
        file_test(failure_to_list_fails_the_opening),
        file_test(full_handle_table_fails_the_opening),
        file_test(opening_overtaken_by_close_leaves_nothing_behind),
        file_test(closing_what_is_not_open_does_nothing),
        file_test(closing_the_file_first_closes_its_interfaces),
        file_test(other_files_keep_their_interfaces),
        file_test(call_in_progress_keeps_the_device_open),
        file_test(settings_come_in_order_until_there_are_no_more),
        file_test(pipes_come_in_order_until_there_are_no_more),
        file_test(speed_is_low_or_high_and_nothing_else),
        file_test(speed_needs_a_place_to_go),
        file_test(cached_descriptors_cause_no_transfer),
        file_test(device_descriptor_has_18_bytes_whatever_it_says),
        file_test(short_buffer_gets_the_beginning),
        file_test(strings_come_from_the_device),
        file_test(no_more_is_asked_for_than_can_be_transferred),
        file_test(configuration_of_several_comes_from_the_device),
        file_test(missing_descriptors_are_failures),
        file_test(descriptor_is_waited_for_5_s_and_no_longer),
        file_test(descriptors_of_an_unplugged_device_are_not_given),
        file_test(descriptors_need_a_place_to_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
