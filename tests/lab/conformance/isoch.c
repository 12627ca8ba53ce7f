/*
 * Isochronous transfers. With a real controller's schedule what arrives is not the packets that
 * were programmed but those that QEMU has in store; patterns are looked at on vhci.
 */
#include "conformance.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define NO_SCHEDULE "the bus of vhci has no frames"
#define QEMU_STORE "QEMU keeps a store of packets: not these, not then"

enum {
    FRAMES = 16,
    PER_FRAME_MAX = 8,
    PACKETS_MAX = FRAMES * PER_FRAME_MAX,
    PACKET_MAX = 3072,
    AHEAD = 100, /* [frames] to a start frame */
    EARLY = 5,   /* [frames] how much too early QEMU may be done */
};

/* A transfer of 16 ms in setting 1 or 2, its buffer registered. */
static UCHAR buffer[3 * PACKETS_MAX * PACKET_MAX];
static USBD_ISO_PACKET_DESCRIPTOR results[3][PACKETS_MAX];
static WINUSB_ISOCH_BUFFER_HANDLE registered;
static ULONG packet, packets, length; /* of a transfer */

static OVERLAPPED *overlapped_of(size_t index)
{
    return &fixture.requests[index].overlapped;
}

static void register_pipe(UCHAR pipe)
{
    assert_succeeds(
        WinUsb_RegisterIsochBuffer(fixture.second, pipe, buffer, sizeof(buffer), &registered));
}

static void prepare(UCHAR setting, UCHAR pipe)
{
    WINUSB_PIPE_INFORMATION_EX information;

    fixture_select(setting);
    assert_succeeds(
        WinUsb_QueryPipeEx(fixture.second, setting, (pipe & 0x80) ? 0 : 1, &information));
    packet = information.MaximumBytesPerInterval;
    packets = FRAMES * (fixture.high ? PER_FRAME_MAX : 1);
    length = packets * packet;
    memset(buffer, UNTOUCHED, sizeof(buffer));
    memset(results, UNTOUCHED, sizeof(results));
    register_pipe(pipe);
}

static void begin_asap(size_t index, BOOL continues)
{
    assert_fails(WinUsb_ReadIsochPipeAsap(registered, (ULONG)index * length, length, continues,
                                          packets, results[index], overlapped_of(index)),
                 ERROR_IO_PENDING);
}

/* --- Buffers --------------------------------------------------------------------------------- */

static void a_buffer_is_registered_and_released_once(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);

    assert_non_null(registered);
    assert_ptr_not_equal(registered, INVALID_HANDLE_VALUE);
    assert_succeeds(WinUsb_UnregisterIsochBuffer(registered));
    assert_fails(WinUsb_UnregisterIsochBuffer(registered), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_UnregisterIsochBuffer(NULL), ERROR_INVALID_HANDLE);
}

static void only_an_isochronous_pipe_of_the_current_setting_takes_a_buffer(void **state)
{
    WINUSB_ISOCH_BUFFER_HANDLE handle = NULL;

    (void)state;
    fixture_select(3);

    assert_fails(WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, buffer, 1024, &handle),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_RegisterIsochBuffer(fixture.second, OTHER_IN, buffer, 1024, &handle),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_RegisterIsochBuffer(fixture.second, ABSENT_IN, buffer, 1024, &handle),
                 ERROR_INVALID_PARAMETER);
    assert_null(handle);
}

static void a_buffer_needs_memory_and_somewhere_to_put_its_handle(void **state)
{
    WINUSB_ISOCH_BUFFER_HANDLE handle;

    (void)state;
    fixture_select(1);

    assert_fails(WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, NULL, 1024, &handle),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, buffer, 0, &handle),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_RegisterIsochBuffer(fixture.second, ISOCH_IN, buffer, 1024, NULL),
                 ERROR_INVALID_PARAMETER);
}

