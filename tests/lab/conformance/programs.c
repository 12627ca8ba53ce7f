/* What shipped programs were seen to do. Each is a test of its own. */
#include "conformance.h"
#include "fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { READS = 30, CAN_PACKET = 64, TURNS = 50 /* shorter than a packet */ };

/* --- Handles --------------------------------------------------------------------------------- */

/* Each export that takes a handle, with arguments that would do for an open one. */
static void a_null_handle_is_invalid_to_every_function(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0xC0, LABDEV_ECHO, 0, 0, 8 };
    static UCHAR out[256];
    OVERLAPPED overlapped = { 0 };
    UCHAR flag = 0;

    (void)state;

    assert_true(WinUsb_Free(NULL));
    assert_fails(WinUsb_GetAssociatedInterface(NULL, 0, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetDescriptor(NULL, 1, 0, 0, out, 18, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_QueryInterfaceSettings(NULL, 0, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_QueryDeviceInformation(NULL, DEVICE_SPEED, (void *)out, out),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_SetCurrentAlternateSetting(NULL, 0), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_SetCurrentAlternateSettingAsync(NULL, 0, &overlapped),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetCurrentAlternateSetting(NULL, out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_QueryPipe(NULL, 0, 0, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_QueryPipeEx(NULL, 0, 0, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_SetPipePolicy(NULL, BULK_IN, AUTO_FLUSH, 1, &flag), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetPipePolicy(NULL, BULK_IN, AUTO_FLUSH, (void *)out, out),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_SetPowerPolicy(NULL, AUTO_SUSPEND, 1, &flag), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetPowerPolicy(NULL, AUTO_SUSPEND, (void *)out, out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ReadPipe(NULL, BULK_IN, out, 64, (void *)out, NULL), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_WritePipe(NULL, BULK_OUT, out, 64, (void *)out, NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ControlTransfer(NULL, setup, out, 8, (void *)out, NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ResetPipe(NULL, BULK_IN), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ResetPipeAsync(NULL, BULK_IN, &overlapped), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_AbortPipe(NULL, BULK_IN), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_AbortPipeAsync(NULL, BULK_IN, &overlapped), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_FlushPipe(NULL, BULK_IN), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetOverlappedResult(NULL, &overlapped, (void *)out, FALSE),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_RegisterIsochBuffer(NULL, ISOCH_IN, out, 64, (void *)out),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_UnregisterIsochBuffer(NULL), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ReadIsochPipe(NULL, 0, 64, (void *)out, 1, (void *)out, NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ReadIsochPipeAsap(NULL, 0, 64, FALSE, 1, (void *)out, NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_WriteIsochPipe(NULL, 0, 64, (void *)out, NULL), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_WriteIsochPipeAsap(NULL, 0, 64, FALSE, NULL), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetCurrentFrameNumber(NULL, (void *)out, (void *)out),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_StartTrackingForTimeSync(NULL, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetCurrentFrameNumberAndQpc(NULL, (void *)out), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_StopTrackingForTimeSync(NULL, (void *)out), ERROR_INVALID_HANDLE);
}

/* --- Many reads, and a sudden end ------------------------------------------------------------ */

/* What the program allocates for one read. */
struct can_read {
    OVERLAPPED overlapped;
    UCHAR data[CAN_PACKET];
};

static void thirty_reads_are_posted_and_left_behind(void **state)
{
    struct can_read *reads = calloc(READS, sizeof(*reads));
    struct can_read *after = malloc(READS * sizeof(*after));

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    for (size_t i = 0; i < READS; i++) {
        reads[i].overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, reads[i].data, CAN_PACKET, NULL,
                                     &reads[i].overlapped),
                     ERROR_IO_PENDING);
    }

    for (size_t i = 0; i < READS; i++)
        CloseHandle(reads[i].overlapped.hEvent);
    assert_true(WinUsb_Free(fixture.first));
    memset(reads, UNTOUCHED, READS * sizeof(*reads));
    memcpy(after, reads, READS * sizeof(*after));
    fixture_close_file();

    /* Whatever comes later has time to come. */
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE);
    Sleep(SHORTLY);
    assert_memory_equal(reads, after, READS * sizeof(*reads));
    free(reads);
    free(after);
}

static void an_overlapped_read_is_pending_also_when_its_data_are_there(void **state)
{
    (void)state;
    assert_writes(LOOP_OUT, 10, 0);
    assert_reads(LOOP_IN, 512, 0, 10);
    for (size_t i = 0; i < READS; i++)
        assert_writes(LOOP_OUT, 10, i);

    for (size_t i = 0; i < READS; i++)
        begin_read(i, LOOP_IN, 512);

    for (size_t i = 0; i < READS; i++)
        assert_read_ends(i, i, 10);
}

/* --- Descriptors ----------------------------------------------------------------------------- */

static void nine_bytes_of_a_configuration_tell_how_many_there_are(void **state)
{
    ULONG total;

    (void)state;

    assert_succeeds(WinUsb_GetDescriptor(fixture.first, 2, 0, 0, fixture.data, 9, &fixture.got));
    assert_int_equal(fixture.got, 9);
    total = (ULONG)(fixture.data[2] | fixture.data[3] << 8);
    assert_succeeds(
        WinUsb_GetDescriptor(fixture.first, 2, 0, 0, fixture.data, total, &fixture.got));
    assert_int_equal(fixture.got, total);
}

static void a_string_fits_buffers_of_64_and_of_256_bytes(void **state)
{
    (void)state;

    for (ULONG size = 64; size <= 256; size *= 2) {
        assert_succeeds(
            WinUsb_GetDescriptor(fixture.first, 3, 2, 0x0409, fixture.data, size, &fixture.got));
        assert_int_equal(fixture.got, 2 + 2 * strlen(LABDEV_PRODUCT));
    }
}

/* Such loops drop a device whose string fails with anything but ERROR_INSUFFICIENT_BUFFER. Where it
 * does not fail, its length is told with what fits. */
static void a_loop_that_doubles_its_buffer_does_not_drop_the_device(void **state)
{
    ULONG size = 8;
    BOOL done;

    (void)state;

    while (!(done = WinUsb_GetDescriptor(fixture.first, 3, 2, 0x0409, fixture.data, size,
                                         &fixture.got)) &&
           GetLastError() == ERROR_INSUFFICIENT_BUFFER && size < ROOM)
        size *= 2;

    assert_true(done);
    assert_int_equal(fixture.got, size);
    assert_int_equal(fixture.data[0], 2 + 2 * strlen(LABDEV_PRODUCT));
}

/* --- Arguments ------------------------------------------------------------------------------- */

static void a_length_and_an_overlapped_may_both_be_given(void **state)
{
    ULONG length = 0;
    DWORD bytes = 0;
    OVERLAPPED *overlapped = &fixture.requests[0].overlapped;

    (void)state;

    assert_fails(
        WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.requests[0].data, 512, &length, overlapped),
        ERROR_IO_PENDING);
    assert_succeeds(WinUsb_GetOverlappedResult(fixture.first, overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 512);

    assert_fails(
        WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.requests[0].data, 512, NULL, overlapped),
        ERROR_IO_PENDING);
    assert_succeeds(WinUsb_GetOverlappedResult(fixture.first, overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 512);
}

/* --- One thread reads, another writes -------------------------------------------------------- */

/* Reads answers of up to 512 bytes until one of them is empty, and counts those that are right. */
static void *read_answers(void *argument)
{
    ULONG *right = argument;
    UCHAR data[512];
    ULONG got = 1;

    while (WinUsb_ReadPipe(fixture.first, LOOP_IN, data, sizeof(data), &got, NULL) && got > 0)
        *right += got == 1 + *right && labdev_mismatch(data, got, *right) == got;
    return NULL;
}

static void a_thread_reads_for_ever_while_another_writes(void **state)
{
    ULONG right = 0;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, read_answers, &right), 0);

    for (ULONG turn = 0; turn < TURNS; turn++)
        assert_writes(LOOP_OUT, 1 + turn, turn);
    assert_writes(LOOP_OUT, 0, 0);

    pthread_join(thread, NULL);
    assert_int_equal(right, TURNS);
}

static void two_short_packets_are_two_reads(void **state)
{
    (void)state;
    assert_writes(LOOP_OUT, 8, 0);
    assert_writes(LOOP_OUT, 8, 8);

    assert_reads(LOOP_IN, 512, 0, 8);
    assert_reads(LOOP_IN, 512, 8, 8);
}

/* --- The wrong handle for an endpoint -------------------------------------------------------- */

static void the_first_handle_serves_endpoints_of_the_second_interface(void **state)
{
    (void)state;
    fixture_select(3);

    assert_writes(OTHER_OUT, 10, 0);
    assert_reads(OTHER_IN, 512, 0, 10);
    begin_read(0, OTHER_IN, 512);
    assert_succeeds(WinUsb_AbortPipe(fixture.first, OTHER_IN));
    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    assert_succeeds(WinUsb_FlushPipe(fixture.first, OTHER_IN));
    assert_succeeds(WinUsb_ResetPipe(fixture.first, OTHER_IN));
}

static void pipes_of_settings_that_are_not_selected_are_told(void **state)
{
    WINUSB_PIPE_INFORMATION_EX pipe;

    (void)state;
    fixture_open_second();

    for (UCHAR setting = 1; setting < 5; setting++) {
        assert_succeeds(WinUsb_QueryPipeEx(fixture.second, setting, 1, &pipe));
        assert_int_equal(pipe.PipeId, setting == 3 ? OTHER_OUT : ISOCH_OUT);
        assert_true(pipe.MaximumBytesPerInterval > 0);
    }
}

/* --- Isochronous ----------------------------------------------------------------------------- */

static void a_buffer_is_registered_at_every_change_of_setting(void **state)
{
    static UCHAR buffer[16 * 3072];
    static USBD_ISO_PACKET_DESCRIPTOR results[16];
    static const UCHAR settings[] = { 1, 2, 1 };
    WINUSB_ISOCH_BUFFER_HANDLE handle;

    (void)state;
    leave_out_on("ehci", "QEMU's counter goes in bursts: a short stream may be missed as a whole");

    for (size_t i = 0; i < sizeof(settings); i++) {
        WINUSB_PIPE_INFORMATION_EX pipe;

        fixture_select(settings[i]);
        assert_succeeds(WinUsb_QueryPipeEx(fixture.second, settings[i], 0, &pipe));
        assert_succeeds(WinUsb_RegisterIsochBuffer(fixture.second, pipe.PipeId, buffer,
                                                   sizeof(buffer), &handle));
        assert_succeeds(WinUsb_ReadIsochPipeAsap(handle, 0, 16 * pipe.MaximumBytesPerInterval,
                                                 FALSE, 16, results, NULL));
        assert_succeeds(WinUsb_UnregisterIsochBuffer(handle));
    }
}

/* Reads 8 frames from the current one and some more on. @return how that ended */
static DWORD read_from_now_on(WINUSB_ISOCH_BUFFER_HANDLE handle, ULONG ahead)
{
    static USBD_ISO_PACKET_DESCRIPTOR results[64];
    const ULONG packets = fixture.high ? 64 : 8, size = fixture.high ? 1024 : 256;
    LARGE_INTEGER stamp;
    ULONG frame, start;

    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &frame, &stamp));
    start = frame += ahead;
    assert_fails(WinUsb_ReadIsochPipe(handle, 0, packets * size, &frame, packets, results,
                                      &fixture.requests[0].overlapped),
                 ERROR_IO_PENDING);
    assert_int_equal(frame, start + 8);
    return end_of(0, NULL);
}

/* A program that is paused may be late even so, and then tries again. */
static void the_current_frame_and_2_or_5_more_are_start_frames(void **state)
{
    static UCHAR buffer[64 * 1024];
    const int64_t begun = lab_now();
    WINUSB_ISOCH_BUFFER_HANDLE handle;

    (void)state;
    leave_out_on("vhci", "its bus has no frames");
    leave_out_on("ehci uhci", "QEMU's counter goes in bursts: what is past is not known");
    fixture_select(1);
    assert_succeeds(
        WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, buffer, sizeof(buffer), &handle));

    for (ULONG ahead = 2; ahead <= 5; ahead += 3) {
        DWORD error;

        do {
            error = read_from_now_on(handle, ahead);
        } while (error == ERROR_INVALID_PARAMETER && elapsed(begun) < PATIENCE);
        assert_int_equal(error, ERROR_SUCCESS);
    }
    WinUsb_UnregisterIsochBuffer(handle);
}

/* --- Ways to cancel and to wait -------------------------------------------------------------- */

static void three_ways_to_cancel_end_a_request_alike(void **state)
{
    OVERLAPPED *overlapped = &fixture.requests[0].overlapped;

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);

    begin_read(0, BULK_IN, 512);
    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));
    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    begin_read(0, BULK_IN, 512);
    assert_succeeds(CancelIoEx(fixture.file, overlapped));
    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    begin_read(0, BULK_IN, 512);
    assert_succeeds(CancelIo(fixture.file));
    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
}

