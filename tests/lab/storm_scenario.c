#include "storm.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum {
    EVENTS = 4,           /* of an endpoint, at most */
    EVENTFUL = 12,        /* transfers among which they are */
    LONGEST_DELAY = 2,    /* [ms] */
    LONGEST_TIMEOUT = 4,  /* [ms] */
    LONGEST_PAUSE = 8000, /* [us] before the threads are interrupted */
    ABSENCE = 10,         /* [ms] */
    PATIENCE = 120000,    /* [ms] for the device to come */
    POLL_PAUSE = 2000000, /* [ns] */
    MAIN = STORM_THREADS, /* in storm_doing */
};

static const UCHAR pipes[] = { 0x81, 0x01, 0x82, 0x02, 0x83, 0x03 };

static void doing(const char *what)
{
    atomic_store(&storm_doing[MAIN], what);
}

bool storm_loses_device(const struct storm_scenario *scenario)
{
    return scenario->end == STORM_UNPLUG || scenario->end == STORM_LEAVE ||
           scenario->end == STORM_DELETE;
}

bool storm_cancels(const struct storm_scenario *scenario)
{
    return scenario->end == STORM_CANCEL || scenario->end == STORM_LEAVE;
}

bool storm_has_timeouts(const struct storm_scenario *scenario)
{
    return scenario->end == STORM_TIMEOUT || scenario->end == STORM_CLOSE;
}

/* --- The device ------------------------------------------------------------------------------ */

static bool is_there(struct storm_device *device, const char *other_than)
{
    return lab_present(LABDEV_PRODUCT) && lab_find(LABDEV_PRODUCT, &device->where) &&
           strcmp(device->where.node, other_than) != 0 &&
           labdev_open(&device->script, device->where.node);
}

static bool await_other(struct storm_device *device, const char *other_than)
{
    doing("waiting for the device");
    for (int64_t start = lab_now(); (lab_now() - start) / 1000000 < PATIENCE;) {
        if (is_there(device, other_than))
            return true;
        lab_sleep(POLL_PAUSE);
    }
    fprintf(stderr, "storm: the device does not come\n");
    return false;
}

bool storm_device_await(struct storm_device *device)
{
    return await_other(device, "");
}

/* What fails is never shortened as well: the kernel's EHCI and xHCI drivers try a failed
 * transaction again, and what a device sent before it failed would be lost between what it sends.
 */
static struct labdev_event any_event(struct storm_scenario *scenario)
{
    struct storm_random *random = &scenario->random;
    struct labdev_event event = { .at = 1 + storm_random(random, EVENTFUL) };

    switch (storm_random(random, scenario->is_qemu ? 5 : 6)) {
    case 0:
        event.action = LABDEV_HOLD;
        break;
    case 1:
        event.action = LABDEV_STALL;
        break;
    case 2:
        event.at |= 1;
        event.action = LABDEV_FAIL;
        event.value = EIO;
        break;
    case 3:
        event.at += event.at % 2;
        event.action = scenario->shortens ? LABDEV_SHORT : LABDEV_HOLD;
        event.value = storm_random(random, STORM_LENGTH / 4);
        break;
    case 4:
        event.action = LABDEV_DELAY;
        event.value = 1 + storm_random(random, LONGEST_DELAY);
        break;
    default:
        event.action = LABDEV_BABBLE;
    }
    return event;
}

static void choose_messages(struct storm_random *random, struct labdev_behaviour *behaviour)
{
    behaviour->message_count = 1 + storm_random(random, LABDEV_MESSAGE_COUNT);
    behaviour->zero_packets = storm_random(random, 2);
    for (uint32_t i = 0; i < behaviour->message_count; i++)
        behaviour->messages[i] = storm_random(random, STORM_LENGTH);
}

