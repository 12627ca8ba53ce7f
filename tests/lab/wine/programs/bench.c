/*
 * What a transfer costs: one source, for Windows and for Linux, so that the two can be compared.
 * Prints a line for each kind of transfer, the median of some blocks: NAME<tab>MICROSECONDS.
 */
#include <stdlib.h>

#include "device.h"
#include "expect.h"

enum { DEPTH = 16, BLOCKS = 9, PIECE = 64 * 1024, PACKET = 512 };

static struct device device;
static UCHAR memory[DEPTH][PIECE];
static HANDLE events[DEPTH];

static bool control(ULONG length)
{
    const WINUSB_SETUP_PACKET setup = { .RequestType = 0xC0,
                                        .Request = LABDEV_ECHO,
                                        .Length = (USHORT)length };
    ULONG moved;

    return EXPECT(WinUsb_ControlTransfer(device.usb, setup, memory[0], length, &moved, NULL));
}

static bool read_one(ULONG length)
{
    ULONG moved = 0;

    return EXPECT(WinUsb_ReadPipe(device.usb, SOURCE, memory[0], length, &moved, NULL)) &&
           EXPECT_EQUAL(moved, length);
}

/* All begin before the first is waited for. */
static bool read_many(ULONG length)
{
    OVERLAPPED overlapped[DEPTH] = { 0 };
    DWORD moved = 0;
    bool ok = true;

    for (int i = 0; i < DEPTH; i++) {
        overlapped[i].hEvent = events[i];
        WinUsb_ReadPipe(device.usb, SOURCE, memory[i], length, NULL, &overlapped[i]);
        ok = EXPECT_EQUAL(GetLastError(), ERROR_IO_PENDING) && ok;
    }
    for (int i = 0; i < DEPTH; i++) {
        ok = EXPECT(WinUsb_GetOverlappedResult(device.usb, &overlapped[i], &moved, TRUE)) && ok;
        ok = EXPECT_EQUAL(moved, length) && ok;
    }
    return ok;
}

static const struct task {
    const char *name;
    bool (*run)(ULONG length);
    ULONG length;  /* [bytes] of a transfer */
    int repeats;   /* in a block */
    int transfers; /* in each repetition */
} tasks[] = {
    { "control, 64 B", control, 64, 200, 1 },
    { "read, 512 B", read_one, PACKET, 200, 1 },
    { "read, 64 KiB", read_one, PIECE, 40, 1 },
    { "16 reads of 512 B", read_many, PACKET, 20, DEPTH },
    { "16 reads of 64 KiB", read_many, PIECE, 4, DEPTH },
};

enum { TASKS = sizeof(tasks) / sizeof(tasks[0]) };

/* @return [us] of a transfer, or less than 0 */
static double measure(const struct task *task)
{
    LARGE_INTEGER start, end, frequency;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (int i = 0; i < task->repeats; i++)
        if (!task->run(task->length))
            return -1;
    QueryPerformanceCounter(&end);
    return (double)(end.QuadPart - start.QuadPart) * 1e6 / (double)frequency.QuadPart /
           task->repeats / task->transfers;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool report(const struct task *task)
{
    double times[BLOCKS];

    if (measure(task) < 0) /* to warm up */
        return false;
    for (int i = 0; i < BLOCKS; i++)
        times[i] = measure(task);
    qsort(times, BLOCKS, sizeof(times[0]), compare);
    say("%s\t%.1f", task->name, times[BLOCKS / 2]);
    return times[0] >= 0;
}

int main(void)
{
    UCHAR raw = TRUE;
    bool ok;

    if (!device_open(&device))
        return 1;

    for (int i = 0; i < DEPTH; i++)
        events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
    ok = EXPECT(WinUsb_SetPipePolicy(device.usb, SOURCE, RAW_IO, sizeof(raw), &raw));
    for (int i = 0; ok && i < TASKS; i++)
        ok = report(&tasks[i]);
    device_close(&device);
    return ok ? 0 : 1;
}
