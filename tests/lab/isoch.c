/*
 * Isochronous streams of the lab's device, several transfers queued: what each packet brings, how
 * it ended, and that a stream which never ends can be aborted.
 *
 *     isoch            what has to hold on each controller: packets come through; how many is for
 *                      the machine to say
 *     isoch exact      vhci, which loses nothing: every byte, every length, every status
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/device/script.h"
#include "lab/lab.h"

#define check(condition)                                                                    \
    ((condition) || (fprintf(stderr, "%d: not true: %s (error %u)\n", __LINE__, #condition, \
                             (unsigned)GetLastError()),                                     \
                     false))

enum {
    READ_PIPE = 0x84,
    WRITE_PIPE = 0x04,
    QUEUED = 4,
    TRANSFERS = 24,
    FRAMES = 10,       /* of a transfer */
    MOST = FRAMES * 8, /* packets of a transfer */
    WIDEST = 3 * 1024, /* [bytes] of a packet */
    TRIES = 50,        /* streams, until a busy machine has moved any packet of one */
};

/* A pipe with its buffer, in which the transfers under way have a place each. */
struct stream {
    WINUSB_INTERFACE_HANDLE iface;
    WINUSB_ISOCH_BUFFER_HANDLE buffer;
    UCHAR pipe;
    ULONG packet;  /* [bytes] */
    ULONG packets; /* of a transfer */
    UCHAR bytes[QUEUED][MOST * WIDEST];
    USBD_ISO_PACKET_DESCRIPTOR results[QUEUED][MOST];
    OVERLAPPED overlapped[QUEUED];
    unsigned restarts; /* how often the stream had broken off */
};

struct bench {
    bool exact;
    struct lab_device where;
    struct labdev script;
    struct lab_session session;
    WINUSB_INTERFACE_HANDLE iface;
    struct stream stream;
};

/* --- A stream ------------------------------------------------------------------------------ */

/* High speed has eight microframes. */
static ULONG packets_per_frame(const struct bench *bench, const WINUSB_PIPE_INFORMATION_EX *pipe)
{
    UCHAR speed = 0;
    ULONG size = sizeof(speed);

    WinUsb_QueryDeviceInformation(bench->session.iface, DEVICE_SPEED, &size, &speed);
    return speed == HighSpeed ? 8u >> (pipe->Interval - 1) : 1;
}

static bool find_pipe(struct bench *bench, UCHAR setting, UCHAR address)
{
    WINUSB_PIPE_INFORMATION_EX pipe;

    for (UCHAR i = 0; WinUsb_QueryPipeEx(bench->iface, setting, i, &pipe); i++)
        if (pipe.PipeId == address) {
            bench->stream.packet = pipe.MaximumBytesPerInterval;
            bench->stream.packets = FRAMES * packets_per_frame(bench, &pipe);
            return true;
        }
    fprintf(stderr, "setting %u has no pipe 0x%02X\n", setting, address);
    return false;
}

static bool open_stream(struct bench *bench, UCHAR setting, UCHAR address)
{
    struct stream *stream = &bench->stream;

    stream->iface = bench->iface;
    stream->pipe = address;
    stream->restarts = 0;
    return find_pipe(bench, setting, address) &&
           check(WinUsb_SetCurrentAlternateSetting(bench->iface, setting)) &&
           check(WinUsb_RegisterIsochBuffer(bench->iface, address, (UCHAR *)stream->bytes,
                                            sizeof(stream->bytes), &stream->buffer));
}

static bool close_stream(struct bench *bench)
{
    return check(WinUsb_UnregisterIsochBuffer(bench->stream.buffer)) &&
           check(!WinUsb_UnregisterIsochBuffer(bench->stream.buffer)) &&
           check(GetLastError() == ERROR_INVALID_HANDLE) &&
           check(WinUsb_SetCurrentAlternateSetting(bench->iface, 0));
}

