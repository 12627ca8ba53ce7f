/*
 * Measures how late a counter moves: by how much it shows a new number after the instant at which
 * an ideal counter of the same rate would have shown it.
 *
 *     counter_lateness SECONDS [busy]
 *
 * "busy": while control transfers run, which makes an EHCI of QEMU's move its counter more often.
 *
 * Spins on the register, dates each change, and lays a line under the dates: the earliest ones
 * are taken to be on time. A pause of this program's own counts as lateness, too. Real controllers
 * have one hardware counter and no lateness; emulated ones that move theirs from a timer have. It
 * measures the machine, not the library, and fails only when the counter does not run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "watch.h"

enum {
    MINIMUM = 100, /* steps to say anything */
    PIECES = 10,   /* that the line is laid under */
};

/* The counter was seen to reach a number. */
struct change {
    double number; /* [ticks] since the first */
    double time;   /* [us] since the first */
    double jump;   /* [ticks] since the change before */
};

struct recording {
    struct change *changes;
    size_t count;
    size_t capacity;
};

/* Spins for a while and writes down each change, as of when the new number was seen. */
static void record(const struct watch *watch, int64_t duration, struct recording *recording)
{
    struct watch_reading last = watch_read(watch);
    const int64_t start = last.before;
    double number = 0;

    while (last.after - start < duration && recording->count < recording->capacity) {
        const struct watch_reading next = watch_read(watch);
        const int32_t jump = watch_distance(watch, last.count, next.count);

        number += jump;
        if (jump != 0)
            recording->changes[recording->count++] =
                (struct change){ number, (double)(next.after - start) / 1e3, jump };
        last = next;
    }
}

/* Lateness [us] of a change against a line through the origin of slope @p tick. */
static double late_by(const struct change *change, double tick)
{
    return change->time - change->number * tick;
}

/* The least lateness in a piece of the recording, and at which number. */
static struct change earliest(const struct recording *recording, size_t piece, double tick)
{
    const size_t from = recording->count * piece / PIECES;
    const size_t to = recording->count * (piece + 1) / PIECES;
    struct change best = recording->changes[from];

    for (size_t i = from; i < to; i++)
        if (late_by(&recording->changes[i], tick) < late_by(&best, tick))
            best = recording->changes[i];
    return best;
}

/* The length of a tick [us] on this machine's clock: from the first piece to the last. */
static double measure_tick(const struct recording *recording, double nominal)
{
    double tick = nominal;

    for (int round = 0; round < 3; round++) {
        const struct change first = earliest(recording, 0, tick);
        const struct change last = earliest(recording, PIECES - 1, tick);

        tick = (last.time - first.time) / (last.number - first.number);
    }
    return tick;
}

/* Gives how late each number was [us]: those that were skipped came with the one after them.
 * @return how many */
static size_t list_lateness(const struct recording *recording, double tick, double *late)
{
    size_t count = 0;

    for (size_t i = 0; i < recording->count; i++) {
        const struct change *change = &recording->changes[i];
        const struct change ideal = earliest(recording, i * PIECES / recording->count, tick);
        const double last = late_by(change, tick) - late_by(&ideal, tick);

        for (double skipped = 0; skipped < change->jump; skipped++)
            late[count++] = last + skipped * tick;
    }
    return count;
}

static void report(const struct watch *watch, const struct recording *recording, double *late)
{
    const double nominal = (double)watch->tick / 1e3;
    const double tick = measure_tick(recording, nominal);
    const size_t count = list_lateness(recording, tick, late);

    printf("counter_lateness: %s, %zu ticks in %zu steps, rate %+.2f ppm; "
           "late by p50 %.1f p95 %.1f p99 %.1f max %.1f us\n",
           watch->controller, count, recording->count, (nominal / tick - 1) * 1e6,
           lab_percentile(late, count, 50), lab_percentile(late, count, 95),
           lab_percentile(late, count, 99), lab_percentile(late, count, 100));
}

/* Records, with traffic on the bus where that is asked for. */
static bool watch_for(int64_t seconds, bool busy, struct watch *watch, struct recording *recording)
{
    struct lab_traffic traffic;
    struct lab_device device;
    struct lab_session session;

    if (!lab_find(LAB_TABLET, &device) || !watch_open(device.bus, WATCH_REGISTER, watch))
        return false;
    if (busy && !lab_open(&device, &session))
        return false;
    if (busy && !lab_traffic_start(&traffic, &session)) {
        lab_close(&session);
        return false;
    }

    record(watch, seconds * 1000000000, recording);
    if (busy) {
        lab_traffic_stop(&traffic);
        lab_close(&session);
    }
    return true;
}

int main(int argc, char **argv)
{
    const int64_t seconds = argc > 1 ? atoi(argv[1]) : 10;
    const bool busy = argc > 2 && strcmp(argv[2], "busy") == 0;
    struct recording recording = { .capacity = (size_t)seconds * 9000 };
    double *late = calloc(recording.capacity, 2 * sizeof(*late));
    struct watch watch;
    bool passed = false;

    recording.changes = calloc(recording.capacity, sizeof(*recording.changes));
    if (late && recording.changes && watch_for(seconds, busy, &watch, &recording)) {
        passed = recording.count >= MINIMUM;
        if (passed)
            report(&watch, &recording, late);
        else
            printf("counter_lateness: failed: %s, %zu steps\n", watch.controller, recording.count);
    }
    free(recording.changes);
    free(late);
    return passed ? 0 : 1;
}