static bool program(struct storm_scenario *scenario, const struct labdev *device, UCHAR pipe)
{
    struct storm_random *random = &scenario->random;
    struct labdev_behaviour behaviour = { .kind = pipe == 0x81   ? LABDEV_SOURCE
                                                  : pipe == 0x01 ? LABDEV_SINK
                                                                 : LABDEV_LOOPBACK };
    const unsigned events = storm_random(random, EVENTS + 1);

    if (pipe == 0x81 && scenario->shortens && storm_chance(random, 25)) {
        behaviour.kind = LABDEV_MESSAGES;
        choose_messages(random, &behaviour);
    }
    if (storm_chance(random, 10))
        behaviour.kind = LABDEV_NAK;
    for (unsigned i = 0; i < events; i++)
        behaviour.events[i] = any_event(scenario);
    if (scenario->end == STORM_UNPLUG && storm_chance(random, 50))
        behaviour.events[EVENTS] = (struct labdev_event){
            .at = 1 + storm_random(random, EVENTFUL / 2),
            .action = LABDEV_DISCONNECT,
            .value = ABSENCE,
        };
    return labdev_program(device, pipe, &behaviour);
}

/* The source, and often another one: what is asked of endpoint 0 takes time. */
static bool prepare_device(struct storm_scenario *scenario, const struct labdev *device)
{
    struct storm_random *random = &scenario->random;

    return labdev_clear(device) && program(scenario, device, pipes[0]) &&
           (storm_chance(random, 50) ||
            program(scenario, device, pipes[1 + storm_random(random, 3)]));
}

/* --- Handles --------------------------------------------------------------------------------- */

/* The thread that completes requests is there from the first one on. */
static bool complete_one(HANDLE handle)
{
    const WINUSB_SETUP_PACKET setup = { 0x40, LABDEV_ECHO, 0, 0, 0 };
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
    DWORD bytes;
    const bool ok = !WinUsb_ControlTransfer(handle, setup, NULL, 0, NULL, &overlapped) &&
                    GetLastError() == ERROR_IO_PENDING &&
                    WinUsb_GetOverlappedResult(handle, &overlapped, &bytes, TRUE);

    CloseHandle(overlapped.hEvent);
    return ok;
}

bool storm_device_open(struct storm_device *device)
{
    doing("opening the device");
    return device->session.file ||
           (lab_open(&device->where, &device->session) && complete_one(device->session.iface));
}

void storm_device_close(struct storm_device *device)
{
    if (device->session.file)
        lab_close(&device->session);
    device->session.file = NULL;
}

static bool set(struct storm_scenario *scenario, UCHAR pipe, ULONG policy, ULONG value)
{
    const ULONG size = policy == PIPE_TRANSFER_TIMEOUT ? sizeof(ULONG) : sizeof(UCHAR);

    return WinUsb_SetPipePolicy(scenario->first, pipe, policy, size, &value);
}

/* Requests to endpoint 0, which the script needs too, end in time unless they are cut short. */
static bool set_policies(struct storm_scenario *scenario)
{
    struct storm_random *random = &scenario->random;
    bool ok = scenario->end == STORM_CUT ||
              set(scenario, 0, PIPE_TRANSFER_TIMEOUT, 1 + storm_random(random, LONGEST_TIMEOUT));

    for (size_t i = 0; ok && i < sizeof(pipes); i++) {
        ok = set(scenario, pipes[i], RAW_IO, scenario->is_raw) &&
             set(scenario, pipes[i], IGNORE_SHORT_PACKETS, scenario->ignores_short);
        if (ok && storm_has_timeouts(scenario))
            ok = set(scenario, pipes[i], PIPE_TRANSFER_TIMEOUT,
                     1 + storm_random(random, LONGEST_TIMEOUT));
    }
    return ok;
}

static void free_second(struct storm_scenario *scenario)
{
    WinUsb_Free(atomic_exchange(&scenario->second, NULL));
}

static void close_file(struct storm_device *device)
{
    if (!CloseHandle(device->session.file))
        storm_wrong("CloseHandle failed with %u", (unsigned)GetLastError());
    device->session.file = NULL;
}

