/* isoch_plan.c: packets, frames, and when a transfer is submitted. */
#include "cmocka_all.h"

#include "core/isoch_plan.h"

enum { NS_PER_FRAME = 1000000 };

/* --- Packets ------------------------------------------------------------------------------- */

static struct wu_isoch_shape shape_of(ULONG bytes, UCHAR interval, enum wu_usb_speed speed)
{
    const WINUSB_PIPE_INFORMATION_EX information = {
        .Interval = interval,
        .MaximumBytesPerInterval = bytes,
    };

    return wu_isoch_shape(&information, speed);
}

static void a_packet_is_what_one_service_interval_carries(void **state)
{
    const struct {
        UCHAR interval;
        enum wu_usb_speed speed;
        ULONG per_frame;
        ULONG limit;
    } cases[] = {
        { 1, WU_USB_SPEED_FULL, 1, 255 },   { 4, WU_USB_SPEED_FULL, 1, 255 },
        { 1, WU_USB_SPEED_HIGH, 8, 1024 },  { 2, WU_USB_SPEED_HIGH, 4, 1024 },
        { 3, WU_USB_SPEED_HIGH, 2, 1024 },  { 4, WU_USB_SPEED_HIGH, 1, 1024 },
        { 5, WU_USB_SPEED_HIGH, 1, 1024 },  { 16, WU_USB_SPEED_HIGH, 1, 1024 },
        { 0, WU_USB_SPEED_HIGH, 1, 1024 },  { 1, WU_USB_SPEED_SUPER, 8, 1024 },
        { 2, WU_USB_SPEED_SUPER, 4, 1024 }, { 255, WU_USB_SPEED_SUPER_PLUS, 1, 1024 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wu_isoch_shape shape = shape_of(3072, cases[i].interval, cases[i].speed);

        assert_int_equal(shape.packet, 3072);
        assert_int_equal(shape.per_frame, cases[i].per_frame);
        assert_int_equal(shape.limit, cases[i].limit);
    }
}

static void a_transfer_ends_with_a_frame(void **state)
{
    const struct wu_isoch_shape shape = shape_of(100, 2, WU_USB_SPEED_HIGH); /* 4 a frame */

    (void)state;

    for (ULONG packets = 1; packets <= shape.limit; packets++) {
        const ULONG expected = packets % 4 == 0 ? packets : 0;

        assert_int_equal(wu_isoch_packets(&shape, packets * 100, true), expected);
        assert_int_equal(wu_isoch_packets(&shape, packets * 100, false), expected);
    }
}

static void packets_may_be_frames_apart(void **state)
{
    const struct {
        UCHAR interval;
        enum wu_usb_speed speed;
        ULONG frames; /* that 8 packets take */
        ULONG begun;  /* packets, in 3 frames */
    } cases[] = {
        { 1, WU_USB_SPEED_FULL, 8, 3 },      { 2, WU_USB_SPEED_FULL, 16, 2 },
        { 4, WU_USB_SPEED_FULL, 64, 1 },     { 1, WU_USB_SPEED_HIGH, 1, 24 },
        { 3, WU_USB_SPEED_HIGH, 4, 6 },      { 4, WU_USB_SPEED_HIGH, 8, 3 },
        { 5, WU_USB_SPEED_HIGH, 16, 2 },     { 6, WU_USB_SPEED_SUPER, 32, 1 },
        { 16, WU_USB_SPEED_HIGH, 32768, 1 }, { 255, WU_USB_SPEED_HIGH, 8, 3 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wu_isoch_shape shape = shape_of(64, cases[i].interval, cases[i].speed);

        assert_int_equal(wu_isoch_frames(&shape, 8), cases[i].frames);
        assert_int_equal(wu_isoch_packets_in(&shape, 3), cases[i].begun);
        assert_int_equal(wu_isoch_packets_in(&shape, 0), 0);
    }
}

static void only_the_last_packet_of_a_write_may_be_shorter(void **state)
{
    const struct wu_isoch_shape shape = shape_of(100, 1, WU_USB_SPEED_FULL);

    (void)state;

    for (ULONG length = 1; length <= 25500; length++) {
        const ULONG packets = (length + 99) / 100;

        assert_int_equal(wu_isoch_packets(&shape, length, false), packets);
        assert_int_equal(wu_isoch_packets(&shape, length, true), length % 100 == 0 ? packets : 0);
    }
}

static void a_transfer_has_packets_but_not_too_many(void **state)
{
    const struct wu_isoch_shape full = shape_of(1, 1, WU_USB_SPEED_FULL);
    const struct wu_isoch_shape high = shape_of(1, 1, WU_USB_SPEED_HIGH);
    const struct wu_isoch_shape none = shape_of(0, 1, WU_USB_SPEED_HIGH);

    (void)state;

    assert_int_equal(wu_isoch_packets(&high, 0, true), 0);
    assert_int_equal(wu_isoch_packets(&high, 1024, true), 1024);
    assert_int_equal(wu_isoch_packets(&high, 1032, true), 0);
    assert_int_equal(wu_isoch_packets(&high, UINT32_MAX, false), 0);
    assert_int_equal(wu_isoch_packets(&full, 255, true), 255);
    assert_int_equal(wu_isoch_packets(&full, 256, true), 0);
    assert_int_equal(wu_isoch_packets(&none, 8, false), 0);
}

/* --- When ---------------------------------------------------------------------------------- */

static const struct wu_isoch_stream no_stream = { .pending = false };
static const struct wu_isoch_schedule untouched = { -77, 77 };

static void assert_untouched(const struct wu_isoch_schedule *schedule)
{
    assert_int_equal(schedule->begin, untouched.begin);
    assert_int_equal(schedule->late, untouched.late);
}

static DWORD schedule_at(LONG ahead,
                         const struct wu_isoch_stream *stream,
                         struct wu_isoch_schedule *schedule_out)
{
    const struct wu_isoch_wish wish = {
        .start = WU_ISOCH_AT_FRAME,
        .frame = 5000,
        .frames = 10,
        .moment = { true, ahead, (1000 + (int64_t)ahead) * NS_PER_FRAME },
        .lead = 300,
    };

    *schedule_out = untouched;
    return wu_isoch_schedule(&wish, stream, schedule_out);
}

static void soon_means_at_once(void **state)
{
    const struct wu_isoch_stream streams[] = { { false, false, 0 }, { true, true, 9 } };
    const struct wu_isoch_wish wish = { .start = WU_ISOCH_SOON, .frames = 4 };
    struct wu_isoch_schedule schedule;

    (void)state;

    for (size_t i = 0; i < 2; i++) {
        schedule = untouched;
        assert_int_equal(wu_isoch_schedule(&wish, &streams[i], &schedule), ERROR_SUCCESS);
        assert_int_equal(schedule.begin, 0);
        assert_int_equal(schedule.late, 0);
    }
}

static void only_a_stream_that_runs_can_be_continued(void **state)
{
    const struct wu_isoch_stream running = { .pending = true };
    const struct wu_isoch_wish wish = { .start = WU_ISOCH_CONTINUED, .frames = 4 };
    struct wu_isoch_schedule schedule = untouched;

    (void)state;

    assert_int_equal(wu_isoch_schedule(&wish, &no_stream, &schedule), ERROR_INVALID_PARAMETER);
    assert_untouched(&schedule);
    assert_int_equal(wu_isoch_schedule(&wish, &running, &schedule), ERROR_SUCCESS);
    assert_int_equal(schedule.begin, 0);
}

static void a_frame_to_come_is_submitted_the_lead_before_it(void **state)
{
    struct wu_isoch_schedule schedule;

    (void)state;

    for (LONG ahead = 1; ahead <= USBD_ISO_START_FRAME_RANGE; ahead++) {
        assert_int_equal(schedule_at(ahead, &no_stream, &schedule), ERROR_SUCCESS);
        assert_int_equal(schedule.begin, (1000 + (int64_t)ahead) * NS_PER_FRAME - 300);
        assert_int_equal(schedule.late, 0);
    }
}

static void frames_that_are_past_are_left_out(void **state)
{
    struct wu_isoch_schedule schedule;

    (void)state;

    for (LONG late = 0; late < 10; late++) {
        assert_int_equal(schedule_at(-late, &no_stream, &schedule), ERROR_SUCCESS);
        assert_int_equal(schedule.begin, 0);
        assert_int_equal(schedule.late, late);
    }
}

static void frames_all_past_or_too_far_away_are_refused(void **state)
{
    const LONG refused[] = { -10, -11, -1025, 1025, 100000, INT32_MAX, INT32_MIN };
    struct wu_isoch_schedule schedule;

    (void)state;

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        assert_int_equal(schedule_at(refused[i], &no_stream, &schedule), ERROR_INVALID_PARAMETER);
        assert_untouched(&schedule);
    }
}

static void the_frame_after_a_stream_goes_right_behind_it(void **state)
{
    const struct wu_isoch_stream stream = { .pending = true, .framed = true, .frame = 5000 };
    struct wu_isoch_schedule schedule;

    (void)state;

    for (LONG ahead = -20; ahead <= USBD_ISO_START_FRAME_RANGE; ahead++) {
        assert_int_equal(schedule_at(ahead, &stream, &schedule), ERROR_SUCCESS);
        assert_int_equal(schedule.begin, 0);
        assert_int_equal(schedule.late, 0);
    }
    assert_int_equal(schedule_at(1025, &stream, &schedule), ERROR_INVALID_PARAMETER);
}

static void another_frame_than_that_after_a_stream_waits_for_its_time(void **state)
{
    const struct wu_isoch_stream streams[] = {
        { .pending = true, .framed = true, .frame = 4999 },
        { .pending = true, .framed = false, .frame = 5000 },
        { .pending = false, .framed = true, .frame = 5000 },
    };
    struct wu_isoch_schedule schedule;

    (void)state;

    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        assert_int_equal(schedule_at(50, &streams[i], &schedule), ERROR_SUCCESS);
        assert_int_equal(schedule.begin, 1050 * NS_PER_FRAME - 300);
    }
}