static bool begin_read(struct stream *stream, unsigned n, bool continues)
{
    const unsigned slot = n % QUEUED;

    stream->restarts += !continues;
    return check(!WinUsb_ReadIsochPipeAsap(
               stream->buffer, slot * sizeof(stream->bytes[0]), stream->packets * stream->packet,
               continues, stream->packets, stream->results[slot], &stream->overlapped[slot])) &&
           check(GetLastError() == ERROR_IO_PENDING);
}

/* @return what a transfer ended with, also as the last error; it must tell of no bytes */
static DWORD end_of(struct stream *stream, unsigned n)
{
    DWORD bytes = 77;
    const BOOL done =
        WinUsb_GetOverlappedResult(stream->iface, &stream->overlapped[n % QUEUED], &bytes, TRUE);

    if (!check(bytes == 0))
        SetLastError(ERROR_INVALID_DATA);
    else if (done)
        SetLastError(ERROR_SUCCESS);
    return GetLastError();
}

/* Where a busy machine let the stream break off, it is begun again. */
static bool end_read(struct stream *stream, unsigned n)
{
    DWORD error = end_of(stream, n);

    while (error == ERROR_INVALID_PARAMETER && begin_read(stream, n, false))
        error = end_of(stream, n);
    return check(error == ERROR_SUCCESS);
}

/* --- Reading ------------------------------------------------------------------------------- */

/* What a whole stream brought. */
struct tally {
    unsigned packets; /* that came through, not empty */
    unsigned empty;
    unsigned failed;
    uint64_t position; /* [bytes] in the pattern */
};

static bool
count_packet(const struct stream *stream, unsigned slot, ULONG i, bool exact, struct tally *tally)
{
    const USBD_ISO_PACKET_DESCRIPTOR *result = &stream->results[slot][i];
    const UCHAR *bytes = stream->bytes[slot] + result->Offset;

    tally->failed += result->Status != USBD_STATUS_SUCCESS;
    tally->empty += result->Status == USBD_STATUS_SUCCESS && result->Length == 0;
    tally->packets += result->Status == USBD_STATUS_SUCCESS && result->Length > 0;
    if (!exact)
        tally->position = result->Length > 0 ? bytes[0] : 0;

    if (!check(result->Offset == i * stream->packet) ||
        !check(labdev_mismatch(bytes, result->Length, tally->position) == result->Length))
        return false;
    tally->position += result->Length;
    return !exact || check(result->Length == stream->packet);
}

/* @param packets_out  that came through; not set on failure */
static bool read_one_stream(struct bench *bench, UCHAR setting, unsigned *packets_out)
{
    struct stream *stream = &bench->stream;
    struct tally tally = { 0 };

    if (!open_stream(bench, setting, READ_PIPE) || !check(labdev_clear(&bench->script)))
        return false;
    for (unsigned n = 0; n < TRANSFERS + QUEUED; n++) {
        if (n >= QUEUED && !end_read(stream, n - QUEUED))
            return false;
        for (ULONG i = 0; n >= QUEUED && i < stream->packets; i++)
            if (!count_packet(stream, n % QUEUED, i, bench->exact, &tally))
                return false;
        if (n < TRANSFERS && !begin_read(stream, n, n > 0))
            return false;
    }

    printf("isoch: setting %u: %u packets of %u bytes read, %u empty, %u failed, %u stream(s)\n",
           setting, tally.packets, (unsigned)stream->packet, tally.empty, tally.failed,
           stream->restarts);
    *packets_out = tally.packets;
    return check(!bench->exact || tally.failed + tally.empty == 0) && close_stream(bench);
}

static bool read_stream(struct bench *bench, UCHAR setting)
{
    unsigned packets = 0;

    for (int i = 0; packets == 0 && i < TRIES; i++)
        if (!read_one_stream(bench, setting, &packets))
            return false;
    return check(packets > 0);
}

/* --- Writing ------------------------------------------------------------------------------- */

