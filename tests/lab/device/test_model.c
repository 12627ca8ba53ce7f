/* model.c: what the lab's device does, without a host: a transport that remembers, and time that
 * the test moves. */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const int64_t millisecond = 1000000; /* [ns] */

/* What became of the transfer that was answered last. */
struct memory {
    struct transport base;
    unsigned completions;
    unsigned plugs;
    unsigned unplugs;
    uint64_t id;
    uint32_t status;
    uint32_t actual;
    uint8_t data[4096];
    struct packet packets[8];
};

static void remember(struct transport *transport, const struct transfer *transfer)
{
    struct memory *self = (struct memory *)transport;

    self->completions++;
    self->id = transfer->id;
    self->status = transfer->status;
    self->actual = transfer->actual;
    memcpy(self->data, transfer->data, transfer->actual);
    memcpy(self->packets, transfer->packets, transfer->packet_count * sizeof(struct packet));
}

static bool plug(struct transport *transport)
{
    ((struct memory *)transport)->plugs++;
    return true;
}

static void unplug(struct transport *transport)
{
    ((struct memory *)transport)->unplugs++;
}

static const struct transport_ops ops = { .complete = remember, .plug = plug, .unplug = unplug };

struct fixture {
    struct model model;
    struct memory host;
};

static void request(struct fixture *fixture, struct setup setup)
{
    struct transfer *transfer = model_transfer(0, setup.length, 0);

    transfer->setup = setup;
    model_submit(&fixture->model, transfer);
}

static void transfer(struct fixture *fixture, unsigned endpoint, uint32_t length, uint64_t id)
{
    struct transfer *transfer = model_transfer((uint8_t)endpoint, length, 0);

    transfer->id = id;
    model_submit(&fixture->model, transfer);
}

static void program(struct fixture *fixture, unsigned endpoint, struct labdev_behaviour behaviour)
{
    assert_true(model_program(&fixture->model, endpoint, &behaviour));
}

static int set_up(void **state)
{
    const struct labdev_replug identity = { .speed = LABDEV_HIGH_SPEED };
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->host.base.ops = &ops;
    model_init(&fixture->model, &fixture->host.base, &identity);
    model_run(&fixture->model, 0);
    request(fixture, (struct setup){ 0x00, 9, 1, 0, 0 });
    model_clear(&fixture->model);
    fixture->host.completions = 0;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    model_finish(&fixture->model);
    free(fixture);
    return 0;
}

static void held_transfer_holds_the_next_ones_up(void **state)
{
    struct fixture *fixture = *state;
    struct memory *host = &fixture->host;

    program(
        fixture, 0x81,
        (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_HOLD, 0 } } });
    transfer(fixture, 0x81, 64, 10);
    transfer(fixture, 0x81, 64, 11);
    assert_int_equal(host->completions, 0);

    assert_true(model_cancel(&fixture->model, 10));

    assert_int_equal(host->completions, 2);
    assert_int_equal(host->id, 11);
    assert_int_equal(host->actual, 64);
    assert_false(model_cancel(&fixture->model, 10));
    assert_int_equal(model_endpoint(&fixture->model, 0x81)->status.peak, 2);
}

static void programming_frees_what_was_held(void **state)
{
    struct fixture *fixture = *state;

    program(
        fixture, 0x81,
        (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_HOLD, 0 } } });
    transfer(fixture, 0x81, 64, 10);
    program(fixture, 0x81, (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .start = 3 });
    model_run(&fixture->model, 0);

    assert_int_equal(fixture->host.completions, 1);
    assert_int_equal(fixture->host.data[0], 3);
}

static void delayed_transfer_is_answered_in_time(void **state)
{
    struct fixture *fixture = *state;

    program(fixture, 0x81, (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .delay = 5 });
    transfer(fixture, 0x81, 64, 10);

    assert_int_equal(model_run(&fixture->model, 1 * millisecond), 5 * millisecond);
    assert_int_equal(fixture->host.completions, 0);
    assert_int_equal(model_run(&fixture->model, 5 * millisecond), MODEL_IDLE);
    assert_int_equal(fixture->host.completions, 1);
}

