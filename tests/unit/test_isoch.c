/* isoch.c and isoch_buffer.c: what goes down to the bus, what comes back, and how it ends. */
#include "cmocka_all.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "core/isoch.h"
#include "core/isoch_time.h"
#include "core/request.h"
#include "core/setting.h"
#include "core_fixture.h"

enum {
    READ_PIPE = 0x84,   /* 8 packets of 64 bytes in a frame */
    WRITE_PIPE = 0x05,  /* 1 packet of 100 bytes in a frame */
    OTHER_PIPE = 0x81,  /* not isochronous */
    ABSENT_PIPE = 0x86, /* of no setting */
    PACKET = 64,
    FRAME = 8 * PACKET,
    MEMORY_SIZE = 4096,
    HOUR = 3600000, /* [frames] */
    NS_PER_FRAME = 1000000,
    LEAD = NS_PER_FRAME, /* where the controller leaves no frame idle */
};

/* Interface 0 with settings 0 (isochronous pipes and a bulk one) and 1 (nothing). */
static const unsigned char configuration[] = {
    9, 2, 48,   0, 1,   1, 0, 0x80, 50, /* configuration */
    9, 4, 0,    0, 3,   1, 2, 3,    0,  /* interface 0, setting 0 */
    7, 5, 0x84, 1, 64,  0, 1,           /* endpoint 84, every microframe */
    7, 5, 0x05, 1, 100, 0, 4,           /* endpoint 05, every eighth microframe */
    7, 5, 0x81, 2, 0,   2, 0,           /* endpoint 81, bulk */
    9, 4, 0,    1, 0,   1, 2, 3,    0,  /* interface 0, setting 1 */
};

static struct fake_usb_device *device;
static HANDLE file, handle, in_handle, out_handle;
static struct wu_interface *iface;
static struct wu_isoch_buffer *in, *out;
static HANDLE events[3]; /* without one of their own, requests would share their file's */
static UCHAR memory[MEMORY_SIZE];
static USBD_ISO_PACKET_DESCRIPTOR results[64];

static int open_buffers(void **state)
{
    (void)state;
    fake_usb_reset();
    fake_tracker_reset();
    device = fake_usb_add(5, 0x1234, 0x5678, configuration, sizeof(configuration));
    file = fixture_open_file();
    if (wu_interface_open(file, &handle) != ERROR_SUCCESS)
        return 1;
    iface = wu_interface_acquire(handle);
    if (wu_isoch_register(iface, READ_PIPE, memory, MEMORY_SIZE, &in_handle) != ERROR_SUCCESS ||
        wu_isoch_register(iface, WRITE_PIPE, memory, MEMORY_SIZE, &out_handle) != ERROR_SUCCESS)
        return 1;
    in = wu_isoch_buffer_acquire(in_handle);
    out = wu_isoch_buffer_acquire(out_handle);
    for (size_t i = 0; i < 3; i++)
        events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
    return 0;
}

/* Tests may have freed any of it already. */
static int close_buffers(void **state)
{
    (void)state;
    wu_isoch_buffer_release(in);
    wu_isoch_buffer_release(out);
    wu_interface_release(iface);
    wu_interface_close(handle);
    CloseHandle(file);
    for (size_t i = 0; i < 3; i++)
        CloseHandle(events[i]);
    return !fixture_is_idle();
}

/* --- What tests are made of ---------------------------------------------------------------- */

static struct wu_isoch_call read_call(ULONG frames, OVERLAPPED *overlapped)
{
    const struct wu_isoch_call call = {
        .length = frames * FRAME,
        .result_count = frames * 8,
        .results = results,
        .overlapped = overlapped,
    };

    return call;
}

static DWORD read_soon(ULONG frames, OVERLAPPED *overlapped)
{
    const struct wu_isoch_call call = read_call(frames, overlapped);

    return wu_isoch_read(in, &call);
}

static DWORD read_at(ULONG *frame, ULONG frames, OVERLAPPED *overlapped)
{
    struct wu_isoch_call call = read_call(frames, overlapped);

    call.start = WU_ISOCH_AT_FRAME;
    call.frame = frame;
    return wu_isoch_read(in, &call);
}

static DWORD continue_reading(ULONG frames, OVERLAPPED *overlapped)
{
    struct wu_isoch_call call = read_call(frames, overlapped);

    call.start = WU_ISOCH_CONTINUED;
    return wu_isoch_read(in, &call);
}