static bool await_write(struct bench *bench, unsigned n)
{
    return check(end_of(&bench->stream, n) == ERROR_SUCCESS);
}

/* The last transfer ends with half a packet. @param bytes_out  that the device got; likewise */
static bool write_one_stream(struct bench *bench, UCHAR setting, uint64_t *bytes_out)
{
    struct stream *stream = &bench->stream;
    struct labdev_status status;
    uint64_t position = 0;

    if (!open_stream(bench, setting, WRITE_PIPE) || !check(labdev_clear(&bench->script)))
        return false;
    for (unsigned n = 0; n < TRANSFERS + QUEUED; n++) {
        const ULONG length =
            stream->packets * stream->packet - (n == TRANSFERS - 1 ? stream->packet / 2 : 0);

        if (n >= QUEUED && !await_write(bench, n - QUEUED))
            return false;
        if (n >= TRANSFERS)
            continue;
        labdev_fill(stream->bytes[n % QUEUED], length, position);
        position += length;
        if (!check(!WinUsb_WriteIsochPipeAsap(stream->buffer, n % QUEUED * sizeof(stream->bytes[0]),
                                              length, FALSE, &stream->overlapped[n % QUEUED])) ||
            !check(GetLastError() == ERROR_IO_PENDING))
            return false;
    }

    if (!check(labdev_status(&bench->script, WRITE_PIPE, &status)))
        return false;
    printf("isoch: setting %u: %llu bytes written, the device got %llu, %llu wrong\n", setting,
           (unsigned long long)position, (unsigned long long)status.bytes,
           (unsigned long long)status.wrong);
    *bytes_out = status.bytes;
    return check(!bench->exact || (status.bytes == position && status.wrong == 0)) &&
           close_stream(bench);
}

static bool write_stream(struct bench *bench, UCHAR setting)
{
    uint64_t bytes = 0;

    for (int i = 0; bytes == 0 && i < TRIES; i++)
        if (!write_one_stream(bench, setting, &bytes))
            return false;
    return check(bytes > 0);
}

/* --- Ends ---------------------------------------------------------------------------------- */

/* On vhci the device can hold a transfer back; elsewhere its packets are empty or fail. */
static const struct labdev_behaviour silent = {
    .kind = LABDEV_NAK,
    .events = { { 1, LABDEV_HOLD, 0 } },
};

static bool ends_with(struct bench *bench, unsigned n, DWORD expected)
{
    const DWORD error = end_of(&bench->stream, n);

    return check(error == expected ||
                 (!bench->exact && (error == ERROR_SUCCESS || error == ERROR_GEN_FAILURE)));
}

static bool abort_stream(struct bench *bench)
{
    struct stream *stream = &bench->stream;

    if (!open_stream(bench, 1, READ_PIPE) ||
        !check(labdev_program(&bench->script, READ_PIPE, &silent)))
        return false;
    for (unsigned n = 0; n < QUEUED; n++)
        if (!begin_read(stream, n, n > 0))
            return false;

    if (!check(WinUsb_AbortPipe(bench->iface, READ_PIPE)))
        return false;
    for (unsigned n = 0; n < QUEUED; n++)
        if (!ends_with(bench, n, ERROR_OPERATION_ABORTED))
            return false;
    return close_stream(bench);
}

static bool read_once(struct stream *stream)
{
    return WinUsb_ReadIsochPipeAsap(stream->buffer, 0, stream->packets * stream->packet, FALSE,
                                    stream->packets, stream->results[0], NULL);
}

static bool has_ended(const struct stream *stream, ULONG packet, ULONG length, USBD_STATUS status)
{
    const USBD_ISO_PACKET_DESCRIPTOR *result = &stream->results[0][packet];

    if (result->Length == length && result->Status == status)
        return true;
    fprintf(stderr, "packet %u: %u bytes, status %08x; not %u bytes, status %08x\n",
            (unsigned)packet, (unsigned)result->Length, (unsigned)result->Status, (unsigned)length,
            (unsigned)status);
    return false;
}