static void cancelled_transfer_keeps_what_it_had(void **state)
{
    struct fixture *fixture = *state;

    program(fixture, 0x81,
            (struct labdev_behaviour){
                .kind = LABDEV_MESSAGES, .message_count = 1, .messages = { 512 } });
    transfer(fixture, 0x81, 1024, 10);
    assert_int_equal(fixture->host.completions, 0);

    model_cancel(&fixture->model, 10);

    assert_int_equal(fixture->host.status, ECONNRESET);
    assert_int_equal(fixture->host.actual, 512);
}

static void loopback_keeps_the_bounds_of_transfers(void **state)
{
    struct fixture *fixture = *state;

    transfer(fixture, 0x02, 512, 1);
    transfer(fixture, 0x02, 10, 2);
    transfer(fixture, 0x02, 0, 3);

    transfer(fixture, 0x82, 4096, 4);
    assert_int_equal(fixture->host.actual, 522);
    transfer(fixture, 0x82, 4096, 5);
    assert_int_equal(fixture->host.id, 5);
    assert_int_equal(fixture->host.actual, 0);
}

static void isochronous_packets_elapse(void **state)
{
    struct fixture *fixture = *state;
    struct transfer *transfer = model_transfer(0x84, 4 * 1024, 4);

    request(fixture, (struct setup){ 0x01, 11, 1, 1, 0 });
    for (uint32_t i = 0; i < 4; i++)
        transfer->packets[i] = (struct packet){ .offset = i * 1024, .length = 1024 };
    transfer->id = 10;
    transfer->not_before = 500000; /* four microframes */
    model_submit(&fixture->model, transfer);
    model_run(&fixture->model, 250000);

    model_cancel(&fixture->model, 10);

    assert_int_equal(fixture->host.actual, 2048);
    assert_int_equal(fixture->host.packets[1].status, 0);
    assert_int_equal(fixture->host.packets[2].status, EXDEV);
}

static void device_leaves_and_comes_back(void **state)
{
    struct fixture *fixture = *state;
    struct model *model = &fixture->model;

    program(fixture, 0x81,
            (struct labdev_behaviour){ .kind = LABDEV_SOURCE,
                                       .events = { { 1, LABDEV_DISCONNECT, 30 } } });
    transfer(fixture, 0x81, 64, 10);

    assert_int_equal(model_run(model, 0), 30 * millisecond);
    assert_int_equal(fixture->host.unplugs, 1);
    assert_int_equal(model_run(model, 30 * millisecond), MODEL_IDLE);
    assert_int_equal(fixture->host.plugs, 2);
    assert_int_equal(fixture->host.completions, 0);
    assert_null(model_configuration(model));
}

static void impossible_behaviours_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct {
        unsigned address;
        struct labdev_behaviour behaviour;
    } cases[] = {
        { 0x00, { .kind = LABDEV_NAK } },
        { 0x01, { .kind = LABDEV_SOURCE } },
        { 0x01, { .kind = LABDEV_MESSAGES } },
        { 0x81, { .kind = LABDEV_SINK } },
        { 0x81, { .kind = LABDEV_MESSAGES, .message_count = LABDEV_MESSAGE_COUNT + 1 } },
        { 0x81, { .kind = LABDEV_MESSAGES + 1 } },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_false(model_program(&fixture->model, cases[i].address, &cases[i].behaviour));
}

static void full_log_loses_the_oldest(void **state)
{
    struct fixture *fixture = *state;
    const uint32_t before = fixture->model.log.count;
    struct labdev_log_entry entry;

    for (int i = 0; i <= LOG_SIZE; i++)
        request(fixture, (struct setup){ 0xC0, LABDEV_REQUEST_STALL, 0, 0, 0 });

    assert_true(log_copy(&fixture->model.log, before, (uint8_t *)&entry, sizeof(entry)) > 0);
    assert_int_equal(entry.number, before + 1);
}

static void descriptors_are_as_long_as_they_say(void **state)
{
    (void)state;

    for (uint32_t speed = LABDEV_FULL_SPEED; speed <= LABDEV_HIGH_SPEED; speed++) {
        for (uint32_t i = LABDEV_STANDARD; i < LABDEV_PERSONALITIES; i++) {
            const struct labdev_replug identity = { .personality = i, .speed = speed };
            struct descriptors all;

            descriptors_build(&all, &identity);

            assert_int_equal(all.device.size, all.device.bytes[0]);
            assert_int_equal(all.bos.size, all.bos.bytes[2]);
            assert_int_equal(all.msos2.size, all.msos2.bytes[8] | all.msos2.bytes[9] << 8);
            assert_int_equal(all.msos1_compatible.size, all.msos1_compatible.bytes[0]);
            for (size_t j = 0; j < DESCRIPTORS_INTERFACES; j++) {
                const struct blob *properties = &all.msos1_properties[j];

                assert_int_equal(properties->size,
                                 properties->bytes[0] | properties->bytes[1] << 8);
            }
        }
    }
}