static void a_released_buffer_takes_no_transfers(void **state)
{
    ULONG frame = 0;

    (void)state;
    prepare(1, ISOCH_IN);
    WinUsb_UnregisterIsochBuffer(registered);

    assert_fails(WinUsb_ReadIsochPipeAsap(registered, 0, length, FALSE, packets, results[0], NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_ReadIsochPipe(registered, 0, length, &frame, packets, results[0], NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_WriteIsochPipeAsap(registered, 0, length, FALSE, NULL),
                 ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_WriteIsochPipe(registered, 0, length, &frame, NULL), ERROR_INVALID_HANDLE);
}

static void releasing_a_buffer_waits_for_its_transfers(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);
    begin_asap(0, FALSE);
    begin_asap(1, FALSE);

    assert_succeeds(WinUsb_UnregisterIsochBuffer(registered));

    assert_false(is_pending(0));
    assert_false(is_pending(1));
    assert_ends(0, ERROR_SUCCESS, 0);
    assert_ends(1, ERROR_SUCCESS, 0);
}

/* --- Sizes ----------------------------------------------------------------------------------- */

static DWORD read_asap(ULONG offset, ULONG size, ULONG count, USBD_ISO_PACKET_DESCRIPTOR *into)
{
    return WinUsb_ReadIsochPipeAsap(registered, offset, size, FALSE, count, into, NULL)
               ? ERROR_SUCCESS
               : GetLastError();
}

static void a_transfer_must_lie_within_its_buffer(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);

    assert_int_equal(read_asap(sizeof(buffer) - length + 1, length, packets, results[0]),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(read_asap(sizeof(buffer) + 1, length, packets, results[0]),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(read_asap(0xFFFFFFFF, length, packets, results[0]), ERROR_INVALID_PARAMETER);
}

static void a_transfer_must_end_with_a_frame(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);

    assert_int_equal(read_asap(0, length - 1, packets, results[0]), ERROR_INVALID_PARAMETER);
    if (fixture.high)
        assert_int_equal(read_asap(0, length - packet, packets - 1, results[0]),
                         ERROR_INVALID_PARAMETER);
}

static void a_transfer_has_no_more_packets_than_documented(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);
    const ULONG count = fixture.high ? 1024 + PER_FRAME_MAX : 256;

    assert_true(count * packet <= sizeof(buffer));
    assert_int_equal(read_asap(0, count * packet, count, results[0]), ERROR_INVALID_PARAMETER);
}

static void a_read_needs_a_result_for_each_packet(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);

    assert_int_equal(read_asap(0, length, packets - 1, results[0]), ERROR_INVALID_PARAMETER);
    assert_int_equal(read_asap(0, length, packets + 1, results[0]), ERROR_INVALID_PARAMETER);
    assert_int_equal(read_asap(0, length, packets, NULL), ERROR_INVALID_PARAMETER);
}

static void a_transfer_must_fit_the_pipes_direction(void **state)
{
    ULONG frame = 0;

    (void)state;
    prepare(1, ISOCH_IN);

    assert_fails(WinUsb_WriteIsochPipeAsap(registered, 0, length, FALSE, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_WriteIsochPipe(registered, 0, length, &frame, NULL),
                 ERROR_INVALID_PARAMETER);
    WinUsb_UnregisterIsochBuffer(registered);
    register_pipe(ISOCH_OUT);
    assert_int_equal(read_asap(0, length, packets, results[0]), ERROR_INVALID_PARAMETER);
}

static void a_start_frame_must_be_given(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);

    assert_fails(WinUsb_ReadIsochPipe(registered, 0, length, NULL, packets, results[0], NULL),
                 ERROR_INVALID_PARAMETER);
    WinUsb_UnregisterIsochBuffer(registered);
    register_pipe(ISOCH_OUT);
    assert_fails(WinUsb_WriteIsochPipe(registered, 0, length, NULL, NULL), ERROR_INVALID_PARAMETER);
}

/* --- Data ------------------------------------------------------------------------------------ */

static void packets_lie_where_their_offsets_say(void **state)
{
    (void)state;
    fixture_program(ISOCH_IN, .kind = LABDEV_SOURCE);
    prepare(1, ISOCH_IN);

    assert_int_equal(read_asap(0, length, packets, results[0]), ERROR_SUCCESS);

    for (ULONG i = 0; i < packets; i++) {
        const USBD_ISO_PACKET_DESCRIPTOR *result = &results[0][i];

        assert_int_equal(result->Offset, i * packet);
        assert_true(result->Length <= packet);
        if (result->Length > 0)
            assert_int_equal(
                labdev_mismatch(buffer + result->Offset, result->Length, buffer[result->Offset]),
                result->Length);
    }
    assert_int_equal(buffer[length], UNTOUCHED);
}