static DWORD write_soon(ULONG length, OVERLAPPED *overlapped)
{
    const struct wu_isoch_call call = { .length = length, .overlapped = overlapped };

    return wu_isoch_write(out, &call);
}

/* Ends a transfer whose packets all were so long. */
static void complete(struct fake_usb_transfer *transfer, ULONG bytes)
{
    const struct wu_usb_submission *submission = &transfer->submission;

    for (ULONG i = 0; i < submission->packet_count; i++) {
        submission->packets[i].bytes = bytes;
        submission->packets[i].status = WU_USB_PACKET_DONE;
    }
    fake_usb_complete(transfer, ERROR_SUCCESS, 0);
}

static void complete_fully(struct fake_usb_transfer *transfer)
{
    complete(transfer, PACKET);
}

/* @return what an overlapped request ended with; it has to tell of no bytes */
static DWORD result(const OVERLAPPED *overlapped)
{
    DWORD bytes = 77;
    const DWORD error = wu_interface_result(iface, overlapped, &bytes, true);

    assert_int_equal(bytes, 0);
    return error;
}

static bool is_done(const OVERLAPPED *overlapped)
{
    DWORD bytes;

    return wu_interface_result(iface, overlapped, &bytes, false) != ERROR_IO_INCOMPLETE;
}

static void abort_reads(void)
{
    assert_int_equal(wu_pipe_abort(iface, READ_PIPE), ERROR_SUCCESS);
}

/* From now on the current frame is this one, which began now; those asked about are this many
 * frames away, to the tracker. */
static void set_clock(ULONG frame, LONG ahead)
{
    const int64_t now = wu_host_clock_now();

    fake_tracker.answer.microframe = (int64_t)frame * 8 + 5;
    fake_tracker.answer.microframe_time = now;
    fake_tracker.answer.asked_time = now + (int64_t)ahead * NS_PER_FRAME;
}

/* --- Buffers ------------------------------------------------------------------------------- */

static void only_isochronous_pipes_that_are_open_take_buffers(void **state)
{
    const UCHAR others[] = {
        0, OTHER_PIPE, ABSENT_PIPE, READ_PIPE & 0x0F, WRITE_PIPE | 0x80, READ_PIPE | 0x10
    };
    HANDLE buffer = (HANDLE)77;

    (void)state;

    for (size_t i = 0; i < sizeof(others); i++)
        assert_int_equal(wu_isoch_register(iface, others[i], memory, MEMORY_SIZE, &buffer),
                         ERROR_INVALID_PARAMETER);
    assert_ptr_equal(buffer, (HANDLE)77);
}

static void a_buffer_is_memory_and_gets_a_handle(void **state)
{
    HANDLE buffer = (HANDLE)77;

    (void)state;

    assert_int_equal(wu_isoch_register(iface, READ_PIPE, NULL, MEMORY_SIZE, &buffer),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_isoch_register(iface, READ_PIPE, memory, 0, &buffer),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_isoch_register(iface, READ_PIPE, memory, MEMORY_SIZE, NULL),
                     ERROR_INVALID_PARAMETER);
    device->gone = true;
    assert_int_equal(wu_isoch_register(iface, READ_PIPE, memory, MEMORY_SIZE, &buffer),
                     ERROR_DEVICE_NOT_CONNECTED);
    assert_ptr_equal(buffer, (HANDLE)77);
}

static void a_buffer_is_unregistered_once(void **state)
{
    (void)state;

    assert_int_equal(wu_isoch_unregister(in_handle), ERROR_SUCCESS);

    assert_int_equal(wu_isoch_unregister(in_handle), ERROR_INVALID_HANDLE);
    assert_null(wu_isoch_buffer_acquire(in_handle));
    assert_int_equal(wu_isoch_unregister(NULL), ERROR_INVALID_HANDLE);
    assert_int_equal(wu_isoch_unregister(handle), ERROR_INVALID_HANDLE);
}

static void a_call_that_meets_an_unregistered_buffer_transfers_nothing(void **state)
{
    OVERLAPPED overlapped = { 0 };

    (void)state;
    wu_isoch_unregister(in_handle);

    assert_int_equal(read_soon(1, &overlapped), ERROR_IO_PENDING);

    assert_int_equal(result(&overlapped), ERROR_OPERATION_ABORTED);
    assert_int_equal(read_soon(1, NULL), ERROR_OPERATION_ABORTED);
    assert_int_equal(device->submits, 0);
}