static void properties_are_of_the_interface_in_the_low_byte(void **state)
{
    const struct {
        uint16_t value;
        bool there;
    } cases[] = { { 0, true }, { 1, false }, { 2, true }, { 4, false }, { 0x0200, false } };
    const struct labdev_replug composite = { .personality = LABDEV_COMPOSITE,
                                             .speed = LABDEV_HIGH_SPEED };
    struct fixture *fixture = *state;

    descriptors_build(&fixture->model.descriptors, &composite);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request(fixture, (struct setup){ 0xC1, LABDEV_MSOS, cases[i].value, 5, 10 });
        assert_int_equal(fixture->host.status, cases[i].there ? 0 : EPIPE);
        assert_int_equal(fixture->host.actual, cases[i].there ? 10 : 0);
    }
}

/* --- Personalities that speak
 * --------------------------------------------------------------------- */

static void become(struct fixture *fixture, uint32_t personality)
{
    const struct labdev_replug identity = { .personality = personality,
                                            .speed = LABDEV_HIGH_SPEED };

    model_replug(&fixture->model, &identity, 0);
    model_run(&fixture->model, 0);
    request(fixture, (struct setup){ 0x00, 9, 1, 0, 0 });
}

static void say(struct fixture *fixture, const char *text)
{
    struct transfer *transfer = model_transfer(0x01, (uint32_t)strlen(text), 0);

    memcpy(transfer->data, text, strlen(text));
    model_submit(&fixture->model, transfer);
}

static void command_is_answered(void **state)
{
    struct fixture *fixture = *state;

    become(fixture, LABDEV_FASTBOOT);
    transfer(fixture, 0x81, 64, 10);
    say(fixture, "getvar:version");

    assert_int_equal(fixture->host.id, 10);
    assert_int_equal(fixture->host.actual, 7);
    assert_memory_equal(fixture->host.data, "OKAY0.4", 7);
}

static void no_answer_is_left_after_a_reset(void **state)
{
    struct fixture *fixture = *state;

    become(fixture, LABDEV_FASTBOOT);
    say(fixture, "download:00001000");
    model_reset(&fixture->model);
    request(fixture, (struct setup){ 0x00, 9, 1, 0, 0 });
    say(fixture, "getvar:version");
    transfer(fixture, 0x81, 64, 10);

    assert_memory_equal(fixture->host.data, "OKAY0.4", 7);
}

static void what_is_no_message_is_refused_by_a_stall(void **state)
{
    struct fixture *fixture = *state;

    become(fixture, LABDEV_ADB);
    say(fixture, "twenty-four bytes of none");

    assert_int_equal(fixture->host.status, EPIPE);
    assert_true(model_endpoint(&fixture->model, 0x01)->halted);
}

static void only_who_speaks_can_be_told_to(void **state)
{
    const struct labdev_behaviour behaviour = { .kind = LABDEV_SERVICE };
    struct fixture *fixture = *state;

    assert_false(model_program(&fixture->model, 0x01, &behaviour));
    become(fixture, LABDEV_ADB);
    assert_true(model_program(&fixture->model, 0x01, &behaviour));
    assert_false(model_program(&fixture->model, 0x81, &behaviour));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(held_transfer_holds_the_next_ones_up),
        TEST(programming_frees_what_was_held),
        TEST(delayed_transfer_is_answered_in_time),
        TEST(cancelled_transfer_keeps_what_it_had),
        TEST(loopback_keeps_the_bounds_of_transfers),
        TEST(isochronous_packets_elapse),
        TEST(device_leaves_and_comes_back),
        TEST(impossible_behaviours_are_refused),
        TEST(full_log_loses_the_oldest),
        cmocka_unit_test(descriptors_are_as_long_as_they_say),
        TEST(properties_are_of_the_interface_in_the_low_byte),
        TEST(command_is_answered),
        TEST(no_answer_is_left_after_a_reset),
        TEST(what_is_no_message_is_refused_by_a_stall),
        TEST(only_who_speaks_can_be_told_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
