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

/* That closing the file ends them needs no more calls. */
static void all_end(const struct read_request *reads)
{
    HANDLE events[READS];

    for (int i = 0; i < READS; i++)
        events[i] = reads[i].overlapped.hEvent;
    EXPECT_EQUAL(WaitForMultipleObjects(READS, events, TRUE, PATIENCE), WAIT_OBJECT_0);
}

static void free_after_close(void)
{
    struct read_request *reads;
    struct device device;

    if (!device_open(&device))
        return;

    reads = begin_reads(&device);
    EXPECT(CloseHandle(device.file));
    all_end(reads);
    EXPECT(WinUsb_Free(device.usb));
    all_ended(reads);
    stays_untouched(reads);
}

/* Who just ends leaves nothing behind, and ends. */
static void free_by_exit(void)
{
    struct device device;

    EXPECT_EQUAL(run_child(CHILD_LEAVES), 0);
    if (device_open(&device)) {
        device_loops(&device);
        device_close(&device);
    }
}

int leave_as_child(void)
{
    struct device device;

    if (!device_open(&device))
        return 1;

    begin_reads(&device);
    return 0;
}

/* Windows has stopped all other threads by then, and a call that waited for one would never end. */
static void free_in_destructor(void)
{
    struct device device;

    EXPECT_EQUAL(run_child(CHILD_FREES_LATE), 0);
    if (device_open(&device)) {
        device_loops(&device);
        device_close(&device);
    }
}

static struct device late;

static void free_late(void)
{
    WinUsb_Free(late.usb);
    CloseHandle(late.file);
}

int free_late_as_child(void)
{
    void (*on_detach)(void (*)(void)) = NULL;
    const HMODULE module = LoadLibraryA("detach.dll");
    const FARPROC function = module ? GetProcAddress(module, "on_detach") : NULL;

    memcpy(&on_detach, &function, sizeof(on_detach));
    if (!on_detach || !device_open(&late))
        return 1;

    begin_reads(&late);
    on_detach(free_late);
    return 0;
}

const struct test_case free_cases[] = {
    { "free_then_close", free_then_close },
    { "free_after_close", free_after_close },
    { "free_by_exit", free_by_exit },
    { "free_in_destructor", free_in_destructor },
    { 0 },
};