static void a_stream_brings_data(void **state)
{
    ULONG bytes = 0;

    (void)state;
    fixture_program(ISOCH_IN, .kind = LABDEV_SOURCE);
    prepare(1, ISOCH_IN);

    /* QEMU fills its store first: 60 ms, with empty packets. */
    for (int i = 0; i < 20 && bytes == 0; i++) {
        assert_int_equal(read_asap(0, length, packets, results[0]), ERROR_SUCCESS);
        for (ULONG j = 0; j < packets; j++)
            bytes += results[0][j].Length;
    }

    assert_true(bytes > 0);
}

static void every_packet_tells_how_it_went(void **state)
{
    static const struct {
        ULONG length; /* 0: not looked at */
        USBD_STATUS status;
    } expected[] = { { 0, USBD_STATUS_SUCCESS },    { 10, USBD_STATUS_SUCCESS },
                     { 0, USBD_STATUS_SUCCESS },    { 0, USBD_STATUS_XACT_ERROR },
                     { 7, USBD_STATUS_XACT_ERROR }, { 0, USBD_STATUS_DATA_OVERRUN },
                     { 0, USBD_STATUS_SUCCESS } };

    (void)state;
    leave_out_on("xhci ehci uhci", QEMU_STORE);
    fixture_program(ISOCH_IN, .kind = LABDEV_SOURCE,
                    .events = { { 2, LABDEV_SHORT, 10 },
                                { 3, LABDEV_SHORT, 0 },
                                { 4, LABDEV_FAIL, LABDEV_EILSEQ },
                                { 5, LABDEV_FAIL, LABDEV_EPROTO },
                                { 5, LABDEV_SHORT, 7 },
                                { 6, LABDEV_BABBLE, 0 } });
    prepare(2, ISOCH_IN);

    assert_int_equal(read_asap(0, length, packets, results[0]), ERROR_SUCCESS);

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(results[0][i].Status, expected[i].status);
        if (expected[i].length > 0)
            assert_int_equal(results[0][i].Length, expected[i].length);
    }
    assert_int_equal(results[0][0].Length, packet);
    assert_int_equal(results[0][2].Length, 0);
}

static void a_transfer_whose_packets_all_fail_fails(void **state)
{
    (void)state;
    leave_out_on("xhci ehci uhci", QEMU_STORE);
    fixture_program(ISOCH_IN, .kind = LABDEV_SOURCE,
                    .events = { { LABDEV_EVERY, LABDEV_FAIL, LABDEV_EPROTO } });
    prepare(1, ISOCH_IN);

    assert_int_equal(read_asap(0, length, packets, results[0]), ERROR_GEN_FAILURE);
}

static void a_write_is_divided_into_packets(void **state)
{
    (void)state;
    prepare(1, ISOCH_OUT);
    labdev_fill(buffer, length, 0);

    assert_succeeds(WinUsb_WriteIsochPipeAsap(registered, 0, length, FALSE, NULL));

    if (strcmp(fixture.controller, "vhci") == 0) {
        assert_int_equal(fixture_status(ISOCH_OUT).packets, packets);
        assert_int_equal(fixture_status(ISOCH_OUT).bytes, length);
        assert_int_equal(fixture_status(ISOCH_OUT).wrong, 0);
    }
}

static void the_last_packet_of_a_write_may_be_shorter(void **state)
{
    (void)state;
    leave_out_on("xhci ehci uhci", QEMU_STORE);
    prepare(1, ISOCH_OUT);
    labdev_fill(buffer, length, 0);

    assert_succeeds(WinUsb_WriteIsochPipeAsap(registered, 0, length - 100, FALSE, NULL));

    assert_int_equal(fixture_status(ISOCH_OUT).packets, packets);
    assert_int_equal(fixture_status(ISOCH_OUT).bytes, length - 100);
    assert_int_equal(fixture_status(ISOCH_OUT).wrong, 0);
}

/* --- Streams --------------------------------------------------------------------------------- */

static void an_overlapped_transfer_tells_of_0_bytes(void **state)
{
    (void)state;
    fixture_program(ISOCH_IN, .kind = LABDEV_SOURCE);
    prepare(1, ISOCH_IN);

    for (size_t i = 0; i < 3; i++)
        begin_asap(i, i > 0);

    for (size_t i = 0; i < 3; i++)
        assert_ends(i, ERROR_SUCCESS, 0);
}

