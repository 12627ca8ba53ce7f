/*
 * A disk that QEMU made, driven through the public API by the bulk-only transport of USB mass
 * storage: its bytes are those of a file, which the guest reaches over another way, and which all
 * that is read and written is compared with. On the way the disk stalls, and is recovered. This
 * disk forgets its halts by itself: that they are cleared is shown with the lab's own device.
 *
 *     storage [MEGABYTES [alone]]    of a disk that guest.sh --disk made; 64
 *
 * "alone": one request at a time.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lab.h"

#define check(condition)                                                                    \
    ((condition) || (fprintf(stderr, "%d: not true: %s (error %u)\n", __LINE__, #condition, \
                             (unsigned)GetLastError()),                                     \
                     false))

enum {
    BLOCK = 512,        /* [bytes] */
    CHUNK = 1 << 20,    /* [bytes] that one command transfers */
    PIECES = 8,         /* requests that are under way at a time */
    CBW_SIZE = 31,      /* [bytes] of a command */
    CSW_SIZE = 13,      /* [bytes] of its status */
    RESET = 0xff,       /* request: bulk-only mass storage reset */
    ILLEGAL_REQUEST = 5 /* sense key */
};

struct disk;

struct command {
    UCHAR block[10];
    UCHAR size; /* [bytes] of block */
    bool in;
    UCHAR *data;
    ULONG length; /* [bytes] */
};

/* Transfers a command's data. */
typedef bool mover(const struct disk *disk, const struct command *command);

struct disk {
    WINUSB_INTERFACE_HANDLE iface;
    UCHAR in, out; /* addresses of its pipes */
    ULONG packet;  /* [bytes] at most in one packet */
    ULONG tag;     /* of the latest command */
    size_t size;   /* [bytes] */
    HANDLE events[PIECES];
    int file; /* its bytes, by the other way */
};

/* --- Pattern --------------------------------------------------------------------------------- */

/* A word that tells its place and which pattern it is of. */
static uint64_t word_at(uint64_t index, uint64_t seed)
{
    uint64_t word = (index + (seed << 40)) * UINT64_C(0x9e3779b97f4a7c15);

    word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return word ^ (word >> 27);
}

static void fill(UCHAR *data, size_t size, size_t offset, uint64_t seed)
{
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        const uint64_t word = word_at((offset + i) / sizeof(word), seed);

        memcpy(data + i, &word, sizeof(word));
    }
}

static bool holds(const UCHAR *data, size_t size, size_t offset, uint64_t seed)
{
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        const uint64_t word = word_at((offset + i) / sizeof(word), seed);

        if (memcmp(data + i, &word, sizeof(word)) != 0) {
            fprintf(stderr, "byte %zu is not that of pattern %u\n", offset + i, (unsigned)seed);
            return false;
        }
    }
    return true;
}

/* --- The disk's file ------------------------------------------------------------------------- */

static bool write_file(const struct disk *disk, UCHAR *data, uint64_t seed)
{
    for (size_t offset = 0; offset < disk->size; offset += CHUNK) {
        fill(data, CHUNK, offset, seed);
        if (!check(pwrite(disk->file, data, CHUNK, (off_t)offset) == CHUNK))
            return false;
    }
    return true;
}

static bool file_holds(const struct disk *disk, UCHAR *data, uint64_t seed)
{
    for (size_t offset = 0; offset < disk->size; offset += CHUNK)
        if (!check(pread(disk->file, data, CHUNK, (off_t)offset) == CHUNK) ||
            !holds(data, CHUNK, offset, seed))
            return false;
    return true;
}

/* --- The transport --------------------------------------------------------------------------- */

static void put_le(UCHAR *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (UCHAR)(value >> (8 * i));
}

