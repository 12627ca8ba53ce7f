/*
 * A speaker of QEMU's, which gets ten seconds of samples by isochronous transfers, several of them
 * under way at any time, and writes to a file what it plays. All samples have to be in the file, in
 * their order, with none missing or repeated, and silence before and after them.
 *
 *     audio                plays; in a guest with --audio
 *     audio check FILE     compares the file with what was played; when the guest has ended
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"

#define check(condition)                                                                    \
    ((condition) || (fprintf(stderr, "%d: not true: %s (error %u)\n", __LINE__, #condition, \
                             (unsigned)GetLastError()),                                     \
                     false))

enum {
    RATE = 48000,                  /* [samples/s] */
    SAMPLE = 4,                    /* [bytes] left and right, 16 bits each */
    SAMPLES = 10 * RATE,           /* that are played */
    SILENCE = RATE,                /* [samples] behind them: more than fit into the speaker */
    PACKET = RATE / 1000 * SAMPLE, /* [bytes] of a frame */
    TRANSFER = 50 * PACKET,        /* [bytes] */
    TRANSFERS = (SAMPLES + SILENCE) * SAMPLE / TRANSFER,
    QUEUED = 8,  /* transfers under way at a time */
    HEADER = 44, /* [bytes] of the file before its samples */
    CONTROL_INTERFACE = 0,
    FEATURE_UNIT = 2,
    VOLUME = 2,      /* control of the unit */
    LOUDEST = 0x0800 /* [1/256 dB] at which samples stay as they are */
};

/* Different for each n, and never the same twice. */
static uint32_t nth_sample(uint32_t n)
{
    return (n + 1) * UINT32_C(2654435761);
}

/* --- Playing --------------------------------------------------------------------------------- */

struct player {
    WINUSB_INTERFACE_HANDLE iface;
    UCHAR pipe;
    WINUSB_ISOCH_BUFFER_HANDLE buffer;
    UCHAR bytes[QUEUED * TRANSFER];
    OVERLAPPED overlapped[QUEUED];
    unsigned starts; /* of the stream: 1 when it never broke off */
};

static void fill(UCHAR *bytes, uint32_t first)
{
    for (uint32_t i = 0; i < TRANSFER / SAMPLE; i++) {
        const uint32_t sample = first + i < SAMPLES ? nth_sample(first + i) : 0;

        for (uint32_t byte = 0; byte < SAMPLE; byte++)
            bytes[i * SAMPLE + byte] = (UCHAR)(sample >> (8 * byte));
    }
}

static bool begin(struct player *player, unsigned n, bool continues)
{
    const ULONG slot = n % QUEUED;

    player->starts += !continues;
    return check(!WinUsb_WriteIsochPipeAsap(player->buffer, slot * TRANSFER, TRANSFER, continues,
                                            &player->overlapped[slot])) &&
           check(GetLastError() == ERROR_IO_PENDING);
}

/* A stream that broke off, as on a busy machine, is begun again with the transfer refused. */
static bool finish(struct player *player, unsigned n)
{
    DWORD bytes = 1;

    while (
        !WinUsb_GetOverlappedResult(player->iface, &player->overlapped[n % QUEUED], &bytes, TRUE))
        if (!check(GetLastError() == ERROR_INVALID_PARAMETER) || !begin(player, n, false))
            return false;
    return check(bytes == 0);
}

static bool play(struct player *player)
{
    for (unsigned n = 0; n < TRANSFERS + QUEUED; n++) {
        if (n >= QUEUED && !finish(player, n - QUEUED))
            return false;
        if (n >= TRANSFERS)
            continue;
        fill(player->bytes + n % QUEUED * TRANSFER, n * (TRANSFER / SAMPLE));
        if (!begin(player, n, n > 0))
            return false;
    }
    return true;
}