static void a_stream_that_is_not_there_cannot_be_continued(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);

    begin_asap(0, TRUE);
    assert_ends(0, ERROR_INVALID_PARAMETER, 0);
    assert_fails(WinUsb_ReadIsochPipeAsap(registered, 0, length, TRUE, packets, results[0], NULL),
                 ERROR_INVALID_PARAMETER);
}

/* @return false when the program has been paused until one of them was late */
static bool reads_from_soon_on(void)
{
    ULONG now, frame;
    LARGE_INTEGER stamp;
    unsigned late = 0;

    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &now, &stamp));
    frame = now + AHEAD;
    for (size_t i = 0; i < 3; i++)
        assert_fails(WinUsb_ReadIsochPipe(registered, (ULONG)i * length, length, &frame, packets,
                                          results[i], overlapped_of(i)),
                     ERROR_IO_PENDING);
    assert_int_equal(frame, now + AHEAD + 3 * FRAMES);

    for (size_t i = 0; i < 3; i++) {
        const DWORD error = end_of(i, NULL);

        assert_true(error == ERROR_SUCCESS || error == ERROR_INVALID_PARAMETER);
        late += error == ERROR_INVALID_PARAMETER;
    }
    return late == 0;
}

static void a_start_frame_soon_is_taken_and_brought_forward(void **state)
{
    const int64_t start = lab_now();
    int64_t begun;
    bool in_time;

    (void)state;
    leave_out_on("vhci", NO_SCHEDULE);
    prepare(1, ISOCH_IN);

    do {
        begun = lab_now();
        in_time = reads_from_soon_on();
    } while (!in_time && elapsed(start) < PATIENCE);

    assert_true(in_time);
    if (strcmp(fixture.controller, "xhci") == 0) /* others' counters go in bursts */
        assert_lasted(begun, AHEAD + 3 * FRAMES - EARLY);
}

static void a_start_frame_far_away_is_refused(void **state)
{
    ULONG now, frame;
    LARGE_INTEGER stamp;

    (void)state;
    leave_out_on("vhci", NO_SCHEDULE);
    prepare(1, ISOCH_IN);
    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &now, &stamp));
    frame = now + 2000;

    assert_fails(WinUsb_ReadIsochPipe(registered, 0, length, &frame, packets, results[0], NULL),
                 ERROR_INVALID_PARAMETER);
}

static void read_from_the_past_on(void)
{
    ULONG frame;
    LARGE_INTEGER stamp;

    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &frame, &stamp));
    frame -= FRAMES / 4;

    assert_fails(
        WinUsb_ReadIsochPipe(registered, 0, length, &frame, packets, results[0], overlapped_of(0)),
        ERROR_IO_PENDING);
    end_of(0, NULL);
}

/* Where the program has been paused, all of them are past: then once more. */
static void frames_that_are_past_are_late(void **state)
{
    const int64_t start = lab_now();

    (void)state;
    leave_out_on("vhci", NO_SCHEDULE);
    leave_out_on("ehci uhci", "QEMU's counter goes in bursts: what is past is not known");
    prepare(1, ISOCH_IN);

    do {
        read_from_the_past_on();
    } while (results[0][packets - 1].Status == USBD_STATUS_ISO_NOT_ACCESSED_LATE &&
             elapsed(start) < PATIENCE);

    assert_int_equal(results[0][0].Status, USBD_STATUS_ISO_NOT_ACCESSED_LATE);
    assert_int_equal(results[0][0].Length, 0);
    assert_int_equal(results[0][packets - 1].Status, USBD_STATUS_SUCCESS);
}

static void abort_cancels_isochronous_transfers(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);
    for (size_t i = 0; i < 3; i++)
        begin_asap(i, FALSE);

    assert_succeeds(WinUsb_AbortPipe(fixture.second, ISOCH_IN));

    for (size_t i = 0; i < 3; i++)
        assert_false(is_pending(i));
    for (size_t i = 0; i < 2; i++) { /* these may have been done */
        const DWORD error = end_of(i, NULL);

        assert_true(error == ERROR_SUCCESS || error == ERROR_OPERATION_ABORTED);
    }
    assert_int_equal(end_of(2, NULL), ERROR_OPERATION_ABORTED);
}