/* Ends the oldest transfer as soon as nothing can begin on the buffer any more. */
static void *complete_once_closed(void *argument)
{
    while (wu_handle_is_open(in_handle, WU_HANDLE_ISOCH_BUFFER))
        sched_yield();
    complete_fully(fake_usb_oldest(READ_PIPE));
    return argument;
}

static void unregistering_waits_for_transfers(void **state)
{
    OVERLAPPED overlapped = { 0 };
    pthread_t thread;
    bool done;

    (void)state;
    read_soon(1, &overlapped);
    pthread_create(&thread, NULL, complete_once_closed, NULL);

    assert_int_equal(wu_isoch_unregister(in_handle), ERROR_SUCCESS);
    done = is_done(&overlapped);
    pthread_join(thread, NULL);

    assert_true(done);
    assert_int_equal(result(&overlapped), ERROR_SUCCESS);
}

static void unregistering_waits_for_no_other_buffer(void **state)
{
    OVERLAPPED overlapped = { 0 };
    HANDLE other;

    (void)state;
    wu_isoch_register(iface, READ_PIPE, memory, MEMORY_SIZE, &other);
    read_soon(1, &overlapped);

    assert_int_equal(wu_isoch_unregister(other), ERROR_SUCCESS);

    assert_false(is_done(&overlapped));
    abort_reads();
}

static void buffers_end_with_their_interface(void **state)
{
    (void)state;

    wu_interface_close(handle);

    assert_int_equal(wu_isoch_unregister(in_handle), ERROR_INVALID_HANDLE);
    assert_int_equal(wu_isoch_unregister(out_handle), ERROR_INVALID_HANDLE);
    assert_int_equal(wu_isoch_register(iface, READ_PIPE, memory, MEMORY_SIZE, &in_handle),
                     ERROR_INVALID_HANDLE);
}