static void a_request_can_be_polled_for(void **state)
{
    const int64_t start = lab_now();
    DWORD bytes = 0;

    (void)state;
    begin_read(0, BULK_IN, 512);

    while (is_pending(0) && elapsed(start) < PATIENCE)
        continue;

    assert_succeeds(
        WinUsb_GetOverlappedResult(fixture.first, &fixture.requests[0].overlapped, &bytes, FALSE));
    assert_int_equal(bytes, 512);
    assert_int_equal(labdev_mismatch(fixture.requests[0].data, 512, 0), 512);
}

/* --- libusb's ways --------------------------------------------------------------------------- */

static void policies_are_set_on_every_endpoint_whether_they_apply_or_not(void **state)
{
    static const UCHAR pipes[] = { BULK_IN, BULK_OUT, INTERRUPT_IN, INTERRUPT_OUT };

    (void)state;

    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, 0);
    for (size_t i = 0; i < sizeof(pipes); i++) {
        fixture_set_policy(pipes[i], PIPE_TRANSFER_TIMEOUT, 0);
        fixture_set_policy(pipes[i], SHORT_PACKET_TERMINATE, FALSE);
        fixture_set_policy(pipes[i], IGNORE_SHORT_PACKETS, FALSE);
        fixture_set_policy(pipes[i], ALLOW_PARTIAL_READS, TRUE);
        fixture_set_policy(pipes[i], AUTO_CLEAR_STALL, TRUE);
    }

    assert_reads(BULK_IN, 512, 0, 512);
    assert_writes(BULK_OUT, 512, 0);
}

