/* usb_transfer.c: how transfers reach libusb, and how their ends reach the one who waits. */
#include "cmocka_all.h"

#include <errno.h>
#include <libusb.h>
#include <stdatomic.h>
#include <string.h>
#include <windows.h>

#include "host/host.h"
#include "libusb_fake.h"
#include "system.h"
#include "usb/usb.h"

enum { IN_PIPE = 0x81, OUT_PIPE = 0x02, OTHER_PIPE = 0x83, MS = 1000000 /* [ns] */ };

static uint64_t device;
static uint64_t queue;
static uint64_t transfer; /* with room for 4 packets */
static unsigned char data[64];

static uint64_t open_device(void)
{
    struct wu_usb_list list;
    uint64_t opened = 0;

    assert_int_equal(wu_usb_list_get(&list), ERROR_SUCCESS);
    assert_int_equal(wu_usb_open(&list, &list.devices[0], &opened), ERROR_SUCCESS);
    wu_usb_list_free(&list);
    return opened;
}

static uint64_t new_queue(void)
{
    uint64_t made = 0;

    assert_int_equal(wu_usb_queue_new(device, &made), ERROR_SUCCESS);
    assert_true(made != 0);
    return made;
}

static uint64_t new_transfer(uint32_t packets)
{
    uint64_t made = 0;

    assert_int_equal(wu_usb_transfer_new(device, packets, &made), ERROR_SUCCESS);
    assert_true(made != 0);
    return made;
}

static int set_up(void **state)
{
    (void)state;
    fake_libusb_reset();
    system_hide_devices();
    device = open_device();
    queue = new_queue();
    transfer = new_transfer(4);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wu_usb_transfer_free(transfer);
    wu_usb_queue_free(queue);
    wu_usb_close(device);
    return !fake_libusb_is_idle();
}

static struct wu_usb_submission reading(uint64_t tag)
{
    return (struct wu_usb_submission){
        .tag = tag,
        .queue = queue,
        .type = WU_USB_BULK,
        .endpoint = IN_PIPE,
        .data = data,
        .length = sizeof(data),
    };
}

static void submit(uint64_t which, const struct wu_usb_submission *submission)
{
    assert_int_equal(wu_usb_transfer_submit(which, submission), ERROR_SUCCESS);
}

static void end_oldest(uint8_t endpoint, int status, int bytes)
{
    struct libusb_transfer *oldest = fake_libusb_oldest(endpoint);

    assert_non_null(oldest);
    fake_libusb_end(oldest, status, bytes);
}

static struct wu_usb_completion fetch(uint64_t from)
{
    struct wu_usb_completion completion;

    assert_true(wu_usb_queue_wait(from, INT64_MAX, &completion));
    return completion;
}

static void assert_nothing_more(uint64_t in)
{
    const struct wu_usb_completion untouched = { 77, 78, 79 };
    struct wu_usb_completion completion = untouched;

    assert_false(wu_usb_queue_wait(in, wu_host_clock_now() + MS, &completion));
    assert_memory_equal(&completion, &untouched, sizeof(completion));
}

/* --- Submitting ---------------------------------------------------------------------------- */

static void submission_reaches_libusb_as_it_is(void **state)
{
    const struct wu_usb_submission asked = {
        .queue = queue,
        .type = WU_USB_INTERRUPT,
        .endpoint = OUT_PIPE,
        .timeout = 250,
        .data = data + 8,
        .length = 7,
    };

    (void)state;

    submit(transfer, &asked);

    const struct libusb_transfer *got = fake_libusb_oldest(OUT_PIPE);
    assert_non_null(got);
    assert_int_equal(got->type, LIBUSB_TRANSFER_TYPE_INTERRUPT);
    assert_int_equal(got->flags, 0);
    assert_int_equal(got->timeout, 250);
    assert_ptr_equal(got->buffer, data + 8);
    assert_int_equal(got->length, 7);
    assert_int_equal(got->num_iso_packets, 0);

    end_oldest(OUT_PIPE, LIBUSB_TRANSFER_COMPLETED, 7);
    fetch(queue);
}

