/*
 * The tablet tells where QEMU has moved it: each report is read by one of several overlapped reads
 * that are pending while control transfers run, and holds the position and the buttons of its move.
 *
 *     tablet        needs the tablet
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/lab.h"

#define check(condition)                                                                    \
    ((condition) || (fprintf(stderr, "%d: not true: %s (error %u)\n", __LINE__, #condition, \
                             (unsigned)GetLastError()),                                     \
                     false))

enum {
    MOVES = 480,
    BEFORE = 2 * MOVES, /* the move before the first */
    READS = 8,          /* pending at a time */
    BURST = 6,          /* moves made before the first of their reports is looked at */
    REPORT = 6          /* [bytes] */
};

struct move {
    unsigned x, y; /* [0..0x7fff] */
    unsigned buttons;
};

struct tablet {
    WINUSB_INTERFACE_HANDLE iface;
    UCHAR pipe;
    int qmp; /* QEMU's monitor, the one for programs */
    struct {
        OVERLAPPED overlapped;
        UCHAR bytes[64];
    } reads[READS]; /* oldest at number of the next move */
};

/* --- Moving it ------------------------------------------------------------------------------- */

/* Reads lines until one is an answer; there are events between. */
static bool await_answer(int qmp)
{
    char line[1024];
    size_t length = 0;

    while (length < sizeof(line) - 1 && read(qmp, line + length, 1) == 1) {
        line[++length] = '\0';
        if (line[length - 1] != '\n')
            continue;
        if (strncmp(line, "{\"return\"", 9) == 0)
            return true;
        if (strncmp(line, "{\"error\"", 8) == 0)
            break;
        length = 0;
    }
    fprintf(stderr, "monitor: %.*s\n", (int)length, line);
    return false;
}

static bool ask_qemu(int qmp, const char *command)
{
    const size_t length = strlen(command);

    return check(write(qmp, command, length) == (ssize_t)length) && await_answer(qmp);
}

/* Differs from the one before in position and buttons, or QEMU would make one report of both. */
static struct move nth_move(unsigned n)
{
    return (struct move){ n * 7919 % 0x8000, n * 104729 % 0x8000, n % 8 };
}

static bool make_move(const struct tablet *tablet, unsigned n)
{
    static const char form[] =
        "{\"execute\":\"input-send-event\",\"arguments\":{\"events\":["
        "{\"type\":\"abs\",\"data\":{\"axis\":\"x\",\"value\":%u}},"
        "{\"type\":\"abs\",\"data\":{\"axis\":\"y\",\"value\":%u}},"
        "{\"type\":\"btn\",\"data\":{\"button\":\"left\",\"down\":%s}},"
        "{\"type\":\"btn\",\"data\":{\"button\":\"right\",\"down\":%s}},"
        "{\"type\":\"btn\",\"data\":{\"button\":\"middle\",\"down\":%s}}]}}\n";
    static const char *const truth[] = { "false", "true" };
    const struct move move = nth_move(n);
    char command[sizeof(form) + 64];

    snprintf(command, sizeof(command), form, move.x, move.y, truth[move.buttons & 1],
             truth[move.buttons >> 1 & 1], truth[move.buttons >> 2]);
    return ask_qemu(tablet->qmp, command);
}

/* --- Reading it ------------------------------------------------------------------------------ */

static bool begin_read(struct tablet *tablet, unsigned n)
{
    OVERLAPPED *overlapped = &tablet->reads[n % READS].overlapped;
    UCHAR *bytes = tablet->reads[n % READS].bytes;

    memset(bytes, 0xee, REPORT);
    return check(!WinUsb_ReadPipe(tablet->iface, tablet->pipe, bytes, 64, NULL, overlapped)) &&
           check(GetLastError() == ERROR_IO_PENDING);
}

static bool is_pending(struct tablet *tablet, unsigned n)
{
    DWORD got;

    return check(!WinUsb_GetOverlappedResult(tablet->iface, &tablet->reads[n % READS].overlapped,
                                             &got, FALSE)) &&
           check(GetLastError() == ERROR_IO_INCOMPLETE);
}

static bool is_report(const UCHAR *bytes, const struct move *move)
{
    return bytes[0] == move->buttons && (bytes[1] | bytes[2] << 8) == (int)move->x &&
           (bytes[3] | bytes[4] << 8) == (int)move->y && bytes[5] == 0;
}