/* The file takes with it what has not been freed; what is freed late does no harm. */
static void close_handles(struct storm_scenario *scenario, struct storm_device *device)
{
    const bool second_first = storm_chance(&scenario->random, 50);
    const bool file_first = scenario->closes_file && storm_chance(&scenario->random, 50);

    doing("closing the handles");
    atomic_store(&scenario->over, true);
    if (file_first)
        close_file(device);
    if (second_first)
        free_second(scenario);
    WinUsb_Free(scenario->first);
    if (!file_first && scenario->closes_file)
        close_file(device);
    else if (!scenario->closes_file)
        free_second(scenario);
}

/* --- Course ---------------------------------------------------------------------------------- */

static void pause_a_little(struct storm_random *random)
{
    lab_sleep((int64_t)storm_random(random, LONGEST_PAUSE) * 1000);
}

/* On QEMU's controllers, a request that the device refuses ends those behind it as well, and one
 * may succeed without saying so. */
static bool replug(const struct storm_device *device)
{
    const struct labdev_replug replug = { .absence = ABSENCE };
    int tries = 5;

    while (!labdev_replug(&device->script, &replug))
        if (--tries == 0)
            return false;
    return true;
}

static void unplug(struct storm_scenario *scenario, struct storm_device *device)
{
    doing("unplugging the device");
    if (scenario->end == STORM_DELETE ? !lab_monitor("device_del labdevice") : !replug(device))
        storm_wrong("the device cannot be unplugged");
}

static void interrupt(struct storm_scenario *scenario, struct storm_device *device)
{
    if (scenario->end != STORM_CUT && scenario->end != STORM_UNPLUG &&
        scenario->end != STORM_DELETE)
        return;

    pause_a_little(&scenario->random);
    if (scenario->end == STORM_CUT)
        close_handles(scenario, device);
    else
        unplug(scenario, device);
}

/* What QEMU has taken away does not come back. */
static bool await_return(const struct storm_scenario *scenario, struct storm_device *device)
{
    const struct lab_device before = device->where;

    if (scenario->end == STORM_DELETE)
        return true;
    labdev_close(&device->script);
    return await_other(device, before.node);
}

static bool
start(struct storm_scenario *scenario, struct storm_thread *thread, unsigned i, pthread_t *id)
{
    *thread = (struct storm_thread){ .scenario = scenario, .number = i };
    thread->random.state = (uint64_t)storm_random(&scenario->random, UINT_MAX) << 32 | i;
    return pthread_create(id, NULL, storm_thread_run, thread) == 0;
}

static bool run_threads(struct storm_scenario *scenario, struct storm_device *device)
{
    struct storm_thread threads[STORM_THREADS];
    pthread_t ids[STORM_THREADS];
    unsigned count = 0;

    doing("starting the threads");
    while (count < STORM_THREADS && start(scenario, &threads[count], count, &ids[count]))
        count++;
    interrupt(scenario, device);
    doing("waiting for the threads");
    for (unsigned i = 0; i < count; i++)
        pthread_join(ids[i], NULL);
    if (scenario->end == STORM_LEAVE)
        unplug(scenario, device);
    if (scenario->end != STORM_CUT)
        close_handles(scenario, device);
    doing("looking at what is left");
    for (unsigned i = 0; i < count; i++) {
        storm_thread_end(&threads[i]);
        scenario->completed += threads[i].completed;
    }
    return count == STORM_THREADS;
}

bool storm_scenario_run(struct storm_scenario *scenario, struct storm_device *device)
{
    doing("preparing the device");
    if (!prepare_device(scenario, &device->script))
        return false;
    scenario->file = device->session.file;
    if (!WinUsb_Initialize(scenario->file, &scenario->first) || !set_policies(scenario) ||
        !run_threads(scenario, device))
        return false;
    return !storm_loses_device(scenario) || await_return(scenario, device);
}