static void every_type_is_told(void **state)
{
    const int types[] = {
        [WU_USB_CONTROL] = LIBUSB_TRANSFER_TYPE_CONTROL,
        [WU_USB_ISOCH] = LIBUSB_TRANSFER_TYPE_ISOCHRONOUS,
        [WU_USB_BULK] = LIBUSB_TRANSFER_TYPE_BULK,
        [WU_USB_INTERRUPT] = LIBUSB_TRANSFER_TYPE_INTERRUPT,
    };
    struct wu_usb_submission asked = reading(0);

    (void)state;

    for (int i = WU_USB_CONTROL; i <= WU_USB_INTERRUPT; i++) {
        asked.type = (enum wu_usb_type)i;
        submit(transfer, &asked);
        assert_int_equal(fake_libusb_oldest(IN_PIPE)->type, types[i]);

        end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
        fetch(queue);
    }
}

static void packet_of_no_length_is_asked_for(void **state)
{
    struct wu_usb_submission asked = reading(0);

    (void)state;
    asked.endpoint = OUT_PIPE;
    asked.zero_packet = true;

    submit(transfer, &asked);

    assert_int_equal(fake_libusb_oldest(OUT_PIPE)->flags, LIBUSB_TRANSFER_ADD_ZERO_PACKET);
    end_oldest(OUT_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    fetch(queue);
}

static void failed_submission_says_why_and_has_no_completion(void **state)
{
    const struct {
        int libusb;
        uint32_t win32;
    } failures[] = {
        { LIBUSB_ERROR_NO_DEVICE, ERROR_DEVICE_NOT_CONNECTED },
        { LIBUSB_ERROR_NO_MEM, ERROR_NOT_ENOUGH_MEMORY },
        { LIBUSB_ERROR_NOT_FOUND, ERROR_NOT_FOUND },
        { LIBUSB_ERROR_INVALID_PARAM, ERROR_INVALID_PARAMETER },
        { LIBUSB_ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED },
        { LIBUSB_ERROR_IO, ERROR_GEN_FAILURE },
    };
    const struct wu_usb_submission asked = reading(0);

    (void)state;

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        fake_libusb.result[FAKE_SUBMIT] = failures[i].libusb;
        assert_int_equal(wu_usb_transfer_submit(transfer, &asked), failures[i].win32);
        assert_nothing_more(queue);
    }
}

/* libusb says so itself of bulk transfers only. */
static void lack_of_memory_is_told_from_other_failures(void **state)
{
    const struct {
        int result, number;
        uint32_t error;
    } cases[] = {
        { LIBUSB_ERROR_IO, ENOMEM, ERROR_NOT_ENOUGH_MEMORY },
        { LIBUSB_ERROR_NO_MEM, 0, ERROR_NOT_ENOUGH_MEMORY },
        { LIBUSB_ERROR_IO, 0, ERROR_GEN_FAILURE },
        { LIBUSB_ERROR_IO, EIO, ERROR_GEN_FAILURE },
        { LIBUSB_ERROR_INVALID_PARAM, ENOMEM, ERROR_INVALID_PARAMETER },
    };
    const struct wu_usb_submission asked = reading(0);

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        errno = ENOMEM; /* from an earlier call */
        fake_libusb.result[FAKE_SUBMIT] = cases[i].result;
        fake_libusb.submit_errno = cases[i].number;
        assert_int_equal(wu_usb_transfer_submit(transfer, &asked), cases[i].error);
    }
}

static void more_than_there_is_room_for_is_refused(void **state)
{
    struct wu_usb_packet packets[5] = { { 0 } };
    struct wu_usb_submission too_many = reading(0);
    struct wu_usb_submission too_long = reading(0);

    (void)state;
    too_many.packets = packets;
    too_many.packet_count = 5;
    too_long.length = 0x80000000;

    assert_int_equal(wu_usb_transfer_submit(transfer, &too_many), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_usb_transfer_submit(transfer, &too_long), ERROR_INVALID_PARAMETER);

    assert_null(fake_libusb_oldest(IN_PIPE));
}

