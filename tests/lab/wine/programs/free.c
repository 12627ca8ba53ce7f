/*
 * Leaving with many reads pending, in both orders. As soon as the last of the two calls has
 * returned the program may do with the memory and the events whatever it likes.
 */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "device.h"

enum { READS = 30, GARBAGE = 0xA5 };

static struct read_request *begin_reads(const struct device *device)
{
    struct read_request *reads = calloc(READS, sizeof(*reads));

    device_behave(device, SOURCE, LABDEV_NAK);
    for (int i = 0; i < READS; i++)
        read_begin_event(device, SOURCE, &reads[i]);
    return reads;
}

static void all_ended(const struct read_request *reads)
{
    int ended = 0;

    for (int i = 0; i < READS; i++)
        ended += HasOverlappedIoCompleted(&reads[i].overlapped);
    EXPECT_EQUAL(ended, READS);
}

/* What comes late would show in the memory, or in an event that got the handle of a closed one. */
static void stays_untouched(struct read_request *reads)
{
    HANDLE events[READS];
    size_t touched = 0;

    for (int i = 0; i < READS; i++)
        CloseHandle(reads[i].overlapped.hEvent);
    memset(reads, GARBAGE, READS * sizeof(*reads));
    for (int i = 0; i < READS; i++)
        events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
    EXPECT_EQUAL(WaitForMultipleObjects(READS, events, FALSE, MOMENT), WAIT_TIMEOUT);
    for (size_t i = 0; i < READS * sizeof(*reads); i++)
        touched += ((UCHAR *)reads)[i] != GARBAGE;
    EXPECT_EQUAL(touched, 0);
    for (int i = 0; i < READS; i++)
        CloseHandle(events[i]);
    free(reads);
}

static void free_then_close(void)
{
    struct read_request *reads;
    struct device device;

    if (!device_open(&device))
        return;

    reads = begin_reads(&device);
    EXPECT(WinUsb_Free(device.usb));
    all_ended(reads);
    stays_untouched(reads);
    EXPECT(CloseHandle(device.file));
}

static void free_after_close(void)
{
    struct read_request *reads;
    struct device device;

    if (!device_open(&device))
        return;

    reads = begin_reads(&device);
    EXPECT(CloseHandle(device.file));
    EXPECT(WinUsb_Free(device.usb));
    all_ended(reads);
    stays_untouched(reads);
}

const struct test_case free_cases[] = {
    { "free_then_close", free_then_close },
    { "free_after_close", free_after_close },
    { 0 },
};
