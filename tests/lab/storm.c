/*
 * Whatever the device does, whatever threads ask for and however it ends: each request completes
 * exactly once, nothing hangs, nothing is left behind, nothing is touched too late, errors are
 * those of the specification and data is what was sent.
 *
 *     storm [--seed N] [--scenarios N] [--only K] [--qemu]
 *
 * Runs scenarios of the lab's device, which all follow from the seed; what fails says how to run
 * that scenario alone. --qemu: endpoint 0 has one queue, and QEMU can take the device away.
 */
#include "storm.h"

#include <dirent.h>
#include <limits.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SCENARIOS = 1000,
    CLOSE_EVERY = 20,      /* scenarios: the file */
    UNPLUG_EVERY = 40,     /* scenarios; of those which close the file */
    HUNG = 400,            /* [s] for one scenario */
    SETTLED = 60000,       /* [ms] what an ended thread takes to be gone, at most */
    WARM_UP = 99,          /* the scenario after which no more memory is needed */
    MORE_MEMORY = 0x40000, /* [bytes] than then, at most; threads keep some for themselves */
};

/* What the thread sanitizer is not to judge: libusb is not built with it, so it misses its order.
 */
__attribute__((visibility("default"))) const char *__tsan_default_suppressions(void);

const char *__tsan_default_suppressions(void)
{
    return "race:libusb-1.0.so\n";
}

static uint64_t seed = 1;
static unsigned only = UINT_MAX;
static unsigned scenarios = SCENARIOS;
static bool is_qemu;

_Atomic(const char *) storm_doing[STORM_THREADS + 1];
static atomic_uint current, wrongs;
static struct storm_scenario *_Atomic running;

/* --- Random numbers ----------------------------------------------------------------------- */

static uint64_t mix(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ number >> 27) * UINT64_C(0x94D049BB133111EB);
    return number ^ number >> 31;
}

unsigned storm_random(struct storm_random *random, unsigned count)
{
    random->state += UINT64_C(0x9E3779B97F4A7C15);
    return (unsigned)((mix(random->state) >> 32) * count >> 32);
}

/* --- What is wrong ------------------------------------------------------------------------ */

void storm_wrong(const char *format, ...)
{
    va_list arguments;
    char text[256];

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    atomic_fetch_add(&wrongs, 1);
    fprintf(stderr, "storm: scenario %u: %s\n", atomic_load(&current), text);
}

static void say_replay(void)
{
    fprintf(stderr, "replay: storm --seed %llu --only %u%s\n", (unsigned long long)seed,
            atomic_load(&current), is_qemu ? " --qemu" : "");
}

static void report_hang(void)
{
    const struct storm_scenario *scenario = atomic_load(&running);

    storm_wrong("hangs, with %u requests pending; it would end by %d",
                scenario ? atomic_load(&scenario->pending) : 0, scenario ? (int)scenario->end : -1);
    for (size_t i = 0; i <= STORM_THREADS; i++)
        fprintf(stderr, "  %s %zu: %s\n", i < STORM_THREADS ? "thread" : "main", i,
                atomic_load(&storm_doing[i]));
    say_replay();
    _exit(1);
}

/* Ends the program when one scenario takes too long. */
static void *watch(void *unused)
{
    unsigned last = UINT_MAX, ticks = 0;

    while (ticks < HUNG) {
        const unsigned now = atomic_load(&current);

        ticks = now == last ? ticks + 1 : 0;
        last = now;
        lab_sleep(1000000000);
    }
    report_hang();
    return unused;
}

/* --- What may be left of nothing ---------------------------------------------------------- */

static unsigned count_files(const char *folder)
{
    DIR *files = opendir(folder);
    unsigned count = 0;

    while (files && readdir(files))
        count++;
    if (files)
        closedir(files);
    return count;
}

struct footprint {
    unsigned files, threads; /* and the two that stand for folders in each */
};

static struct footprint footprint(void)
{
    return (struct footprint){ count_files("/proc/self/fd"), count_files("/proc/self/task") };
}

static void check_footprint(const struct footprint *expected)
{
    const int64_t start = lab_now();
    struct footprint now = footprint();

    while ((now.files != expected->files || now.threads > expected->threads) &&
           (lab_now() - start) / 1000000 < SETTLED) {
        lab_sleep(1000000);
        now = footprint();
    }
    if (now.files != expected->files)
        storm_wrong("%d files are left open", (int)now.files - (int)expected->files);
    if (now.threads > expected->threads) /* one that had ended may still have been there before */
        storm_wrong("%d threads are left", (int)now.threads - (int)expected->threads);
}

/* What is not counted (with the sanitizers, which count themselves) is 0. */
static size_t memory_in_use(void)
{
    return mallinfo2().uordblks;
}

/* --- Scenarios ---------------------------------------------------------------------------- */

/* What QEMU takes away does not come back, so it may be the last one only. On vhci_hcd the device
 * stays: with requests under way when it went, the kernel's worker and a thread of ours were seen
 * to wait for each other in the kernel for ever ("blocked for more than 120 seconds"), and without
 * any, one of a hundred times, it did not come back. */
static enum storm_end choose_end(struct storm_random *random, unsigned number)
{
    static const enum storm_end ends[] = { STORM_TIMEOUT, STORM_CANCEL, STORM_CLOSE, STORM_CUT };