static void transfer_for_which_there_is_no_memory_is_not_made(void **state)
{
    uint64_t made = 77;

    (void)state;
    fake_libusb.result[FAKE_ALLOC] = LIBUSB_ERROR_NO_MEM;

    assert_int_equal(wu_usb_transfer_new(device, 0, &made), ERROR_NOT_ENOUGH_MEMORY);

    assert_int_equal(made, 77);
}

static void more_packets_than_libusb_counts_are_too_many(void **state)
{
    uint64_t made = 77;

    (void)state;

    assert_int_equal(wu_usb_transfer_new(device, 0x80000000, &made), ERROR_NOT_ENOUGH_MEMORY);

    assert_int_equal(made, 77);
}

/* --- Ends ---------------------------------------------------------------------------------- */

static const struct {
    int libusb;
    uint32_t win32;
    enum wu_usb_packet_status packet;
} ends[] = {
    { LIBUSB_TRANSFER_COMPLETED, ERROR_SUCCESS, WU_USB_PACKET_DONE },
    { LIBUSB_TRANSFER_ERROR, ERROR_GEN_FAILURE, WU_USB_PACKET_FAILED },
    { LIBUSB_TRANSFER_TIMED_OUT, ERROR_SEM_TIMEOUT, WU_USB_PACKET_FAILED },
    { LIBUSB_TRANSFER_CANCELLED, ERROR_OPERATION_ABORTED, WU_USB_PACKET_CANCELLED },
    { LIBUSB_TRANSFER_STALL, ERROR_GEN_FAILURE, WU_USB_PACKET_STALLED },
    { LIBUSB_TRANSFER_NO_DEVICE, ERROR_DEVICE_NOT_CONNECTED, WU_USB_PACKET_GONE },
    { LIBUSB_TRANSFER_OVERFLOW, ERROR_GEN_FAILURE, WU_USB_PACKET_OVERRUN },
};

enum { ENDS = sizeof(ends) / sizeof(ends[0]) };

static void every_end_has_its_error_and_its_bytes(void **state)
{
    (void)state;

    for (uint32_t i = 0; i < ENDS; i++) {
        const struct wu_usb_submission asked = reading(100 + i);

        submit(transfer, &asked);
        end_oldest(IN_PIPE, ends[i].libusb, (int)i + 1);
        const struct wu_usb_completion completion = fetch(queue);

        assert_int_equal(completion.tag, 100 + i);
        assert_int_equal(completion.error, ends[i].win32);
        assert_int_equal(completion.bytes, i + 1);
    }
}