static uint32_t get_le(const UCHAR *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static uint32_t get_be(const UCHAR *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool send_command(struct disk *disk, const struct command *command)
{
    UCHAR bytes[CBW_SIZE] = { 'U', 'S', 'B', 'C' };
    ULONG sent = 0;

    put_le(bytes + 4, ++disk->tag);
    put_le(bytes + 8, command->length);
    bytes[12] = command->in ? 0x80 : 0;
    bytes[14] = command->size;
    memcpy(bytes + 15, command->block, command->size);
    return check(WinUsb_WritePipe(disk->iface, disk->out, bytes, CBW_SIZE, &sent, NULL)) &&
           check(sent == CBW_SIZE);
}

static bool read_status(const struct disk *disk, UCHAR *status_out)
{
    UCHAR bytes[64];
    ULONG got = 0;

    if (!check(WinUsb_ReadPipe(disk->iface, disk->in, bytes, sizeof(bytes), &got, NULL)) ||
        !check(got == CSW_SIZE) || !check(memcmp(bytes, "USBS", 4) == 0) ||
        !check(get_le(bytes + 4) == disk->tag))
        return false;
    *status_out = bytes[12];
    return true;
}

static BOOL move_piece(const struct disk *disk,
                       const struct command *command,
                       ULONG offset,
                       ULONG length,
                       ULONG *moved,
                       OVERLAPPED *overlapped)
{
    UCHAR *data = command->data + offset;

    return command->in ? WinUsb_ReadPipe(disk->iface, disk->in, data, length, moved, overlapped)
                       : WinUsb_WritePipe(disk->iface, disk->out, data, length, moved, overlapped);
}

static bool move_at_once(const struct disk *disk, const struct command *command)
{
    ULONG moved = 0;

    return check(move_piece(disk, command, 0, command->length, &moved, NULL)) &&
           check(moved == command->length);
}

/* All pieces are under way before the first one is waited for. */
static bool move_in_pieces(const struct disk *disk, const struct command *command)
{
    const ULONG piece = command->length / PIECES;
    OVERLAPPED overlapped[PIECES] = { 0 };
    bool ok = true;

    for (ULONG i = 0; i < PIECES; i++) {
        overlapped[i].hEvent = disk->events[i];
        ok &= check(!move_piece(disk, command, i * piece, piece, NULL, &overlapped[i])) &&
              check(GetLastError() == ERROR_IO_PENDING);
    }
    for (int i = 0; i < PIECES; i++) {
        DWORD moved = 0;

        ok &= check(WinUsb_GetOverlappedResult(disk->iface, &overlapped[i], &moved, TRUE)) &&
              check(moved == piece);
    }
    return ok;
}

static bool
carry_out(struct disk *disk, const struct command *command, mover *move, UCHAR *status_out)
{
    return send_command(disk, command) && (command->length == 0 || move(disk, command)) &&
           read_status(disk, status_out);
}

/* --- Commands -------------------------------------------------------------------------------- */

static bool inquire(struct disk *disk)
{
    UCHAR data[36], status;
    const struct command inquiry = { { 0x12, [4] = sizeof(data) }, 6, true, data, sizeof(data) };

    return carry_out(disk, &inquiry, move_at_once, &status) && check(status == 0) &&
           check(memcmp(data + 8, "QEMU    QEMU HARDDISK", 21) == 0);
}

/* Asks why the latest command failed. */
static bool get_sense(struct disk *disk, UCHAR *key_out)
{
    UCHAR data[18], status;
    const struct command sense = { { 0x03, [4] = sizeof(data) }, 6, true, data, sizeof(data) };

    if (!carry_out(disk, &sense, move_at_once, &status) || !check(status == 0))
        return false;
    *key_out = data[2] & 0xf;
    return true;
}

/* A disk that was reset refuses one command to say so. */
static bool make_ready(struct disk *disk)
{
    const struct command test = { { 0x00 }, 6, false, NULL, 0 };
    UCHAR status, key;

    if (!carry_out(disk, &test, NULL, &status))
        return false;
    return status == 0 ||
           (get_sense(disk, &key) && carry_out(disk, &test, NULL, &status) && check(status == 0));
}

static bool read_capacity(struct disk *disk)
{
    UCHAR data[8], status;
    const struct command capacity = { { 0x25 }, 10, true, data, sizeof(data) };

    return carry_out(disk, &capacity, move_at_once, &status) && check(status == 0) &&
           check(get_be(data + 4) == BLOCK) &&
           check((get_be(data) + UINT64_C(1)) * BLOCK == disk->size);
}

/* Has what was written reach the file. */
static bool synchronize(struct disk *disk)
{
    const struct command command = { { 0x35 }, 10, false, NULL, 0 };
    UCHAR status;

    return carry_out(disk, &command, NULL, &status) && check(status == 0);
}

/* Reads or writes some blocks. */
static bool
move_blocks(struct disk *disk, bool in, UCHAR *data, size_t offset, ULONG length, mover *move)
{
    const uint32_t block = (uint32_t)(offset / BLOCK);
    const ULONG blocks = length / BLOCK;
    const struct command command = {
        { in ? 0x28 : 0x2a, 0, (UCHAR)(block >> 24), (UCHAR)(block >> 16), (UCHAR)(block >> 8),
          (UCHAR)block, 0, (UCHAR)(blocks >> 8), (UCHAR)blocks },
        10,
        in,
        data,
        length,
    };
    UCHAR status;

    return carry_out(disk, &command, move, &status) && check(status == 0);
}

/* --- What is shown --------------------------------------------------------------------------- */

/* Gives the rate in megabytes (10^6) a second, without what comparing took. */
static bool read_all(struct disk *disk, UCHAR *data, uint64_t seed, mover *move, double *rate_out)
{
    int64_t taken = 0;

    for (size_t offset = 0; offset < disk->size; offset += CHUNK) {
        const int64_t begin = lab_now();

        memset(data, 0, CHUNK);
        if (!move_blocks(disk, true, data, offset, CHUNK, move))
            return false;
        taken += lab_now() - begin;
        if (!holds(data, CHUNK, offset, seed))
            return false;
    }
    *rate_out = (double)disk->size * 1e3 / (double)taken;
    return true;
}

static bool write_all(struct disk *disk, UCHAR *data, uint64_t seed, mover *move, double *rate_out)
{
    int64_t taken = 0;

    for (size_t offset = 0; offset < disk->size; offset += CHUNK) {
        fill(data, CHUNK, offset, seed);
        const int64_t begin = lab_now();

        if (!move_blocks(disk, false, data, offset, CHUNK, move))
            return false;
        taken += lab_now() - begin;
    }
    *rate_out = (double)disk->size * 1e3 / (double)taken;
    return synchronize(disk);
}

/* A read that ends inside a packet leaves the packet's rest to the next one, which ends with it. */
static bool move_inside_packets(const struct disk *disk, const struct command *command)
{
    const ULONG first = 100, rest = disk->packet - first % disk->packet;
    ULONG got = 0;

    for (ULONG moved = 0; moved < command->length; moved += got) {
        const ULONG left = command->length - moved;

        if (!check(move_piece(disk, command, moved, moved == 0 ? first : left, &got, NULL)) ||
            !check(got == (moved == 0       ? first
                           : moved == first ? rest
                                            : left)))
            return false;
    }
    return true;
}

static bool read_across_packets(struct disk *disk, uint64_t seed)
{
    UCHAR data[4 * BLOCK] = { 0 };

    return move_blocks(disk, true, data, 7 * BLOCK, sizeof(data), move_inside_packets) &&
           holds(data, sizeof(data), 7 * BLOCK, seed);
}

/* What both sides agree on after whatever went wrong. */
static bool recover(const struct disk *disk)
{
    const WINUSB_SETUP_PACKET reset = { 0x21, RESET, 0, 0, 0 };
    ULONG moved;

    return check(WinUsb_ControlTransfer(disk->iface, reset, NULL, 0, &moved, NULL)) &&
           check(WinUsb_ResetPipe(disk->iface, disk->in)) &&
           check(WinUsb_ResetPipe(disk->iface, disk->out));
}

/* A command of a wrong length means nothing: the disk stalls until it is reset. */
static bool stall_on_nonsense(struct disk *disk)
{
    UCHAR bytes[CBW_SIZE - 1] = { 'U', 'S', 'B', 'C' };
    ULONG sent;

    return check(!WinUsb_WritePipe(disk->iface, disk->out, bytes, sizeof(bytes), &sent, NULL)) &&
           check(GetLastError() == ERROR_GEN_FAILURE) && recover(disk) && inquire(disk) &&
           make_ready(disk);
}

/* Who reads when the disk has nothing to say is refused; the pipe's reset is enough then. */
static bool stall_on_reading(struct disk *disk)
{
    UCHAR bytes[64];
    ULONG got;

    return check(!WinUsb_ReadPipe(disk->iface, disk->in, bytes, sizeof(bytes), &got, NULL)) &&
           check(GetLastError() == ERROR_GEN_FAILURE) &&
           check(WinUsb_ResetPipe(disk->iface, disk->in)) && inquire(disk);
}

/* In the middle of a command, data goes the wrong way; the command itself survives. */
static bool stall_in_the_middle(struct disk *disk)
{
    UCHAR data[36], status;
    const struct command inquiry = { { 0x12, [4] = sizeof(data) }, 6, true, data, sizeof(data) };
    ULONG sent;

    return send_command(disk, &inquiry) &&
           check(!WinUsb_WritePipe(disk->iface, disk->out, data, sizeof(data), &sent, NULL)) &&
           check(GetLastError() == ERROR_GEN_FAILURE) &&
           check(WinUsb_ResetPipe(disk->iface, disk->out)) && move_at_once(disk, &inquiry) &&
           read_status(disk, &status) && check(status == 0);
}

static bool refuse_a_command(struct disk *disk)
{
    const struct command unknown = { { 0xff }, 10, false, NULL, 0 };
    UCHAR status, key;

    return carry_out(disk, &unknown, NULL, &status) && check(status == 1) &&
           get_sense(disk, &key) && check(key == ILLEGAL_REQUEST);
}

/* --- Program --------------------------------------------------------------------------------- */

static bool find_pipes(struct disk *disk)
{
    WINUSB_PIPE_INFORMATION pipe;

    for (UCHAR i = 0; WinUsb_QueryPipe(disk->iface, 0, i, &pipe); i++) {
        if (!check(pipe.PipeType == UsbdPipeTypeBulk))
            return false;
        *(pipe.PipeId & 0x80 ? &disk->in : &disk->out) = pipe.PipeId;
        disk->packet = pipe.MaximumPacketSize;
    }
    return check(disk->in != 0 && disk->out != 0);
}

static bool prepare(struct disk *disk, UCHAR *data)
{
    disk->file = open("/lab/disk", O_RDWR);
    for (int i = 0; i < PIECES; i++)
        disk->events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
    return check(disk->file >= 0) && write_file(disk, data, 1) && find_pipes(disk) &&
           inquire(disk) && make_ready(disk) && read_capacity(disk);
}

static bool run(struct disk *disk, UCHAR *data, mover *move_queued)
{
    const int at_a_time = move_queued == move_in_pieces ? PIECES : 1;
    double reading, reading_queued, writing, writing_queued;

    if (!prepare(disk, data) || !read_across_packets(disk, 1) ||
        !read_all(disk, data, 1, move_at_once, &reading) || !stall_on_nonsense(disk) ||
        !stall_on_reading(disk) || !stall_in_the_middle(disk) || !refuse_a_command(disk) ||
        !read_all(disk, data, 1, move_queued, &reading_queued) ||
        !write_all(disk, data, 2, move_at_once, &writing) || !file_holds(disk, data, 2) ||
        !write_all(disk, data, 3, move_queued, &writing_queued) || !file_holds(disk, data, 3) ||
        !read_all(disk, data, 3, move_queued, &reading_queued))
        return false;
    printf("storage: %zu MiB, all bytes equal; read %.1f MB/s, %d at a time %.1f; "
           "written %.1f MB/s, %d at a time %.1f; recovered from 3 stalls\n",
           disk->size >> 20, reading, at_a_time, reading_queued, writing, at_a_time,
           writing_queued);
    return true;
}

int main(int argc, char **argv)
{
    struct disk disk = { .size = (size_t)(argc > 1 ? atoi(argv[1]) : 64) << 20 };
    mover *move_queued = argc > 2 && strcmp(argv[2], "alone") == 0 ? move_at_once : move_in_pieces;
    struct lab_device device;
    struct lab_session session;
    UCHAR *data = malloc(CHUNK);
    bool ok;

    if (!data || !lab_find("QEMU USB HARDDRIVE", &device) || !lab_open(&device, &session))
        return 1;
    disk.iface = session.iface;
    ok = run(&disk, data, move_queued);
    lab_close(&session);
    free(data);
    return ok ? 0 : 1;
}