    if (is_qemu && number == scenarios - 1)
        return STORM_DELETE;
    if (is_qemu && number % UNPLUG_EVERY == UNPLUG_EVERY - 1)
        return storm_chance(random, 25) ? STORM_LEAVE : STORM_UNPLUG;
    return ends[storm_random(random, 4)];
}

/* Tells whether the library asks the device for one read after the other. */
static bool reads_one_by_one(const struct storm_scenario *scenario)
{
    return !scenario->is_raw && (scenario->ignores_short || storm_has_timeouts(scenario));
}

/*
 * The kernel cancels nothing while it resets an endpoint, for which it needs endpoint 0.
 *
 * Where QEMU takes a longer read off what a short one left, the kernel gets a negative length,
 * warns of it and forgets the request without a word to the program: such reads must not be queued.
 */
static struct storm_scenario make_scenario(unsigned number)
{
    struct storm_scenario scenario = { .random.state = mix(seed) + mix(number + 1) };

    scenario.end = choose_end(&scenario.random, number);
    scenario.closes_file = scenario.end == STORM_DELETE || number % CLOSE_EVERY == CLOSE_EVERY - 1;
    scenario.blocks_control = !is_qemu || storm_chance(&scenario.random, 50);
    scenario.is_qemu = is_qemu;
    scenario.resets_pipes = !is_qemu || !scenario.blocks_control;
    scenario.is_crowded = storm_chance(&scenario.random, 20);
    scenario.is_raw = storm_chance(&scenario.random, 30);
    scenario.ignores_short = storm_chance(&scenario.random, 15);
    scenario.shortens = !is_qemu || reads_one_by_one(&scenario);
    return scenario;
}

/* What a scenario leaves is what there was: with the file closed before it was opened, or open. */
static bool run_checked(struct storm_device *device, struct storm_scenario *scenario)
{
    static struct footprint closed;
    struct footprint before;

    if (!device->session.file)
        closed = footprint();
    if (!storm_device_open(device))
        return false;
    before = footprint();
    if (!storm_scenario_run(scenario, device))
        return false;
    check_footprint(scenario->closes_file ? &closed : &before);
    return true;
}

/* @return false when the rest cannot be run */
static bool run(unsigned number, struct storm_device *device, struct storm_scenario *scenario)
{
    const unsigned before = atomic_load(&wrongs);
    bool ok;

    *scenario = make_scenario(number);
    atomic_store(&current, number);
    atomic_store(&running, scenario);
    ok = run_checked(device, scenario);
    if (!ok)
        storm_wrong("could not be run");
    if (atomic_load(&wrongs) != before)
        say_replay();
    return ok;
}

static bool run_all(struct storm_device *device)
{
    const unsigned first = only != UINT_MAX ? only : 0;
    const unsigned end = only != UINT_MAX ? only + 1 : scenarios;
    const int64_t start = lab_now();
    struct storm_scenario scenario;
    unsigned completed = 0, peak = 0;
    size_t memory = 0;
    bool ok = true;

    for (unsigned i = first; ok && i < end; i++) {
        ok = run(i, device, &scenario);
        completed += scenario.completed;
        peak = scenario.peak > peak ? scenario.peak : peak;
        if (i == WARM_UP)
            memory = memory_in_use();
    }
    storm_device_close(device);
    if (memory > 0 && memory_in_use() > memory + MORE_MEMORY)
        storm_wrong("%zu bytes of memory are left", memory_in_use() - memory);
    if (end - first >= SCENARIOS && peak < STORM_THREADS * STORM_PENDING)
        storm_wrong("never more than %u requests were under way", peak);
    printf(
        "storm: seed %llu: %u scenarios, %u requests completed, %u under way at most, %u faults, "
        "%.1f s\n",
        (unsigned long long)seed, end - first, completed, peak, atomic_load(&wrongs),
        (double)(lab_now() - start) / 1e9);
    return ok && atomic_load(&wrongs) == 0;
}

/* What the library keeps for ever is there before the first scenario. */
static bool open_once(struct storm_device *device)
{
    const bool ok = storm_device_open(device);

    storm_device_close(device);
    return ok;
}

static bool parse(int count, char **words)
{
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? words[i + 1] : NULL;

        if (strcmp(words[i], "--qemu") == 0) {
            is_qemu = true;
            continue;
        }
        if (value && strcmp(words[i], "--seed") == 0)
            seed = strtoull(value, NULL, 0);
        else if (value && strcmp(words[i], "--scenarios") == 0)
            scenarios = (unsigned)strtoul(value, NULL, 0);
        else if (value && strcmp(words[i], "--only") == 0)
            only = (unsigned)strtoul(value, NULL, 0);
        else
            return false;
        i++;
    }
    return true;
}

int main(int count, char **words)
{
    struct storm_device device = { .script.file = -1 };
    pthread_t watcher;
    bool ok;

    if (!parse(count, words)) {
        fprintf(stderr, "usage: storm [--seed N] [--scenarios N] [--only K] [--qemu]\n");
        return 2;
    }
    ok = pthread_create(&watcher, NULL, watch, NULL) == 0 && storm_device_await(&device) &&
         open_once(&device) && run_all(&device);
    labdev_close(&device.script);
    return ok ? 0 : 1;
}