static void a_buffer_is_useless_while_its_pipe_is_closed(void **state)
{
    (void)state;
    wu_setting_set(iface, 1);

    assert_int_equal(read_soon(1, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(write_soon(100, NULL), ERROR_INVALID_PARAMETER);

    wu_setting_set(iface, 0);
    device->submitted = complete_fully;
    assert_int_equal(read_soon(1, NULL), ERROR_SUCCESS);
}

/* --- What goes down ------------------------------------------------------------------------ */

static void bad_reads_are_refused_at_once(void **state)
{
    const struct wu_isoch_call good = read_call(2, NULL);
    struct wu_isoch_call bad[8];

    (void)state;
    for (size_t i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].offset = MEMORY_SIZE - 2 * FRAME + 1;
    bad[1].offset = MEMORY_SIZE + 1;
    bad[2].length = 0;
    bad[3].length = 2 * FRAME - PACKET;
    bad[4].length = 2 * FRAME - 1;
    bad[5].result_count = 15;
    bad[6].results = NULL;
    bad[7].start = WU_ISOCH_AT_FRAME; /* without a frame */

    for (size_t i = 0; i < 8; i++)
        assert_int_equal(wu_isoch_read(in, &bad[i]), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_isoch_read(out, &good), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_isoch_write(in, &good), ERROR_INVALID_PARAMETER);
    assert_int_equal(device->submits, 0);
}

static void a_read_goes_down_in_packets_without_a_copy(void **state)
{
    struct wu_isoch_call call;
    OVERLAPPED overlapped = { 0 };
    const struct wu_usb_submission *submission;

    (void)state;
    call = read_call(2, &overlapped);
    call.offset = 100;

    assert_int_equal(wu_isoch_read(in, &call), ERROR_IO_PENDING);

    submission = &fake_usb_oldest(READ_PIPE)->submission;
    assert_int_equal(submission->type, WU_USB_ISOCH);
    assert_ptr_equal(submission->data, memory + 100);
    assert_int_equal(submission->length, 2 * FRAME);
    assert_int_equal(submission->packet_count, 16);
    for (ULONG i = 0; i < 16; i++)
        assert_int_equal(submission->packets[i].length, PACKET);
    abort_reads();
}

static void the_last_packet_of_a_write_may_be_shorter(void **state)
{
    OVERLAPPED overlapped = { 0 };
    const struct wu_usb_submission *submission;

    (void)state;

    assert_int_equal(write_soon(230, &overlapped), ERROR_IO_PENDING);

    submission = &fake_usb_oldest(WRITE_PIPE)->submission;
    assert_int_equal(submission->length, 230);
    assert_int_equal(submission->packet_count, 3);
    assert_int_equal(submission->packets[1].length, 100);
    assert_int_equal(submission->packets[2].length, 30);
    complete(fake_usb_oldest(WRITE_PIPE), 0);
    assert_int_equal(result(&overlapped), ERROR_SUCCESS);
}

static void transfers_of_a_pipe_go_down_before_any_has_ended(void **state)
{
    OVERLAPPED overlapped[3] = { { .hEvent = events[0] },
                                 { .hEvent = events[1] },
                                 { .hEvent = events[2] } };

    (void)state;

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(read_soon(1, &overlapped[i]), ERROR_IO_PENDING);

    assert_int_equal(fake_usb_pending(READ_PIPE), 3);
    for (size_t i = 0; i < 3; i++) {
        complete_fully(fake_usb_oldest(READ_PIPE));
        assert_int_equal(result(&overlapped[i]), ERROR_SUCCESS);
    }
}

/* --- What comes back ----------------------------------------------------------------------- */

static void every_packet_tells_its_place_length_and_status(void **state)
{
    const struct {
        enum wu_usb_packet_status status;
        USBD_STATUS expected;
    } cases[8] = {
        { WU_USB_PACKET_DONE, USBD_STATUS_SUCCESS },
        { WU_USB_PACKET_FAILED, USBD_STATUS_XACT_ERROR },
        { WU_USB_PACKET_STALLED, USBD_STATUS_STALL_PID },
        { WU_USB_PACKET_OVERRUN, USBD_STATUS_DATA_OVERRUN },
        { WU_USB_PACKET_CANCELLED, USBD_STATUS_CANCELED },
        { WU_USB_PACKET_GONE, USBD_STATUS_DEVICE_GONE },
        { WU_USB_PACKET_DONE, USBD_STATUS_SUCCESS },
        { WU_USB_PACKET_DONE, USBD_STATUS_SUCCESS },
    };
    OVERLAPPED overlapped = { 0 };
    struct fake_usb_transfer *transfer;

    (void)state;
    read_soon(1, &overlapped);
    transfer = fake_usb_oldest(READ_PIPE);
    for (ULONG i = 0; i < 8; i++) {
        transfer->submission.packets[i].bytes = i * 3;
        transfer->submission.packets[i].status = cases[i].status;
    }

    fake_usb_complete(transfer, ERROR_SUCCESS, 0);

    assert_int_equal(result(&overlapped), ERROR_SUCCESS);
    for (ULONG i = 0; i < 8; i++) {
        assert_int_equal(results[i].Offset, i * PACKET);
        assert_int_equal(results[i].Length, i * 3);
        assert_int_equal(results[i].Status, cases[i].expected);
    }
}

static void fail_all(struct fake_usb_transfer *transfer)
{
    for (ULONG i = 0; i < transfer->submission.packet_count; i++)
        transfer->submission.packets[i].status = WU_USB_PACKET_FAILED;
    fake_usb_complete(transfer, ERROR_SUCCESS, 0);
}

static void a_transfer_fails_when_all_its_packets_do(void **state)
{
    (void)state;
    device->submitted = fail_all;

    assert_int_equal(read_soon(1, NULL), ERROR_GEN_FAILURE);
    assert_int_equal(write_soon(100, NULL), ERROR_GEN_FAILURE);
    assert_int_equal(results[7].Status, USBD_STATUS_XACT_ERROR);
}

static void a_transfer_that_the_kernel_refuses_ends_with_its_error(void **state)
{
    OVERLAPPED overlapped = { 0 };

    (void)state;
    device->submit_error = ERROR_NOT_ENOUGH_MEMORY;

    assert_int_equal(read_soon(1, &overlapped), ERROR_IO_PENDING);

    assert_int_equal(result(&overlapped), ERROR_NOT_ENOUGH_MEMORY);
}

/* --- Streams ------------------------------------------------------------------------------- */

static void continuing_takes_a_transfer_that_pends(void **state)
{
    OVERLAPPED first = { .hEvent = events[0] }, second = { .hEvent = events[1] },
               third = { .hEvent = events[2] };

    (void)state;

    assert_int_equal(continue_reading(1, &first), ERROR_IO_PENDING);
    assert_int_equal(result(&first), ERROR_INVALID_PARAMETER);
    assert_int_equal(continue_reading(1, NULL), ERROR_INVALID_PARAMETER);

    read_soon(1, &first);
    assert_int_equal(continue_reading(1, &second), ERROR_IO_PENDING);
    assert_int_equal(fake_usb_pending(READ_PIPE), 2);

    complete_fully(fake_usb_oldest(READ_PIPE));
    complete_fully(fake_usb_oldest(READ_PIPE));
    assert_int_equal(result(&first), ERROR_SUCCESS);
    assert_int_equal(result(&second), ERROR_SUCCESS);
    assert_int_equal(continue_reading(1, &third), ERROR_IO_PENDING);
    assert_int_equal(result(&third), ERROR_INVALID_PARAMETER);
}

/* --- Frames -------------------------------------------------------------------------------- */

static void the_frame_number_moves_on_when_a_call_is_accepted(void **state)
{
    struct wu_isoch_call call = { .length = 230, .start = WU_ISOCH_AT_FRAME };
    ULONG frame = UINT32_MAX - 1;
    OVERLAPPED overlapped[2] = { { .hEvent = events[0] }, { .hEvent = events[1] } };

    (void)state;
    set_clock(frame, 0);

    assert_int_equal(read_at(&frame, 3, &overlapped[0]), ERROR_IO_PENDING);
    assert_int_equal(frame, 1);
    call.frame = &frame;
    call.overlapped = &overlapped[1];
    assert_int_equal(wu_isoch_write(out, &call), ERROR_IO_PENDING);
    assert_int_equal(frame, 4);

    call.length = 0;
    assert_int_equal(wu_isoch_write(out, &call), ERROR_INVALID_PARAMETER);
    assert_int_equal(frame, 4);
    abort_reads();
    wu_pipe_abort(iface, WRITE_PIPE);
}

static int64_t submitted_at; /* [ns] */

static void complete_and_note_when(struct fake_usb_transfer *transfer)
{
    submitted_at = wu_host_clock_now();
    complete_fully(transfer);
}

static void a_frame_to_come_is_waited_for(void **state)
{
    OVERLAPPED overlapped = { 0 };
    ULONG frame = 130;
    int64_t begin;

    (void)state;
    set_clock(100, 30);
    begin = fake_tracker.answer.asked_time - LEAD;
    device->submitted = complete_and_note_when;

    assert_int_equal(read_at(&frame, 1, &overlapped), ERROR_IO_PENDING);
    assert_int_equal(fake_tracker.asked.frame, 130);

    assert_int_equal(result(&overlapped), ERROR_SUCCESS);
    assert_true(submitted_at >= begin);
}

static void a_synchronous_call_waits_for_its_frame_too(void **state)
{
    ULONG frame = 120;
    int64_t begin;

    (void)state;
    set_clock(100, 20);
    begin = fake_tracker.answer.asked_time - LEAD;
    device->submitted = complete_and_note_when;

    assert_int_equal(read_at(&frame, 1, NULL), ERROR_SUCCESS);

    assert_true(submitted_at >= begin);
    assert_int_equal(frame, 121);
}

static void a_frame_is_dated_by_the_tracker_while_somebody_tracks(void **state)
{
    struct wu_isoch_moment moment;

    (void)state;
    set_clock(100, 30);

    moment = wu_isoch_when(iface->device, 130);

    assert_true(moment.known);
    assert_int_equal(moment.ahead, 30);
    assert_int_equal(moment.begin, fake_tracker.answer.asked_time);
    assert_int_equal(wu_isoch_when(iface->device, 90).ahead, -10);
}

/* The time at which a frame's number was read lies in its middle, on average. */
static void a_frame_is_dated_by_the_counter_while_nobody_tracks(void **state)
{
    struct wu_isoch_moment moment;

    (void)state;
    fake_tracker.query_error = ERROR_NOT_READY;
    fake_tracker.frame = 100;
    fake_tracker.frame_time = 77 * NS_PER_FRAME;

    moment = wu_isoch_when(iface->device, 115);

    assert_true(moment.known);
    assert_int_equal(moment.ahead, 15);
    assert_int_equal(moment.begin, (77 + 15) * NS_PER_FRAME - NS_PER_FRAME / 2);
    fake_tracker.frame_error = ERROR_NOT_READY;
    assert_false(wu_isoch_when(iface->device, 115).known);
}

static void waking_takes_a_frame_more_than_the_controller_leaves_idle(void **state)
{
    (void)state;

    assert_int_equal(wu_isoch_lead(iface->device), LEAD);
    fake_tracker.find_error = ERROR_FILE_NOT_FOUND;
    assert_int_equal(wu_isoch_lead(iface->device), 0);
}

static void without_a_clock_frames_are_as_soon_as_possible(void **state)
{
    ULONG frame = 130;

    (void)state;
    fake_tracker.acquire_error = ERROR_ACCESS_DENIED;
    device->submitted = complete_fully;

    assert_int_equal(read_at(&frame, 2, NULL), ERROR_SUCCESS);

    assert_int_equal(frame, 132);
    assert_int_equal(results[0].Status, USBD_STATUS_SUCCESS);
}

static void the_next_frame_goes_right_behind_what_pends(void **state)
{
    OVERLAPPED overlapped[3] = { { .hEvent = events[0] },
                                 { .hEvent = events[1] },
                                 { .hEvent = events[2] } };
    ULONG frame = 99;

    (void)state;
    set_clock(100, HOUR); /* whoever waits for its frame waits for ever */

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(read_at(&frame, 2, &overlapped[i]), ERROR_IO_PENDING);

    assert_int_equal(frame, 105);
    assert_int_equal(fake_usb_pending(READ_PIPE), 3);
    abort_reads();
}

static void later_requests_wait_behind_one_that_waits(void **state)
{
    OVERLAPPED overlapped[2] = { { .hEvent = events[0] }, { .hEvent = events[1] } };
    ULONG frame = 130;

    (void)state;
    set_clock(100, HOUR);

    read_at(&frame, 1, &overlapped[0]);
    assert_int_equal(continue_reading(1, &overlapped[1]), ERROR_IO_PENDING);

    assert_int_equal(fake_usb_pending(READ_PIPE), 0);
    abort_reads();
    assert_int_equal(result(&overlapped[1]), ERROR_OPERATION_ABORTED);
}

static void packets_of_past_frames_are_late_and_left_out(void **state)
{
    OVERLAPPED overlapped = { 0 };
    ULONG frame = 98;
    const struct wu_usb_submission *submission;

    (void)state;
    set_clock(100, -2);

    assert_int_equal(read_at(&frame, 3, &overlapped), ERROR_IO_PENDING);

    assert_int_equal(frame, 101);
    submission = &fake_usb_oldest(READ_PIPE)->submission;
    assert_int_equal(submission->packet_count, 8);
    assert_int_equal(submission->length, FRAME);
    assert_ptr_equal(submission->data, memory + 2 * FRAME);

    complete_fully(fake_usb_oldest(READ_PIPE));
    assert_int_equal(result(&overlapped), ERROR_SUCCESS);
    for (ULONG i = 0; i < 24; i++) {
        assert_int_equal(results[i].Offset, i * PACKET);
        assert_int_equal(results[i].Length, i < 16 ? 0 : PACKET);
        assert_int_equal(results[i].Status,
                         i < 16 ? USBD_STATUS_ISO_NOT_ACCESSED_LATE : USBD_STATUS_SUCCESS);
    }
}

static void frames_out_of_reach_fail_at_completion(void **state)
{
    const ULONG frames[] = { 98, 100 + 1025 };

    (void)state;
    set_clock(100, 0);

    for (size_t i = 0; i < 2; i++) {
        OVERLAPPED overlapped = { 0 };
        ULONG frame = frames[i];

        assert_int_equal(read_at(&frame, 2, &overlapped), ERROR_IO_PENDING);
        assert_int_equal(result(&overlapped), ERROR_INVALID_PARAMETER);
        frame = frames[i];
        assert_int_equal(read_at(&frame, 2, NULL), ERROR_INVALID_PARAMETER);
        assert_int_equal(frame, frames[i]);
    }
    assert_int_equal(device->submits, 0);
}

/* --- Ends ---------------------------------------------------------------------------------- */

/* One that runs, one behind it, and one that waits for its frame. */
static void begin_three(OVERLAPPED *overlapped)
{
    ULONG frame = 130;

    set_clock(100, HOUR);
    for (size_t i = 0; i < 3; i++)
        overlapped[i] = (OVERLAPPED){ .hEvent = events[i] };
    assert_int_equal(read_soon(1, &overlapped[0]), ERROR_IO_PENDING);
    assert_int_equal(read_soon(1, &overlapped[1]), ERROR_IO_PENDING);
    assert_int_equal(read_at(&frame, 1, &overlapped[2]), ERROR_IO_PENDING);
    assert_int_equal(fake_usb_pending(READ_PIPE), 2);
}

static void aborting_ends_those_that_run_and_those_that_wait(void **state)
{
    OVERLAPPED overlapped[3];

    (void)state;
    begin_three(overlapped);

    abort_reads();

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(result(&overlapped[i]), ERROR_OPERATION_ABORTED);
}

static void freeing_the_interface_ends_all(void **state)
{
    OVERLAPPED overlapped[3];

    (void)state;
    begin_three(overlapped);

    wu_interface_close(handle);

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(result(&overlapped[i]), ERROR_OPERATION_ABORTED);
    assert_int_equal(wu_isoch_unregister(in_handle), ERROR_INVALID_HANDLE);
}

static void a_single_request_can_be_cancelled(void **state)
{
    OVERLAPPED overlapped[3];

    (void)state;
    begin_three(overlapped);

    assert_true(CancelIoEx(file, &overlapped[2]));
    assert_int_equal(result(&overlapped[2]), ERROR_OPERATION_ABORTED);
    assert_false(is_done(&overlapped[0]));

    assert_true(CancelIoEx(file, &overlapped[1]));
    assert_int_equal(result(&overlapped[1]), ERROR_OPERATION_ABORTED);
    complete_fully(fake_usb_oldest(READ_PIPE));
    assert_int_equal(result(&overlapped[0]), ERROR_SUCCESS);
}

static void unplugging_ends_those_that_run_and_those_that_wait(void **state)
{
    OVERLAPPED overlapped[3];

    (void)state;
    begin_three(overlapped);

    fake_usb_unplug(device);

    assert_int_equal(result(&overlapped[0]), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(result(&overlapped[1]), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(result(&overlapped[2]), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(read_soon(1, NULL), ERROR_DEVICE_NOT_CONNECTED);
}

#define buffers_test(function) \
    cmocka_unit_test_setup_teardown(function, open_buffers, close_buffers)

int main(void)
{
    const struct CMUnitTest tests[] = {
        buffers_test(only_isochronous_pipes_that_are_open_take_buffers),
        buffers_test(a_buffer_is_memory_and_gets_a_handle),
        buffers_test(a_buffer_is_unregistered_once),
        buffers_test(a_call_that_meets_an_unregistered_buffer_transfers_nothing),
        buffers_test(unregistering_waits_for_transfers),
        buffers_test(unregistering_waits_for_no_other_buffer),
        buffers_test(buffers_end_with_their_interface),
        buffers_test(a_buffer_is_useless_while_its_pipe_is_closed),
        buffers_test(bad_reads_are_refused_at_once),
        buffers_test(a_read_goes_down_in_packets_without_a_copy),
        buffers_test(the_last_packet_of_a_write_may_be_shorter),
        buffers_test(transfers_of_a_pipe_go_down_before_any_has_ended),
        buffers_test(every_packet_tells_its_place_length_and_status),
        buffers_test(a_transfer_fails_when_all_its_packets_do),
        buffers_test(a_transfer_that_the_kernel_refuses_ends_with_its_error),
        buffers_test(continuing_takes_a_transfer_that_pends),
        buffers_test(the_frame_number_moves_on_when_a_call_is_accepted),
        buffers_test(a_frame_to_come_is_waited_for),
        buffers_test(a_synchronous_call_waits_for_its_frame_too),
        buffers_test(a_frame_is_dated_by_the_tracker_while_somebody_tracks),
        buffers_test(waking_takes_a_frame_more_than_the_controller_leaves_idle),
        buffers_test(a_frame_is_dated_by_the_counter_while_nobody_tracks),
        buffers_test(without_a_clock_frames_are_as_soon_as_possible),
        buffers_test(the_next_frame_goes_right_behind_what_pends),
        buffers_test(later_requests_wait_behind_one_that_waits),
        buffers_test(packets_of_past_frames_are_late_and_left_out),
        buffers_test(frames_out_of_reach_fail_at_completion),
        buffers_test(aborting_ends_those_that_run_and_those_that_wait),
        buffers_test(freeing_the_interface_ends_all),
        buffers_test(a_single_request_can_be_cancelled),
        buffers_test(unplugging_ends_those_that_run_and_those_that_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