/* Packets are counted from 1 by the device, from 0 by us. */
static bool tell_packets_apart(struct bench *bench)
{
    const struct labdev_behaviour mixed = {
        .kind = LABDEV_SOURCE,
        .events = { { 2, LABDEV_SHORT, 10 },
                    { 4, LABDEV_SHORT, 0 },
                    { 6, LABDEV_FAIL, EPROTO },
                    { 8, LABDEV_FAIL, EPIPE },
                    { 10, LABDEV_BABBLE, 0 } },
    };
    struct stream *stream = &bench->stream;

    return open_stream(bench, 1, READ_PIPE) &&
           check(labdev_program(&bench->script, READ_PIPE, &mixed)) && check(read_once(stream)) &&
           has_ended(stream, 0, stream->packet, USBD_STATUS_SUCCESS) &&
           has_ended(stream, 1, 10, USBD_STATUS_SUCCESS) &&
           has_ended(stream, 3, 0, USBD_STATUS_SUCCESS) &&
           check(stream->results[0][5].Status == USBD_STATUS_XACT_ERROR) &&
           check(stream->results[0][7].Status == USBD_STATUS_STALL_PID) &&
           check(stream->results[0][9].Status == USBD_STATUS_DATA_OVERRUN) &&
           has_ended(stream, 10, stream->packet, USBD_STATUS_SUCCESS) && close_stream(bench);
}

static bool fail_all_packets(struct bench *bench)
{
    const struct labdev_behaviour broken = {
        .kind = LABDEV_SOURCE,
        .events = { { LABDEV_EVERY, LABDEV_FAIL, EPROTO } },
    };

    return open_stream(bench, 1, READ_PIPE) &&
           check(labdev_program(&bench->script, READ_PIPE, &broken)) &&
           check(!read_once(&bench->stream)) && check(GetLastError() == ERROR_GEN_FAILURE) &&
           close_stream(bench);
}

static bool unplug(struct bench *bench)
{
    const struct labdev_replug leave = { .absence = LABDEV_NEVER };

    if (!open_stream(bench, 1, READ_PIPE) ||
        !check(labdev_program(&bench->script, READ_PIPE, &silent)))
        return false;
    for (unsigned n = 0; n < QUEUED; n++)
        if (!begin_read(&bench->stream, n, n > 0))
            return false;

    if (!check(labdev_replug(&bench->script, &leave)))
        return false;
    for (unsigned n = 0; n < QUEUED; n++)
        if (!ends_with(bench, n, ERROR_DEVICE_NOT_CONNECTED))
            return false;
    return true;
}

/* --- All ----------------------------------------------------------------------------------- */

static bool run(struct bench *bench)
{
    if (!read_stream(bench, 1) || !write_stream(bench, 1) || !read_stream(bench, 4) ||
        !write_stream(bench, 4) || !abort_stream(bench))
        return false;
    if (bench->exact &&
        (!read_stream(bench, 2) || !tell_packets_apart(bench) || !fail_all_packets(bench)))
        return false;
    return unplug(bench);
}

static bool open_device(struct bench *bench)
{
    for (unsigned i = 0; i < QUEUED; i++)
        bench->stream.overlapped[i].hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    return lab_find(LABDEV_PRODUCT, &bench->where) &&
           check(labdev_open(&bench->script, bench->where.node)) &&
           lab_open(&bench->where, &bench->session) &&
           check(WinUsb_GetAssociatedInterface(bench->session.iface, 0, &bench->iface));
}

int main(int count, char **words)
{
    static struct bench bench;
    bool passed;

    bench.exact = count > 1 && strcmp(words[1], "exact") == 0;
    if (!open_device(&bench))
        return 1;

    passed = run(&bench);
    WinUsb_Free(bench.iface);
    lab_close(&bench.session);
    printf("isoch: %s\n", passed ? "passed" : "FAILED");
    return passed ? 0 : 1;
}