static void no_more_is_told_than_was_asked_for(void **state)
{
    const struct {
        enum wu_usb_type type;
        int told;
        uint32_t bytes;
    } cases[] = {
        { WU_USB_BULK, 20, 20 },     { WU_USB_BULK, 21, 20 },    { WU_USB_BULK, -1, 0 },
        { WU_USB_CONTROL, 12, 12 },  { WU_USB_CONTROL, 20, 12 }, { WU_USB_CONTROL, 0, 0 },
        { WU_USB_CONTROL, -512, 0 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wu_usb_submission asked = reading(i);

        asked.type = cases[i].type;
        asked.length = 20;
        submit(transfer, &asked);
        end_oldest(IN_PIPE, LIBUSB_TRANSFER_TIMED_OUT, cases[i].told);
        assert_int_equal(fetch(queue).bytes, cases[i].bytes);
    }
}

static void damage_is_the_end_of_a_device_that_is_gone(void **state)
{
    const struct wu_usb_submission asked = reading(0);

    (void)state;
    fake_libusb.result[FAKE_DRIVER_ACTIVE] = LIBUSB_ERROR_NO_DEVICE;
    submit(transfer, &asked);

    end_oldest(IN_PIPE, LIBUSB_TRANSFER_ERROR, 3);

    const struct wu_usb_completion completion = fetch(queue);
    assert_int_equal(completion.error, ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(completion.bytes, 3);
}

static void what_a_device_did_before_it_went_is_done(void **state)
{
    const struct wu_usb_submission asked = reading(0);

    (void)state;
    fake_libusb.result[FAKE_DRIVER_ACTIVE] = LIBUSB_ERROR_NO_DEVICE;
    submit(transfer, &asked);

    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 3);

    assert_int_equal(fetch(queue).error, ERROR_SUCCESS);
}

static void cancelled_transfer_is_completed_all_the_same(void **state)
{
    const struct wu_usb_submission asked = reading(5);

    (void)state;
    submit(transfer, &asked);

    wu_usb_transfer_cancel(transfer);

    const struct wu_usb_completion completion = fetch(queue);
    assert_int_equal(completion.tag, 5);
    assert_int_equal(completion.error, ERROR_OPERATION_ABORTED);
    assert_nothing_more(queue);
}

static void transfer_that_does_not_run_is_not_cancelled(void **state)
{
    const struct wu_usb_submission asked = reading(5);

    (void)state;

    wu_usb_transfer_cancel(transfer);
    submit(transfer, &asked);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    assert_int_equal(fetch(queue).error, ERROR_SUCCESS);
    wu_usb_transfer_cancel(transfer);

    assert_nothing_more(queue);
}

static void transfer_is_submitted_again_without_a_new_one(void **state)
{
    (void)state;

    for (uint64_t tag = 0; tag < 100; tag++) {
        const struct wu_usb_submission asked = reading(tag);

        submit(transfer, &asked);
        end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 1);
        assert_int_equal(fetch(queue).tag, tag);
    }

    assert_int_equal(fake_libusb.transfers, 1);
}

static void whichever_call_fails_what_was_submitted_ends_once(void **state)
{
    const struct wu_usb_submission asked = reading(0);
    int nth = 0;

    (void)state;

    do {
        fake_libusb_fail_at(++nth);
        if (wu_usb_transfer_submit(transfer, &asked) == ERROR_SUCCESS) {
            wu_usb_transfer_cancel(transfer);
            assert_int_equal(fetch(queue).error, ERROR_OPERATION_ABORTED);
        }
    } while (fake_libusb_has_failed());

    assert_int_equal(nth, 4); /* submit, cancel, handle events, and none */
    assert_nothing_more(queue);
}

/* --- Isochronous packets ------------------------------------------------------------------- */

static struct wu_usb_submission listening(struct wu_usb_packet *packets)
{
    struct wu_usb_submission asked = reading(0);

    asked.type = WU_USB_ISOCH;
    asked.packets = packets;
    asked.packet_count = 4;
    return asked;
}

static void packets_reach_libusb_with_their_lengths(void **state)
{
    struct wu_usb_packet packets[4] = {
        { .length = 10 }, { .length = 20 }, { 0 }, { .length = 5 }
    };
    const struct wu_usb_submission asked = listening(packets);

    (void)state;

    submit(transfer, &asked);

    const struct libusb_transfer *got = fake_libusb_oldest(IN_PIPE);
    assert_int_equal(got->num_iso_packets, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(got->iso_packet_desc[i].length, packets[i].length);

    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    fetch(queue);
}

static void every_end_of_a_packet_is_told_with_its_bytes(void **state)
{
    struct wu_usb_packet packets[4] = { { .length = 10 } };
    const struct wu_usb_submission asked = listening(packets);

    (void)state;

    for (uint32_t i = 0; i < ENDS; i++) {
        submit(transfer, &asked);
        struct libusb_transfer *got = fake_libusb_oldest(IN_PIPE);
        got->iso_packet_desc[3].status = (enum libusb_transfer_status)ends[i].libusb;
        got->iso_packet_desc[3].actual_length = i;
        end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 99);

        const struct wu_usb_completion completion = fetch(queue);
        assert_int_equal(completion.error, ERROR_SUCCESS);
        assert_int_equal(completion.bytes, 0);
        assert_int_equal(packets[3].status, ends[i].packet);
        assert_int_equal(packets[3].bytes, i);
    }
}