static void abort_flush_and_reset_bring_a_stalled_endpoint_back(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_STALL, 0 } });
    assert_int_equal(fixture_read(BULK_IN, 512), ERROR_GEN_FAILURE);

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));
    assert_succeeds(WinUsb_FlushPipe(fixture.first, BULK_IN));
    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_IN));

    assert_reads(BULK_IN, 512, 0, 512);
}

/* --- Time sync ------------------------------------------------------------------------------- */

static bool ask(HANDLE tracking, USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info_out)
{
    memset(info_out, 0, sizeof(*info_out));
    info_out->TimeTrackingHandle = tracking;
    return WinUsb_GetCurrentFrameNumberAndQpc(fixture.first, info_out);
}

static void time_sync_starts_with_null_and_true_and_ends_before_free(void **state)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { NULL, TRUE };
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION stop;
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info;
    LARGE_INTEGER before, after;
    int64_t begin;

    (void)state;
    leave_out_on("vhci", "there is no host controller with a counter");
    assert_succeeds(WinUsb_StartTrackingForTimeSync(fixture.first, &start));
    assert_non_null(start.TimeTrackingHandle);

    begin = lab_now();
    QueryPerformanceCounter(&before);
    while (!ask(start.TimeTrackingHandle, &info) && elapsed(begin) < PATIENCE) {
        assert_int_equal(GetLastError(), ERROR_NOT_READY);
        QueryPerformanceCounter(&before);
    }
    QueryPerformanceCounter(&after);

    assert_in_range(info.CurrentHardwareFrameNumber, 0, 2047);
    assert_in_range(info.CurrentQueryPerformanceCounter.QuadPart, before.QuadPart - 20480000,
                    after.QuadPart + 10 * info.PredictedAccuracyInMicroSeconds);
    stop.TimeTrackingHandle = start.TimeTrackingHandle;
    assert_succeeds(WinUsb_StopTrackingForTimeSync(fixture.first, &stop));
}