/* The low byte of the index is the library's to fill in, the high one is the unit. */
static bool set_volume(WINUSB_INTERFACE_HANDLE control)
{
    for (USHORT channel = 1; channel <= 2; channel++) {
        const WINUSB_SETUP_PACKET set = { 0x21, 0x01, (USHORT)(VOLUME << 8 | channel),
                                          FEATURE_UNIT << 8 | 0xff, 2 };
        const WINUSB_SETUP_PACKET get = { 0xa1, 0x81, set.Value, set.Index, 2 };
        UCHAR loudest[2] = { LOUDEST & 0xff, LOUDEST >> 8 }, now[2] = { 0 };
        ULONG moved;

        if (!check(WinUsb_ControlTransfer(control, set, loudest, 2, &moved, NULL)) ||
            !check(WinUsb_ControlTransfer(control, get, now, 2, &moved, NULL)) ||
            !check(memcmp(now, loudest, 2) == 0))
            return false;
    }
    return true;
}

static bool open_stream(struct player *player)
{
    WINUSB_PIPE_INFORMATION_EX pipe;

    if (!check(WinUsb_SetCurrentAlternateSetting(player->iface, 1)) ||
        !check(WinUsb_QueryPipeEx(player->iface, 1, 0, &pipe)) ||
        !check(pipe.PipeType == UsbdPipeTypeIsochronous) ||
        !check(pipe.MaximumBytesPerInterval == PACKET))
        return false;
    for (int i = 0; i < QUEUED; i++)
        player->overlapped[i].hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    player->pipe = pipe.PipeId;
    return check(WinUsb_RegisterIsochBuffer(player->iface, pipe.PipeId, player->bytes,
                                            sizeof(player->bytes), &player->buffer));
}

static bool close_stream(struct player *player)
{
    return check(WinUsb_UnregisterIsochBuffer(player->buffer)) &&
           check(WinUsb_SetCurrentAlternateSetting(player->iface, 0));
}

static bool run(const struct lab_session *session)
{
    static struct player player;
    const int64_t start = lab_now();

    if (!set_volume(session->iface) ||
        !check(WinUsb_GetAssociatedInterface(session->iface, 0, &player.iface)) ||
        !open_stream(&player) || !play(&player) || !close_stream(&player))
        return false;
    printf(
        "audio: %d samples of %d bytes sent in %d transfers, %.2f s; the stream began %u time(s)\n",
        SAMPLES, SAMPLE, TRANSFERS, (double)(lab_now() - start) / 1e9, player.starts);
    WinUsb_Free(player.iface);
    return true;
}

static bool open_and_run(void)
{
    struct lab_device device;
    struct lab_session session;
    bool ok;

    if (!lab_find("QEMU USB Audio", &device) || !lab_open(&device, &session))
        return false;
    ok = run(&session);
    lab_close(&session);
    return ok;
}

/* --- Checking -------------------------------------------------------------------------------- */

static bool read_sample(FILE *file, uint32_t *sample_out)
{
    UCHAR bytes[SAMPLE];

    if (fread(bytes, 1, SAMPLE, file) != SAMPLE)
        return false;
    *sample_out =
        bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    return true;
}

/* Skips silence; gives what ended it, 0 for the end of the file. */
static uint32_t skip_silence(FILE *file, unsigned *count_out)
{
    uint32_t sample = 0;

    for (*count_out = 0; read_sample(file, &sample) && sample == 0; (*count_out)++)
        ;
    return sample;
}

static bool compare(FILE *file)
{
    unsigned before, after;
    uint32_t sample = skip_silence(file, &before);

    for (uint32_t n = 0; n < SAMPLES; n++) {
        if (sample != nth_sample(n) || (n + 1 < SAMPLES && !read_sample(file, &sample))) {
            fprintf(stderr, "sample %u: expected %08x, heard %08x\n", n, nth_sample(n), sample);
            return false;
        }
    }
    if (!check(skip_silence(file, &after) == 0))
        return false;
    printf("audio: all %d samples were heard, in their order; silence of %u before, %u after\n",
           SAMPLES, before, after);
    return true;
}

static bool compare_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    UCHAR header[HEADER];
    bool ok;

    if (!check(file != NULL))
        return false;
    ok = check(fread(header, 1, HEADER, file) == HEADER) &&
         check(memcmp(header + 8, "WAVEfmt ", 8) == 0) &&
         check((header[24] | header[25] << 8) == RATE) && compare(file);
    fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "check") == 0)
        return compare_file(argv[2]) ? 0 : 1;
    return open_and_run() ? 0 : 1;
}
