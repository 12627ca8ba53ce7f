/* The device is unplugged: under requests, and before calls. */
#include "conformance.h"
#include "fixture.h"

#include <string.h>

enum { STREAM = 3 /* transfers under way */, STREAM_PACKETS = 64 };

/* --- Under requests -------------------------------------------------------------------------- */

/* Transfers of a UHCI fail before the hub tells that nobody is there any more. */
static bool tells_that_it_has_gone(DWORD error)
{
    return error == ERROR_DEVICE_NOT_CONNECTED ||
           (error == ERROR_GEN_FAILURE && strcmp(fixture.controller, "uhci") == 0);
}

static void unplugging_ends_what_is_pending(void **state)
{
    const WINUSB_SETUP_PACKET nak = { 0xC0, LABDEV_REQUEST_NAK, 0, 0, 8 };

    (void)state;
    leave_out_on("xhci ehci uhci", "an unanswered request blocks endpoint 0, and the script");
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    begin_read(0, BULK_IN, 512);
    begin_control(1, nak);

    fixture_unplug();

    assert_int_equal(end_of(0, NULL), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(end_of(1, NULL), ERROR_DEVICE_NOT_CONNECTED);
}

static void unplugging_ends_reads_and_writes(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_program(BULK_OUT, .kind = LABDEV_NAK);
    begin_read(0, BULK_IN, 512);
    begin_read(1, BULK_IN, 512);
    begin_read(2, BULK_IN, 10);
    begin_read(3, INTERRUPT_IN, 64);
    begin_write(4, BULK_OUT, 512, 0);

    fixture_unplug();

    for (size_t i = 0; i < 5; i++)
        assert_true(tells_that_it_has_gone(end_of(i, NULL)));
}

static void unplugging_ends_a_synchronous_read(void **state)
{
    pthread_t thread;

    (void)state;
    fixture_begin_read(&thread);

    fixture_unplug();

    assert_true(tells_that_it_has_gone(fixture_end_read(thread)));
}

static void begin_stream(WINUSB_ISOCH_BUFFER_HANDLE handle, size_t index)
{
    static USBD_ISO_PACKET_DESCRIPTOR results[STREAM][STREAM_PACKETS];
    const ULONG size = STREAM_PACKETS * (fixture.high ? 1024 : 256);

    assert_fails(WinUsb_ReadIsochPipeAsap(handle, (ULONG)index * size, size, FALSE, STREAM_PACKETS,
                                          results[index], &fixture.requests[index].overlapped),
                 ERROR_IO_PENDING);
}

/* Buffers are registered until the hub has told that the device has gone. */
static void await_end_of_registering(UCHAR *buffer)
{
    const int64_t start = lab_now();
    WINUSB_ISOCH_BUFFER_HANDLE handle;

    while (WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, buffer, 1024, &handle) &&
           elapsed(start) < PATIENCE)
        WinUsb_UnregisterIsochBuffer(handle);
    assert_int_equal(GetLastError(), ERROR_DEVICE_NOT_CONNECTED);
}

/* What had been under way may have succeeded, but only until one says that the device has gone. */
static void unplugging_ends_an_isochronous_stream(void **state)
{
    static UCHAR buffer[STREAM * STREAM_PACKETS * 1024];
    const struct labdev_replug soon = { .absence = SHORTLY };
    WINUSB_ISOCH_BUFFER_HANDLE handle;
    DWORD error = ERROR_SUCCESS;

    (void)state;
    fixture_select(1);
    assert_succeeds(
        WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, buffer, sizeof(buffer), &handle));
    for (size_t i = 0; i < STREAM; i++)
        begin_stream(handle, i);

    assert_true(labdev_replug(&fixture.device, &soon));

    for (size_t i = 0; error == ERROR_SUCCESS; i = (i + 1) % STREAM) {
        error = end_of(i, NULL);
        if (error == ERROR_SUCCESS)
            begin_stream(handle, i);
    }
    assert_true(tells_that_it_has_gone(error));
    for (size_t i = 0; i < STREAM; i++) {
        error = end_of(i, NULL);
        assert_true(error == ERROR_SUCCESS || tells_that_it_has_gone(error));
    }
    await_end_of_registering(buffer);
    assert_succeeds(WinUsb_UnregisterIsochBuffer(handle));
    fixture_await_return();
}

static void a_device_that_has_come_back_can_be_opened_anew(void **state)
{
    WINUSB_INTERFACE_HANDLE handle;
    HANDLE file;

    (void)state;
    fixture_unplug();
    fixture_await_return();

    file = fixture_open(fixture.where.node);
    assert_succeeds(WinUsb_Initialize(file, &handle));
    assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.data, 64, NULL, NULL),
                 ERROR_DEVICE_NOT_CONNECTED);

    assert_succeeds(WinUsb_ReadPipe(handle, BULK_IN, fixture.data, 512, &fixture.got, NULL));
    assert_int_equal(fixture.got, 512);
    WinUsb_Free(handle);
    CloseHandle(file);
}

/* --- Before calls: one device that has gone, to all of them ---------------------------------- */

static int set_up_gone(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    fixture.tests--;
    fixture_unplug();
    return 0;
}

