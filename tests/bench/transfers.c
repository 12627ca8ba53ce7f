/*
 * What transfers cost: this library against bare libusb, on the same device in the same run.
 *
 *     transfers [--json] [PRODUCT]        default: the kernel's gadget as source and sink
 *     transfers --only SIDE TASK COUNT PRODUCT
 *                                         carries a number of transfers out, to be traced
 *
 * Blocks of the same transfers alternate between the sides; what counts is the median of the
 * blocks, and of the ratios of neighbouring blocks, whose quartiles tell how noisy it was. Time is
 * that of a transfer from the caller's view, CPU time that of all threads in user and kernel mode.
 * Printed, not judged; the goals are a latency of 1.05 times libusb's, 0.98 of its throughput, and
 * 1.10 times its CPU time. It fails when a transfer does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/side.h"
#include "lab/lab.h"

enum {
    ROUNDS = 5,
    BLOCK = 30000000, /* [ns] that a block is to last */
    COUNT_MAX = 2000, /* transfers in a block */
    SIDES = 3,
    TASKS = 8,
};

uint8_t bench_memory[BENCH_LONGEST];

/* The device and what it has; 0: no such endpoint. */
static unsigned bus, address;
static uint8_t bulk_in, bulk_out, isoch_in;

/* --- What is measured ------------------------------------------------------------------------ */

enum pattern { CONTROL, READ, WRITE_READ, STREAM, ISOCH };

static const struct task {
    const char *name;
    enum pattern pattern;
    uint32_t length; /* [bytes] of each transfer */
} tasks[TASKS] = {
    { "control, 64 B", CONTROL, 64 },           { "read, 512 B", READ, 512 },
    { "write + read, 512 B", WRITE_READ, 512 }, { "read, 64 KiB", READ, 64 * 1024 },
    { "read, 8 MiB", READ, 8 << 20 },           { "16 reads of 64 KiB", STREAM, 64 * 1024 },
    { "16 reads of 512 B", STREAM, 512 },       { "isochronous, 32 KiB", ISOCH, BENCH_ISOCH_PIECE },
};

static bool is_possible(const struct task *task)
{
    if (task->pattern == ISOCH)
        return isoch_in != 0;
    return task->pattern == CONTROL || (bulk_in && (task->pattern != WRITE_READ || bulk_out));
}

/* An event thread makes a difference to streams only. */
static bool concerns(const struct task *task, const struct bench_side *side)
{
    return task->pattern == STREAM || side != &bench_libusb_thread;
}

static bool once(const struct task *task, const struct bench_side *side)
{
    switch (task->pattern) {
    case CONTROL:
        return side->control(task->length);
    case WRITE_READ:
        return side->single(bulk_out, task->length) && side->single(bulk_in, task->length);
    default:
        return side->single(bulk_in, task->length);
    }
}

static bool repeat(const struct task *task, const struct bench_side *side, unsigned count)
{
    if (task->pattern == STREAM)
        return side->stream(bulk_in, task->length, count);
    if (task->pattern == ISOCH)
        return side->isoch(isoch_in, count);
    for (unsigned i = 0; i < count; i++)
        if (!once(task, side))
            return false;
    return true;
}

/* --- One block ------------------------------------------------------------------------------- */

struct cost {
    double time; /* [ns] a transfer */
    double cpu;  /* [ns] a transfer */
};

static int64_t cpu_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static bool measure(const struct task *task,
                    const struct bench_side *side,
                    unsigned count,
                    struct cost *cost_out)
{
    int64_t start, cpu_start;

    if (!repeat(task, side, count / 8)) /* to warm up */
        return false;
    start = lab_now();
    cpu_start = cpu_now();
    if (!repeat(task, side, count))
        return false;
    cost_out->cpu = (double)(cpu_now() - cpu_start) / count;
    cost_out->time = (double)(lab_now() - start) / count;
    return true;
}

/* --- All blocks ------------------------------------------------------------------------------ */