static void packets_never_come_to_have_no_old_results(void **state)
{
    struct wu_usb_packet packets[4] = { { .length = 10 } };
    const struct wu_usb_submission asked = listening(packets);

    (void)state;
    submit(transfer, &asked);
    fake_libusb_oldest(IN_PIPE)->iso_packet_desc[0].status = LIBUSB_TRANSFER_COMPLETED;
    fake_libusb_oldest(IN_PIPE)->iso_packet_desc[0].actual_length = 10;
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    fetch(queue);

    submit(transfer, &asked);
    wu_usb_transfer_cancel(transfer);
    fetch(queue);

    assert_int_equal(packets[0].bytes, 0);
    assert_int_equal(packets[0].status, WU_USB_PACKET_CANCELLED);
}

/* --- Queues -------------------------------------------------------------------------------- */

static void completions_come_in_the_order_of_the_ends(void **state)
{
    const uint64_t second = new_transfer(0), third = new_transfer(0);
    struct wu_usb_submission asked[] = { reading(1), reading(2), reading(3) };

    (void)state;
    asked[1].endpoint = OTHER_PIPE;
    submit(transfer, &asked[0]);
    submit(second, &asked[1]);
    submit(third, &asked[2]);

    end_oldest(OTHER_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);

    assert_int_equal(fetch(queue).tag, 2);
    assert_int_equal(fetch(queue).tag, 1);
    assert_int_equal(fetch(queue).tag, 3);
    assert_nothing_more(queue);
    wu_usb_transfer_free(second);
    wu_usb_transfer_free(third);
}

static void completions_go_to_their_own_queue(void **state)
{
    const uint64_t second = new_transfer(0), other = new_queue();
    struct wu_usb_submission asked[] = { reading(1), reading(2) };

    (void)state;
    asked[1].queue = other;
    submit(transfer, &asked[0]);
    submit(second, &asked[1]);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);

    assert_int_equal(fetch(other).tag, 2);
    assert_nothing_more(other);
    assert_int_equal(fetch(queue).tag, 1);
    assert_nothing_more(queue);

    wu_usb_transfer_free(second);
    wu_usb_queue_free(other);
}

static void wait_lasts_until_its_time_and_no_less(void **state)
{
    const int64_t until = wu_host_clock_now() + 3 * MS;
    struct wu_usb_completion completion;

    (void)state;

    assert_false(wu_usb_queue_wait(queue, until, &completion));

    assert_true(wu_host_clock_now() >= until);
}

static void what_has_come_is_fetched_though_the_time_is_over(void **state)
{
    const uint64_t second = new_transfer(0);
    const struct wu_usb_submission asked[] = { reading(1), reading(2) };
    struct wu_usb_completion completion;

    (void)state;
    submit(transfer, &asked[0]);
    submit(second, &asked[1]);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    fetch(queue); /* brings the other one too */

    assert_true(wu_usb_queue_wait(queue, 0, &completion));

    assert_int_equal(completion.tag, 2);
    wu_usb_transfer_free(second);
}

static void wake_up_ends_the_next_wait_and_only_that(void **state)
{
    struct wu_usb_completion completion;

    (void)state;

    wu_usb_queue_wake(queue);
    wu_usb_queue_wake(queue);

    assert_false(wu_usb_queue_wait(queue, INT64_MAX, &completion));
    const int64_t until = wu_host_clock_now() + MS;
    assert_false(wu_usb_queue_wait(queue, until, &completion));
    assert_true(wu_host_clock_now() >= until);
}

static void wake_up_takes_no_completion_away(void **state)
{
    const struct wu_usb_submission asked[] = { reading(1), reading(2) };
    struct wu_usb_completion completion;

    (void)state;
    submit(transfer, &asked[0]);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    wu_usb_queue_wake(queue);

    assert_false(wu_usb_queue_wait(queue, INT64_MAX, &completion));

    assert_int_equal(fetch(queue).tag, 1);
}