static void a_read_says_that_the_device_has_gone(void **state)
{
    (void)state;

    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_DEVICE_NOT_CONNECTED);
    begin_read(0, BULK_IN, 64);
    assert_int_equal(end_of(0, NULL), ERROR_DEVICE_NOT_CONNECTED);
}

static void a_write_says_that_the_device_has_gone(void **state)
{
    (void)state;

    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_DEVICE_NOT_CONNECTED);
    begin_write(1, BULK_OUT, 64, 0);
    assert_int_equal(end_of(1, NULL), ERROR_DEVICE_NOT_CONNECTED);
}

static void a_control_transfer_says_that_the_device_has_gone(void **state)
{
    const WINUSB_SETUP_PACKET echo = { 0xC0, LABDEV_ECHO, 0, 0, 8 };

    (void)state;

    assert_int_equal(fixture_control(echo), ERROR_DEVICE_NOT_CONNECTED);
}

static void a_descriptor_says_that_the_device_has_gone(void **state)
{
    (void)state;

    assert_fails(WinUsb_GetDescriptor(fixture.first, 1, 0, 0, fixture.data, 18, &fixture.got),
                 ERROR_DEVICE_NOT_CONNECTED);
    assert_fails(WinUsb_GetDescriptor(fixture.first, 3, 2, 0x0409, fixture.data, 64, &fixture.got),
                 ERROR_DEVICE_NOT_CONNECTED);
}

static void a_reset_says_that_the_device_has_gone(void **state)
{
    (void)state;

    assert_fails(WinUsb_ResetPipe(fixture.first, BULK_IN), ERROR_DEVICE_NOT_CONNECTED);
}

static void abort_and_flush_have_nothing_to_do_with_the_device(void **state)
{
    (void)state;

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));
    assert_succeeds(WinUsb_FlushPipe(fixture.first, BULK_IN));
}

static void initialize_says_bad_command_of_a_device_that_has_gone(void **state)
{
    WINUSB_INTERFACE_HANDLE handle = &handle;

    (void)state;

    assert_fails(WinUsb_Initialize(fixture.file, &handle), ERROR_BAD_COMMAND);
    assert_null(handle);
}

static void an_associated_interface_is_a_bad_command_when_the_device_has_gone(void **state)
{
    WINUSB_INTERFACE_HANDLE handle;

    (void)state;

    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 0, &handle), ERROR_BAD_COMMAND);
}

static void a_setting_is_a_bad_command_when_the_device_has_gone(void **state)
{
    (void)state;

    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.first, 0), ERROR_BAD_COMMAND);
}

static void what_is_in_memory_is_still_told(void **state)
{
    USB_INTERFACE_DESCRIPTOR setting;
    WINUSB_PIPE_INFORMATION pipe;
    UCHAR number = 7;

    (void)state;

    assert_succeeds(WinUsb_QueryInterfaceSettings(fixture.first, 0, &setting));
    assert_succeeds(WinUsb_QueryPipe(fixture.first, 0, 0, &pipe));
    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.first, &number));
}

static void frame_numbers_say_that_the_device_has_gone(void **state)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { NULL, TRUE };
    LARGE_INTEGER stamp;
    ULONG frame;

    (void)state;

    assert_fails(WinUsb_StartTrackingForTimeSync(fixture.first, &start),
                 ERROR_DEVICE_NOT_CONNECTED);
    assert_fails(WinUsb_GetCurrentFrameNumber(fixture.first, &frame, &stamp),
                 ERROR_DEVICE_NOT_CONNECTED);
}

static void its_node_is_not_found(void **state)
{
    (void)state;

    SetLastError(ERROR_SUCCESS);
    assert_ptr_equal(fixture_open(fixture.where.node), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
}

#define gone_test(test) cmocka_unit_test_setup(test, fixture_count)

static int run_under_requests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(unplugging_ends_what_is_pending),
        conformance_test(unplugging_ends_reads_and_writes),
        conformance_test(unplugging_ends_a_synchronous_read),
        conformance_test(unplugging_ends_an_isochronous_stream),
        conformance_test(a_device_that_has_come_back_can_be_opened_anew),
    };

    return run_group("unplug", tests, NULL, NULL);
}

static int run_before_calls(void)
{
    const struct CMUnitTest tests[] = {
        gone_test(a_read_says_that_the_device_has_gone),
        gone_test(a_write_says_that_the_device_has_gone),
        gone_test(a_control_transfer_says_that_the_device_has_gone),
        gone_test(a_descriptor_says_that_the_device_has_gone),
        gone_test(a_reset_says_that_the_device_has_gone),
        gone_test(abort_and_flush_have_nothing_to_do_with_the_device),
        gone_test(initialize_says_bad_command_of_a_device_that_has_gone),
        gone_test(an_associated_interface_is_a_bad_command_when_the_device_has_gone),
        gone_test(a_setting_is_a_bad_command_when_the_device_has_gone),
        gone_test(what_is_in_memory_is_still_told),
        gone_test(frame_numbers_say_that_the_device_has_gone),
        gone_test(its_node_is_not_found),
    };

    return run_group("gone", tests, set_up_gone, fixture_tear_down);
}

int unplug_tests(void)
{
    return run_under_requests() + run_before_calls();
}