static const struct bench_side *const sides[SIDES] = { &bench_winusb, &bench_libusb,
                                                       &bench_libusb_thread };

static unsigned counts[TASKS]; /* transfers in a block; 0: the task is left out */
static struct cost costs[TASKS][SIDES][ROUNDS];

static unsigned count_of(const struct task *task, const struct cost *cost)
{
    const double count = BLOCK / cost->time;
    const unsigned least = task->pattern >= STREAM ? 2 * BENCH_DEPTH : 1;

    return count < least ? least : count > COUNT_MAX ? COUNT_MAX : (unsigned)count;
}

/* What libusb cannot do, a long transfer where the kernel has no memory for it, has no peer. */
static bool choose_counts(void)
{
    struct cost cost;

    if (!bench_libusb.open(bus, address))
        return false;
    for (size_t i = 0; i < TASKS; i++) {
        const unsigned few = tasks[i].pattern >= STREAM ? BENCH_DEPTH : 2;

        if (is_possible(&tasks[i]) && measure(&tasks[i], &bench_libusb, few, &cost))
            counts[i] = count_of(&tasks[i], &cost);
    }
    bench_libusb.close();
    return true;
}

static bool measure_side(int side, int round)
{
    bool ok = sides[side]->open(bus, address);

    for (size_t i = 0; ok && i < TASKS; i++)
        if (counts[i] > 0 && concerns(&tasks[i], sides[side]))
            ok = measure(&tasks[i], sides[side], counts[i], &costs[i][side][round]);
    sides[side]->close();
    return ok;
}

static bool measure_all(void)
{
    if (!choose_counts())
        return false;
    for (int round = 0; round < ROUNDS; round++)
        for (int side = 0; side < SIDES; side++)
            if (!measure_side(side, round))
                return false;
    return true;
}

/* --- What came of it ------------------------------------------------------------------------ */

struct ratio {
    double quartiles[3];
};

static double time_of(const struct cost *cost)
{
    return cost->time;
}

static double cpu_of(const struct cost *cost)
{
    return cost->cpu;
}

static double median(size_t task, int side, double (*value)(const struct cost *))
{
    double values[ROUNDS];

    for (int round = 0; round < ROUNDS; round++)
        values[round] = value(&costs[task][side][round]);
    return lab_percentile(values, ROUNDS, 50);
}

/* Of the library to a peer, block by block. */
static struct ratio ratio_to(size_t task, int peer, double (*value)(const struct cost *))
{
    double ratios[ROUNDS];
    struct ratio ratio;

    for (int round = 0; round < ROUNDS; round++)
        ratios[round] = value(&costs[task][0][round]) / value(&costs[task][peer][round]);
    for (int i = 0; i < 3; i++)
        ratio.quartiles[i] = lab_percentile(ratios, ROUNDS, 25 * (i + 1));
    return ratio;
}

static void print_row(size_t task, int peer)
{
    const struct ratio time = ratio_to(task, peer, time_of);
    const struct ratio cpu = ratio_to(task, peer, cpu_of);
    const double us = median(task, 0, time_of) / 1000;

    printf("bench/transfers: %-20s %-15s %9.1f %9.1f %5.2f %4.2f-%4.2f %8.2f %5.2f "
           "%9.1f %9.1f %5.2f %4.2f-%4.2f\n",
           tasks[task].name, sides[peer]->name, us, median(task, peer, time_of) / 1000,
           time.quartiles[1], time.quartiles[0], time.quartiles[2], tasks[task].length / us,
           1 / time.quartiles[1], median(task, 0, cpu_of) / 1000, median(task, peer, cpu_of) / 1000,
           cpu.quartiles[1], cpu.quartiles[0], cpu.quartiles[2]);
}

static unsigned rows_printed; /* of JSON */