int program_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(a_null_handle_is_invalid_to_every_function),
        conformance_test(thirty_reads_are_posted_and_left_behind),
        conformance_test(an_overlapped_read_is_pending_also_when_its_data_are_there),
        conformance_test(nine_bytes_of_a_configuration_tell_how_many_there_are),
        conformance_test(a_string_fits_buffers_of_64_and_of_256_bytes),
        conformance_test(a_loop_that_doubles_its_buffer_does_not_drop_the_device),
        conformance_test(a_length_and_an_overlapped_may_both_be_given),
        conformance_test(a_thread_reads_for_ever_while_another_writes),
        conformance_test(two_short_packets_are_two_reads),
        conformance_test(the_first_handle_serves_endpoints_of_the_second_interface),
        conformance_test(pipes_of_settings_that_are_not_selected_are_told),
        conformance_test(a_buffer_is_registered_at_every_change_of_setting),
        conformance_test(the_current_frame_and_2_or_5_more_are_start_frames),
        conformance_test(three_ways_to_cancel_end_a_request_alike),
        conformance_test(a_request_can_be_polled_for),
        conformance_test(policies_are_set_on_every_endpoint_whether_they_apply_or_not),
        conformance_test(abort_flush_and_reset_bring_a_stalled_endpoint_back),
        conformance_test(time_sync_starts_with_null_and_true_and_ends_before_free),
    };

    return run_group("programs", tests, NULL, NULL);
}