static bool read_move(struct tablet *tablet, unsigned n)
{
    OVERLAPPED *overlapped = &tablet->reads[n % READS].overlapped;
    const UCHAR *bytes = tablet->reads[n % READS].bytes;
    const struct move move = nth_move(n);
    DWORD got = 0;

    return check(WinUsb_GetOverlappedResult(tablet->iface, overlapped, &got, TRUE)) &&
           check(got == REPORT) && check(is_report(bytes, &move));
}

/* Reads what QEMU had to tell before, up to a move made for that; it says nothing when nothing
 * moves. */
static bool drain(const struct tablet *tablet)
{
    const struct move last = nth_move(BEFORE);
    UCHAR bytes[64] = { 0 };
    ULONG got;

    if (!make_move(tablet, BEFORE))
        return false;
    do {
        if (!check(WinUsb_ReadPipe(tablet->iface, tablet->pipe, bytes, sizeof(bytes), &got, NULL)))
            return false;
    } while (!is_report(bytes, &last));
    return true;
}

/* --- What is shown --------------------------------------------------------------------------- */

/* One move after the other; gives how long a report took from the command to it [ns]. */
static bool follow(struct tablet *tablet, double *latencies)
{
    for (unsigned n = 0; n < MOVES; n++) {
        const int64_t begin = lab_now();

        if (!is_pending(tablet, n) || !make_move(tablet, n) || !read_move(tablet, n) ||
            !begin_read(tablet, n))
            return false;
        latencies[n] = (double)(lab_now() - begin);
    }
    return true;
}

/* Several moves at once: their reports come in their order. */
static bool follow_bursts(struct tablet *tablet)
{
    for (unsigned first = MOVES; first < 2 * MOVES; first += BURST) {
        for (unsigned n = first; n < first + BURST; n++)
            if (!make_move(tablet, n))
                return false;
        for (unsigned n = first; n < first + BURST; n++)
            if (!read_move(tablet, n) || !begin_read(tablet, n))
                return false;
    }
    return true;
}

static bool abort_all(struct tablet *tablet)
{
    bool ok = check(WinUsb_AbortPipe(tablet->iface, tablet->pipe));

    for (int i = 0; i < READS; i++) {
        DWORD got;

        ok &= check(!WinUsb_GetOverlappedResult(tablet->iface, &tablet->reads[i].overlapped, &got,
                                                FALSE)) &&
              check(GetLastError() == ERROR_OPERATION_ABORTED);
    }
    return ok;
}

/* --- Program --------------------------------------------------------------------------------- */

static bool prepare(struct tablet *tablet)
{
    WINUSB_PIPE_INFORMATION pipe;

    tablet->qmp = open("/dev/lab/qmp", O_RDWR);
    if (!check(tablet->qmp >= 0) ||
        !ask_qemu(tablet->qmp, "{\"execute\":\"qmp_capabilities\"}\n") ||
        !check(WinUsb_QueryPipe(tablet->iface, 0, 0, &pipe)) ||
        !check(pipe.PipeType == UsbdPipeTypeInterrupt))
        return false;
    tablet->pipe = pipe.PipeId;
    return drain(tablet);
}

static bool run(struct tablet *tablet, double *latencies)
{
    if (!prepare(tablet))
        return false;
    for (unsigned i = 0; i < READS; i++) {
        tablet->reads[i].overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        if (!begin_read(tablet, i))
            return false;
    }
    return follow(tablet, latencies) && follow_bursts(tablet);
}

int main(void)
{
    static struct tablet tablet;
    static double latencies[MOVES];
    struct lab_device device;
    struct lab_session session;
    struct lab_traffic traffic;
    bool ok;

    if (!lab_find(LAB_TABLET, &device) || !lab_open(&device, &session))
        return 1;
    tablet.iface = session.iface;
    if (!lab_traffic_start(&traffic, &session))
        return 1;
    ok = run(&tablet, latencies);
    lab_traffic_stop(&traffic);
    ok = ok && abort_all(&tablet);
    lab_close(&session);
    if (ok)
        printf("tablet: %d moves, all reports as moved; from move to report p50 %.1f ms, "
               "max %.1f ms\n",
               2 * MOVES, lab_percentile(latencies, MOVES, 50) / 1e6,
               lab_percentile(latencies, MOVES, 100) / 1e6);
    return ok ? 0 : 1;
}