static void print_json(size_t task, int peer)
{
    printf("%s{\"bench\": \"transfers\", \"task\": \"%s\", \"peer\": \"%s\", \"time_us\": %.2f, "
           "\"peer_time_us\": %.2f, \"latency_ratio\": %.3f, \"throughput_ratio\": %.3f, "
           "\"cpu_us\": %.2f, \"peer_cpu_us\": %.2f, \"cpu_ratio\": %.3f}",
           rows_printed++ > 0 ? ", " : "", tasks[task].name, sides[peer]->name,
           median(task, 0, time_of) / 1000, median(task, peer, time_of) / 1000,
           ratio_to(task, peer, time_of).quartiles[1],
           1 / ratio_to(task, peer, time_of).quartiles[1], median(task, 0, cpu_of) / 1000,
           median(task, peer, cpu_of) / 1000, ratio_to(task, peer, cpu_of).quartiles[1]);
}

static void print_heading(void)
{
    printf("bench/transfers: %-20s %-15s %9s %9s %5s %9s %8s %5s %9s %9s %5s %9s\n", "", "peer",
           "time [us]", "peer", "ratio", "quartiles", "MB/s", "ratio", "CPU [us]", "peer", "ratio",
           "quartiles");
}

static void print_all(bool json)
{
    if (json)
        printf("[");
    else
        print_heading();
    for (size_t i = 0; i < TASKS; i++)
        for (int peer = 1; peer < SIDES; peer++)
            if (counts[i] > 0 && concerns(&tasks[i], sides[peer]))
                (json ? print_json : print_row)(i, peer);
    if (json)
        printf("]\n");
}

/* --- The device ----------------------------------------------------------------------------- */

static void find_endpoints(WINUSB_INTERFACE_HANDLE iface)
{
    WINUSB_PIPE_INFORMATION pipe;

    for (UCHAR i = 0; WinUsb_QueryPipe(iface, 0, i, &pipe); i++) {
        if (pipe.PipeType != UsbdPipeTypeBulk)
            continue;
        if (USB_ENDPOINT_DIRECTION_IN(pipe.PipeId) && !bulk_in)
            bulk_in = pipe.PipeId;
        if (USB_ENDPOINT_DIRECTION_OUT(pipe.PipeId) && !bulk_out)
            bulk_out = pipe.PipeId;
    }
}

static void find_isoch(WINUSB_INTERFACE_HANDLE first)
{
    WINUSB_INTERFACE_HANDLE iface;
    WINUSB_PIPE_INFORMATION pipe;

    if (!WinUsb_GetAssociatedInterface(first, BENCH_ISOCH_INTERFACE - 1, &iface))
        return;
    if (WinUsb_QueryPipe(iface, BENCH_ISOCH_SETTING, 0, &pipe) &&
        pipe.PipeType == UsbdPipeTypeIsochronous && USB_ENDPOINT_DIRECTION_IN(pipe.PipeId))
        isoch_in = pipe.PipeId;
    WinUsb_Free(iface);
}

static bool look_at(const char *product)
{
    struct lab_device device;
    struct lab_session session;

    if (!lab_find(product, &device) || !lab_open(&device, &session))
        return false;
    find_endpoints(session.iface);
    find_isoch(session.iface);
    lab_close(&session);
    return sscanf(device.node, "/dev/bus/usb/%u/%u", &bus, &address) == 2;
}

/* The side and the task are numbers, from 0. */
static bool run_only(char **arguments)
{
    const struct bench_side *side = sides[atoi(arguments[0]) % SIDES];
    const struct task *task = &tasks[atoi(arguments[1]) % TASKS];
    bool done;

    if (!look_at(arguments[3]) || !side->open(bus, address))
        return false;
    done = repeat(task, side, (unsigned)atoi(arguments[2]));
    side->close();
    return done;
}

int main(int argc, char **argv)
{
    const bool only = argc == 6 && strcmp(argv[1], "--only") == 0;
    const bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    const char *product = argc > 1 + json ? argv[1 + json] : LAB_GADGET;

    if (only)
        return run_only(argv + 2) ? 0 : 1;
    if (!look_at(product) || !measure_all())
        return 1;
    print_all(json);
    return 0;
}