/* --- Ways to cancel */

static void cancel_the_last(void)
{
    assert_succeeds(CancelIoEx(fixture.file, overlapped_of(2)));
}

static void cancel_all(void)
{
    assert_succeeds(CancelIoEx(fixture.file, NULL));
}

static void cancel_own(void)
{
    assert_succeeds(CancelIo(fixture.file));
}

static void free_the_handle(void)
{
    WinUsb_Free(fixture.second);
    fixture.second = NULL;
}

static void every_way_to_cancel_ends_isochronous_transfers(void **state)
{
    void (*const ways[])(void) = { cancel_the_last, cancel_all, cancel_own, free_the_handle,
                                   fixture_close_file };
    /* QEMU's xHCI loses the others when one of several is cancelled. */
    const size_t first = strcmp(fixture.controller, "xhci") == 0 ? 1 : 0;

    (void)state;

    for (size_t way = first; way < sizeof(ways) / sizeof(ways[0]); way++) {
        prepare(1, ISOCH_IN);
        for (size_t i = 0; i < 3; i++)
            begin_asap(i, FALSE);

        ways[way]();

        for (size_t i = 0; i < 3; i++)
            assert_int_equal(WaitForSingleObject(overlapped_of(i)->hEvent, PATIENCE),
                             WAIT_OBJECT_0);
        assert_int_equal((ULONG)overlapped_of(2)->Internal, STATUS_CANCELLED);
        if (fixture.file)
            fixture_select(0);
    }
}

static void a_setting_cannot_change_under_an_isochronous_transfer(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);
    for (size_t i = 0; i < 3; i++)
        begin_asap(i, FALSE);

    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.second, 0), ERROR_BUSY);
    assert_succeeds(WinUsb_AbortPipe(fixture.second, ISOCH_IN));
    assert_succeeds(WinUsb_SetCurrentAlternateSetting(fixture.second, 0));
}

static void a_buffer_of_a_setting_that_has_gone_takes_no_transfers(void **state)
{
    (void)state;
    prepare(1, ISOCH_IN);
    fixture_select(0);

    assert_int_equal(read_asap(0, length, packets, results[0]), ERROR_INVALID_PARAMETER);
    assert_succeeds(WinUsb_UnregisterIsochBuffer(registered));
}

int isoch_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(a_buffer_is_registered_and_released_once),
        conformance_test(only_an_isochronous_pipe_of_the_current_setting_takes_a_buffer),
        conformance_test(a_buffer_needs_memory_and_somewhere_to_put_its_handle),
        conformance_test(a_released_buffer_takes_no_transfers),
        conformance_test(releasing_a_buffer_waits_for_its_transfers),
        conformance_test(a_transfer_must_lie_within_its_buffer),
        conformance_test(a_transfer_must_end_with_a_frame),
        conformance_test(a_transfer_has_no_more_packets_than_documented),
        conformance_test(a_read_needs_a_result_for_each_packet),
        conformance_test(a_transfer_must_fit_the_pipes_direction),
        conformance_test(a_start_frame_must_be_given),
        conformance_test(packets_lie_where_their_offsets_say),
        conformance_test(a_stream_brings_data),
        conformance_test(every_packet_tells_how_it_went),
        conformance_test(a_transfer_whose_packets_all_fail_fails),
        conformance_test(a_write_is_divided_into_packets),
        conformance_test(the_last_packet_of_a_write_may_be_shorter),
        conformance_test(an_overlapped_transfer_tells_of_0_bytes),
        conformance_test(a_stream_that_is_not_there_cannot_be_continued),
        conformance_test(a_start_frame_soon_is_taken_and_brought_forward),
        conformance_test(a_start_frame_far_away_is_refused),
        conformance_test(frames_that_are_past_are_late),
        conformance_test(abort_cancels_isochronous_transfers),
        conformance_test(every_way_to_cancel_ends_isochronous_transfers),
        conformance_test(a_setting_cannot_change_under_an_isochronous_transfer),
        conformance_test(a_buffer_of_a_setting_that_has_gone_takes_no_transfers),
    };

    return run_group("isoch", tests, NULL, NULL);
}