static void completion_leaves_the_wake_up_to_the_next_wait(void **state)
{
    const uint64_t second = new_transfer(0);
    const struct wu_usb_submission asked[] = { reading(1), reading(2) };
    struct wu_usb_completion completion;

    (void)state;
    submit(transfer, &asked[0]);
    submit(second, &asked[1]);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    fetch(queue); /* brings the other one too */
    wu_usb_queue_wake(queue);

    assert_int_equal(fetch(queue).tag, 2);
    assert_false(wu_usb_queue_wait(queue, INT64_MAX, &completion));

    wu_usb_transfer_free(second);
}

static void failures_to_handle_events_are_survived(void **state)
{
    const int failures[] = { LIBUSB_ERROR_INTERRUPTED, LIBUSB_ERROR_IO, LIBUSB_ERROR_OTHER };
    const struct wu_usb_submission asked = reading(1);

    (void)state;

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        submit(transfer, &asked);
        end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
        fake_libusb.result[FAKE_EVENTS] = failures[i];
        fake_libusb.event_failures = 3;

        assert_int_equal(fetch(queue).tag, 1);

        assert_int_equal(fake_libusb.event_failures, 0);
    }
}

static void only_failures_that_last_take_time(void **state)
{
    struct wu_usb_completion completion;
    int64_t before;

    (void)state;
    fake_libusb.result[FAKE_EVENTS] = LIBUSB_ERROR_IO;
    fake_libusb.event_failures = 5;
    wu_usb_queue_wake(queue);
    assert_false(wu_usb_queue_wait(queue, INT64_MAX, &completion));

    before = wu_host_clock_now();
    assert_false(wu_usb_queue_wait(queue, before + 3 * MS, &completion));

    assert_true(fake_libusb.event_failures >= 2);
}

static void interruptions_take_no_time(void **state)
{
    enum { INTERRUPTIONS = 100000 }; /* at a millisecond each more than a minute and a half */
    const int64_t before = wu_host_clock_now();
    const struct wu_usb_submission asked = reading(1);

    (void)state;
    fake_libusb.result[FAKE_EVENTS] = LIBUSB_ERROR_INTERRUPTED;
    fake_libusb.event_failures = INTERRUPTIONS;
    submit(transfer, &asked);
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);

    fetch(queue);

    assert_true(wu_host_clock_now() - before < (int64_t)INTERRUPTIONS * MS);
}

/* --- Without a queue ----------------------------------------------------------------------- */

static struct wu_usb_submission waited_for(uint8_t endpoint)
{
    struct wu_usb_submission asked = reading(9);

    asked.queue = 0;
    asked.endpoint = endpoint;
    return asked;
}

static void transfer_without_queue_is_waited_for(void **state)
{
    const struct wu_usb_submission asked = waited_for(IN_PIPE);
    struct wu_usb_completion completion;

    (void)state;

    for (int i = 0; i < 3; i++) {
        submit(transfer, &asked);
        end_oldest(IN_PIPE, LIBUSB_TRANSFER_STALL, i);
        wu_usb_transfer_wait(transfer, &completion);

        assert_int_equal(completion.tag, 9);
        assert_int_equal(completion.error, ERROR_GEN_FAILURE);
        assert_int_equal(completion.bytes, i);
    }
    assert_nothing_more(queue);
}

/* --- Threads ------------------------------------------------------------------------------- */

struct waiter {
    struct wu_host_thread thread;
    uint64_t queue;
    bool fetched;
    struct wu_usb_completion completion;
};

static void wait_in_thread(void *argument)
{
    struct waiter *waiter = argument;

    waiter->fetched = wu_usb_queue_wait(waiter->queue, INT64_MAX, &waiter->completion);
}

static void start_waiter(struct waiter *waiter, uint64_t on)
{
    *waiter = (struct waiter){ .queue = on };
    assert_true(wu_host_thread_start(&waiter->thread, wait_in_thread, waiter));
}

static void wake_up_ends_the_wait_of_the_thread_that_handles_events(void **state)
{
    struct waiter waiter;

    (void)state;
    start_waiter(&waiter, queue);
    fake_libusb_await_handler();

    wu_usb_queue_wake(queue);

    wu_host_thread_join(&waiter.thread);
    assert_false(waiter.fetched);
}

