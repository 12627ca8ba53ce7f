/*
 * Many reads, some of them cancelled, and several threads that take packets from one port: each
 * read gives exactly one packet. On an xHCI of QEMU's, reads behind one that was cancelled do not
 * go on, natively as well; this is for vhci.
 */
#include "cases.h"
#include "device.h"

enum { THREADS = 4, READS = 32, ROUNDS = 12, CANCELLED = 5 /* each such */ };

struct storm {
    struct device device;
    HANDLE port;
    LONG volatile over;
    LONG volatile packets[READS];
    struct read_request reads[READS];
};

static void count_packet(struct storm *storm, const OVERLAPPED *overlapped)
{
    for (int i = 0; i < READS; i++)
        if (overlapped == &storm->reads[i].overlapped)
            InterlockedIncrement(&storm->packets[i]);
}

static DWORD WINAPI take_packets(void *argument)
{
    struct storm *storm = argument;

    while (!storm->over) {
        OVERLAPPED *overlapped = NULL;
        ULONG_PTR key;
        DWORD bytes;

        GetQueuedCompletionStatus(storm->port, &bytes, &key, &overlapped, MOMENT);
        count_packet(storm, overlapped);
    }
    return 0;
}

static bool all_came(const struct storm *storm, LONG round)
{
    for (int i = 0; i < READS; i++)
        if (storm->packets[i] < round)
            return false;
    return true;
}

static void begin_round(struct storm *storm)
{
    for (int i = 0; i < READS; i++) {
        storm->reads[i].overlapped = (OVERLAPPED){ 0 };
        read_begin(&storm->device, SOURCE, &storm->reads[i]);
        if (i % CANCELLED == 0)
            CancelIoEx(storm->device.file, &storm->reads[i].overlapped); /* or it has ended */
    }
}

static void run_rounds(struct storm *storm)
{
    bool came = true;

    for (LONG round = 1; came && round <= ROUNDS; round++) {
        const DWORD start = GetTickCount();

        begin_round(storm);
        while (!all_came(storm, round) && GetTickCount() - start < PATIENCE)
            Sleep(1);
        came = EXPECT(all_came(storm, round));
    }
}

static void storm_of_packets(void)
{
    static struct storm storm;
    const HANDLE file = device_open_file(&guid_standard);
    HANDLE threads[THREADS];
    UCHAR raw = TRUE;

    storm.port = CreateIoCompletionPort(file, NULL, 0, 0);
    if (!device_initialize(&storm.device, file))
        return;

    EXPECT(WinUsb_SetPipePolicy(storm.device.usb, SOURCE, RAW_IO, sizeof(raw), &raw));
    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, take_packets, &storm, 0, NULL);
    run_rounds(&storm);
    device_close(&storm.device);
    Sleep(MOMENT);
    storm.over = TRUE;
    EXPECT_EQUAL(WaitForMultipleObjects(THREADS, threads, TRUE, PATIENCE), WAIT_OBJECT_0);
    for (int i = 0; i < READS; i++)
        EXPECT_EQUAL(storm.packets[i], ROUNDS);
    CloseHandle(storm.port);
}

const struct test_case storm_cases[] = {
    { "storm_of_packets", storm_of_packets },
    { 0 },
};