static void without_a_clock_any_frame_means_at_once(void **state)
{
    const struct wu_isoch_wish wish = {
        .start = WU_ISOCH_AT_FRAME,
        .frame = 5000,
        .frames = 10,
        .moment = { false, 2000, 7 },
    };
    struct wu_isoch_schedule schedule = untouched;

    (void)state;

    assert_int_equal(wu_isoch_schedule(&wish, &no_stream, &schedule), ERROR_SUCCESS);
    assert_int_equal(schedule.begin, 0);
    assert_int_equal(schedule.late, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_is_what_one_service_interval_carries),
        cmocka_unit_test(a_transfer_ends_with_a_frame),
        cmocka_unit_test(packets_may_be_frames_apart),
        cmocka_unit_test(only_the_last_packet_of_a_write_may_be_shorter),
        cmocka_unit_test(a_transfer_has_packets_but_not_too_many),
        cmocka_unit_test(soon_means_at_once),
        cmocka_unit_test(only_a_stream_that_runs_can_be_continued),
        cmocka_unit_test(a_frame_to_come_is_submitted_the_lead_before_it),
        cmocka_unit_test(frames_that_are_past_are_left_out),
        cmocka_unit_test(frames_all_past_or_too_far_away_are_refused),
        cmocka_unit_test(the_frame_after_a_stream_goes_right_behind_it),
        cmocka_unit_test(another_frame_than_that_after_a_stream_waits_for_its_time),
        cmocka_unit_test(without_a_clock_any_frame_means_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