/* Whichever thread handles the events, both see their own. */
static void threads_handle_events_for_each_other(void **state)
{
    const uint64_t second = new_transfer(0), other = new_queue();
    struct wu_usb_submission asked[] = { reading(1), reading(2) };
    struct waiter waiters[2];

    (void)state;
    asked[1].queue = other;
    asked[1].endpoint = OTHER_PIPE;

    for (int i = 0; i < 200; i++) {
        submit(transfer, &asked[0]);
        submit(second, &asked[1]);
        start_waiter(&waiters[0], queue);
        fake_libusb_await_handler();
        start_waiter(&waiters[1], other);

        end_oldest(OTHER_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
        wu_host_thread_join(&waiters[1].thread);
        assert_int_equal(waiters[1].completion.tag, 2);

        end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
        wu_host_thread_join(&waiters[0].thread);
        assert_int_equal(waiters[0].completion.tag, 1);
    }

    wu_usb_transfer_free(second);
    wu_usb_queue_free(other);
}

/* The queue that gets something when its thread has looked and does not wait yet, while another
 * thread handles the events; 0 once that is done. */
static _Atomic uint64_t late_queue;

static void wake_late_queue(void)
{
    const uint64_t late = late_queue;

    if (late == 0)
        return;
    late_queue = 0;
    wu_usb_queue_wake(late);
    fake_libusb_await_handler();
}

static void complete_for_late_queue(void)
{
    if (late_queue == 0)
        return;
    late_queue = 0;
    end_oldest(IN_PIPE, LIBUSB_TRANSFER_COMPLETED, 0);
    fake_libusb_await_handler();
}

static void start_handler(struct waiter *handler, void (*before_events)(void))
{
    start_waiter(handler, queue);
    fake_libusb_await_handler();
    fake_libusb.before_events = before_events;
}

static void end_handler(struct waiter *handler)
{
    wu_usb_queue_wake(queue);
    wu_host_thread_join(&handler->thread);
    assert_false(handler->fetched);
}

static void wake_up_just_before_the_wait_is_not_lost(void **state)
{
    const uint64_t other = new_queue();
    struct wu_usb_completion completion;
    struct waiter handler;

    (void)state;
    start_handler(&handler, wake_late_queue);
    late_queue = other;

    assert_false(wu_usb_queue_wait(other, INT64_MAX, &completion));

    end_handler(&handler);
    wu_usb_queue_free(other);
}

static void completion_just_before_the_wait_is_not_lost(void **state)
{
    const uint64_t other = new_queue();
    struct wu_usb_submission asked = reading(3);
    struct waiter handler;

    (void)state;
    asked.queue = other;
    submit(transfer, &asked);
    start_handler(&handler, complete_for_late_queue);
    late_queue = other;

    assert_int_equal(fetch(other).tag, 3);

    end_handler(&handler);
    wu_usb_queue_free(other);
}

static void end_just_before_the_wait_for_it_is_not_lost(void **state)
{
    struct wu_usb_submission asked = waited_for(IN_PIPE);
    struct wu_usb_completion completion;
    struct waiter handler;

    (void)state;
    submit(transfer, &asked);
    start_handler(&handler, complete_for_late_queue);
    late_queue = queue;

    wu_usb_transfer_wait(transfer, &completion);

    assert_int_equal(completion.error, ERROR_SUCCESS);
    end_handler(&handler);
}

static void wake_up_reaches_the_thread_that_leaves_events_to_another(void **state)
{
    const uint64_t other = new_queue();
    struct waiter handler, waiter;

    (void)state;
    start_waiter(&handler, queue);
    fake_libusb_await_handler();

    for (int i = 0; i < 500; i++) {
        start_waiter(&waiter, other);
        wu_usb_queue_wake(other);
        wu_host_thread_join(&waiter.thread);
        assert_false(waiter.fetched);
    }

    wu_usb_queue_wake(queue);
    wu_host_thread_join(&handler.thread);
    wu_usb_queue_free(other);
}

/* Ends each transfer as soon as it is submitted. */
static bool answer_at_once(struct libusb_transfer *libusb)
{
    libusb->status = LIBUSB_TRANSFER_COMPLETED;
    libusb->actual_length = libusb->length;
    return true;
}

enum { ROUNDS = 2000 };

static void transfer_in_thread(void *argument)
{
    const uint64_t own = new_transfer(0);
    const struct wu_usb_submission asked = waited_for(OTHER_PIPE);
    uint32_t *bytes = argument;

    for (int i = 0; i < ROUNDS; i++) {
        struct wu_usb_completion completion;

        submit(own, &asked);
        wu_usb_transfer_wait(own, &completion);
        *bytes += completion.bytes;
    }
    wu_usb_transfer_free(own);
}

static void nothing_is_lost_between_a_queue_and_threads_that_wait_for_their_own(void **state)
{
    const struct wu_usb_submission asked = reading(1);
    struct wu_host_thread threads[2];
    uint32_t bytes[2] = { 0, 0 };

    (void)state;
    fake_libusb.transfer = answer_at_once;
    for (int i = 0; i < 2; i++)
        assert_true(wu_host_thread_start(&threads[i], transfer_in_thread, &bytes[i]));

    for (int i = 0; i < ROUNDS; i++) {
        submit(transfer, &asked);
        assert_int_equal(fetch(queue).bytes, sizeof(data));
    }

    for (int i = 0; i < 2; i++) {
        wu_host_thread_join(&threads[i]);
        assert_int_equal(bytes[i], ROUNDS * sizeof(data));
    }
}

#define transfer_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        transfer_test(submission_reaches_libusb_as_it_is),
        transfer_test(every_type_is_told),
        transfer_test(packet_of_no_length_is_asked_for),
        transfer_test(failed_submission_says_why_and_has_no_completion),
        transfer_test(lack_of_memory_is_told_from_other_failures),
        transfer_test(more_than_there_is_room_for_is_refused),
        transfer_test(transfer_for_which_there_is_no_memory_is_not_made),
        transfer_test(more_packets_than_libusb_counts_are_too_many),
        transfer_test(every_end_has_its_error_and_its_bytes),
        transfer_test(no_more_is_told_than_was_asked_for),
        transfer_test(damage_is_the_end_of_a_device_that_is_gone),
        transfer_test(what_a_device_did_before_it_went_is_done),
        transfer_test(cancelled_transfer_is_completed_all_the_same),
        transfer_test(transfer_that_does_not_run_is_not_cancelled),
        transfer_test(transfer_is_submitted_again_without_a_new_one),
        transfer_test(whichever_call_fails_what_was_submitted_ends_once),
        transfer_test(packets_reach_libusb_with_their_lengths),
        transfer_test(every_end_of_a_packet_is_told_with_its_bytes),
        transfer_test(packets_never_come_to_have_no_old_results),
        transfer_test(completions_come_in_the_order_of_the_ends),
        transfer_test(completions_go_to_their_own_queue),
        transfer_test(wait_lasts_until_its_time_and_no_less),
        transfer_test(what_has_come_is_fetched_though_the_time_is_over),
        transfer_test(wake_up_ends_the_next_wait_and_only_that),
        transfer_test(wake_up_takes_no_completion_away),
        transfer_test(completion_leaves_the_wake_up_to_the_next_wait),
        transfer_test(failures_to_handle_events_are_survived),
        transfer_test(only_failures_that_last_take_time),
        transfer_test(interruptions_take_no_time),
        transfer_test(transfer_without_queue_is_waited_for),
        transfer_test(wake_up_ends_the_wait_of_the_thread_that_handles_events),
        transfer_test(threads_handle_events_for_each_other),
        transfer_test(wake_up_just_before_the_wait_is_not_lost),
        transfer_test(completion_just_before_the_wait_is_not_lost),
        transfer_test(end_just_before_the_wait_for_it_is_not_lost),
        transfer_test(wake_up_reaches_the_thread_that_leaves_events_to_another),
        transfer_test(nothing_is_lost_between_a_queue_and_threads_that_wait_for_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
