/*
 * More under way than the kernel has memory for: usbfs lets all programs together have 16 MiB. No
 * request fails for it, reads and writes keep their order, and AbortPipe and Free end all of them.
 *
 *     memory             on each controller: bulk reads and writes
 *     memory isoch       vhci, whose isochronous transfers are as long as the test wants: these,
 * too
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/device/script.h"
#include "lab/lab.h"

#define check(condition)                                                                    \
    ((condition) || (fprintf(stderr, "%d: not true: %s (error %u)\n", __LINE__, #condition, \
                             (unsigned)GetLastError()),                                     \
                     false))

#define LIMIT "/sys/module/usbcore/parameters/usbfs_memory_mb"
#define CANCELLED 0xC0000120 /* STATUS_CANCELLED, in OVERLAPPED */

enum {
    READ_PIPE = 0x81,
    LOOP_PIPE = 0x82,
    WRITE_PIPE = 0x01,
    ISOCH_PIPE = 0x84,
    LARGE = 64 * 1024,
    SMALL = 16 * 1024,
    LARGE_READS = 300,
    SMALL_READS = 1100,
    WRITES = 300, /* of LARGE */
    ISOCH_TRANSFERS = 12,
    ISOCH_SETTING = 2,
    ISOCH_PACKETS = 1024, /* of a transfer */
    ISOCH_PACKET = 3072,
    ISOCH_SIZE = ISOCH_PACKETS * ISOCH_PACKET,
    FILLERS = 300, /* reads of 512 bytes, for which memory ends */
    CONTROL_SIZE = 4096,
    STRING_PRODUCT = 2,
};

static struct labdev script;
static struct lab_device where;
static struct lab_session session;

static OVERLAPPED overlapped[SMALL_READS];
static UCHAR
    memory[ISOCH_TRANSFERS * ISOCH_SIZE]; /* also that of reads: 300 of 64 KiB, and so on */
static USBD_ISO_PACKET_DESCRIPTOR results[ISOCH_TRANSFERS][ISOCH_PACKETS];

_Static_assert(sizeof(memory) >= (size_t)LARGE_READS * LARGE, "room for reads");
_Static_assert(sizeof(memory) >= (size_t)SMALL_READS * SMALL, "room for reads");

/* --- What the device does ----------------------------------------------------------------------
 */

static bool program(UCHAR endpoint, enum labdev_kind kind, bool silent)
{
    const struct labdev_behaviour behaviour = {
        .kind = kind,
        .events = { { silent ? LABDEV_EVERY : 0, LABDEV_HOLD, 0 } },
    };

    return check(labdev_program(&script, endpoint, &behaviour));
}

static uint64_t wrong_bytes(void)
{
    struct labdev_status status = { .wrong = UINT64_MAX };

    labdev_status(&script, WRITE_PIPE, &status);
    return status.wrong;
}

/* --- Requests --------------------------------------------------------------------------------- */

static bool is_pending(unsigned i)
{
    return overlapped[i].Internal == 0x103; /* STATUS_PENDING */
}

static bool begin_reads(unsigned count, ULONG size)
{
    for (unsigned i = 0; i < count; i++) {
        ResetEvent(overlapped[i].hEvent);
        if (!check(!WinUsb_ReadPipe(session.iface, READ_PIPE, memory + (size_t)i * size, size, NULL,
                                    &overlapped[i])) ||
            !check(GetLastError() == ERROR_IO_PENDING))
            return false;
    }
    return true;
}

/* @return ERROR_SUCCESS when a request moved all that it was for, or what it ended with */
static DWORD end_of(unsigned i, ULONG size)
{
    DWORD bytes = 0;

    if (!WinUsb_GetOverlappedResult(session.iface, &overlapped[i], &bytes, TRUE))
        return GetLastError();
    return bytes == size ? ERROR_SUCCESS : ERROR_INVALID_DATA;
}

static bool all_end_with(unsigned count, DWORD error)
{
    for (unsigned i = 0; i < count; i++)
        if (!check(end_of(i, 0) == error))
            return false;
    return true;
}

/* Those that have ended say so; who waits for memory does not end. */
static bool none_has_ended(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!check(is_pending(i)))
            return false;
    return true;
}

/* --- Beside them -------------------------------------------------------------------------------
 */

static bool write_some(unsigned count, uint64_t position)
{
    static UCHAR data[LARGE];
    ULONG sent;

    for (unsigned i = 0; i < count; i++) {
        labdev_fill(data, sizeof(data), position + (uint64_t)i * sizeof(data));
        if (!check(WinUsb_WritePipe(session.iface, WRITE_PIPE, data, sizeof(data), &sent, NULL)) ||
            !check(sent == sizeof(data)))
            return false;
    }
    return check(wrong_bytes() == 0);
}

static bool ask_some(void)
{
    const WINUSB_SETUP_PACKET out = { 0x40, LABDEV_ECHO, 0, 0, CONTROL_SIZE };
    UCHAR data[CONTROL_SIZE] = { 1, 2, 3 };
    ULONG moved;

    return check(WinUsb_ControlTransfer(session.iface, out, data, sizeof(data), &moved, NULL)) &&
           check(moved == sizeof(data)) &&
           check(WinUsb_GetDescriptor(session.iface, USB_STRING_DESCRIPTOR_TYPE, STRING_PRODUCT,
                                      0x0409, data, sizeof(data), &moved));
}

/* --- Reads -------------------------------------------------------------------------------------
 */

static bool begin_silent_reads(unsigned count, ULONG size)
{
    return program(READ_PIPE, LABDEV_SOURCE, true) && program(WRITE_PIPE, LABDEV_SINK, false) &&
           begin_reads(count, size) && write_some(8, 0) && ask_some() && none_has_ended(count);
}

static bool bring_their_data(unsigned count, ULONG size)
{
    if (!program(READ_PIPE, LABDEV_SOURCE, false))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!check(end_of(i, size) == ERROR_SUCCESS) ||
            !check(labdev_mismatch(memory + (size_t)i * size, size, (uint64_t)i * size) == size))
            return false;
    return true;
}

static bool read_much(unsigned count, ULONG size)
{
    const bool ok = begin_silent_reads(count, size) && bring_their_data(count, size) &&
                    begin_silent_reads(count, size) &&
                    check(WinUsb_AbortPipe(session.iface, READ_PIPE)) &&
                    all_end_with(count, ERROR_OPERATION_ABORTED) && write_some(8, 8 * LARGE);

    if (ok)
        printf("memory: %u reads of %u bytes wait for the device, and writes do not\n", count,
               (unsigned)size);
    return ok;
}

/* --- Writes ------------------------------------------------------------------------------------
 */

static bool begin_writes(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        UCHAR *data = memory + (size_t)i * LARGE;

        labdev_fill(data, LARGE, (uint64_t)i * LARGE);
        ResetEvent(overlapped[i].hEvent);
        if (!check(
                !WinUsb_WritePipe(session.iface, WRITE_PIPE, data, LARGE, NULL, &overlapped[i])) ||
            !check(GetLastError() == ERROR_IO_PENDING))
            return false;
    }
    return true;
}

/* The device takes nothing at first. */
static bool write_much(void)
{
    bool ok = program(WRITE_PIPE, LABDEV_SINK, true) && begin_writes(WRITES) && ask_some() &&
              none_has_ended(WRITES) && program(WRITE_PIPE, LABDEV_SINK, false);

    for (unsigned i = 0; i < WRITES && ok; i++)
        ok = check(end_of(i, LARGE) == ERROR_SUCCESS);
    ok = ok && check(wrong_bytes() == 0);
    if (ok)
        printf("memory: %d writes of %d bytes arrive in their order\n", WRITES, LARGE);
    return ok;
}

/* --- Isochronous -------------------------------------------------------------------------------
 */

static bool begin_isoch(WINUSB_ISOCH_BUFFER_HANDLE buffer)
{
    for (unsigned i = 0; i < ISOCH_TRANSFERS; i++) {
        ResetEvent(overlapped[i].hEvent);
        if (!check(!WinUsb_ReadIsochPipeAsap(buffer, i * ISOCH_SIZE, ISOCH_SIZE, i > 0,
                                             ISOCH_PACKETS, results[i], &overlapped[i])) ||
            !check(GetLastError() == ERROR_IO_PENDING))
            return false;
    }
    return true;
}

/* Each packet brings what follows on the one before. */
static bool isoch_brings_its_data(uint64_t *position)
{
    for (unsigned i = 0; i < ISOCH_TRANSFERS; i++) {
        if (!check(end_of(i, 0) == ERROR_SUCCESS))
            return false;
        for (unsigned k = 0; k < ISOCH_PACKETS; k++) {
            const USBD_ISO_PACKET_DESCRIPTOR *packet = &results[i][k];
            const UCHAR *data = memory + (size_t)i * ISOCH_SIZE + packet->Offset;

            if (!check(packet->Status == 0) ||
                !check(labdev_mismatch(data, packet->Length, *position) == packet->Length))
                return false;
            *position += packet->Length;
        }
    }
    return true;
}

static bool stream_much(void)
{
    WINUSB_INTERFACE_HANDLE iface;
    WINUSB_ISOCH_BUFFER_HANDLE buffer;
    uint64_t position = 0;
    bool ok = check(WinUsb_GetAssociatedInterface(session.iface, 0, &iface)) &&
              check(WinUsb_SetCurrentAlternateSetting(iface, ISOCH_SETTING)) &&
              check(WinUsb_RegisterIsochBuffer(iface, ISOCH_PIPE, memory, sizeof(memory), &buffer));

    ok = ok && program(ISOCH_PIPE, LABDEV_SOURCE, false) &&
         program(WRITE_PIPE, LABDEV_SINK, false) && begin_isoch(buffer) && write_some(16, 0) &&
         ask_some() && isoch_brings_its_data(&position) && begin_isoch(buffer) &&
         check(WinUsb_AbortPipe(iface, ISOCH_PIPE));
    for (unsigned i = 0; i < ISOCH_TRANSFERS && ok; i++) {
        const DWORD error = end_of(i, 0);

        ok = check(error == ERROR_SUCCESS || error == ERROR_OPERATION_ABORTED);
    }
    ok = ok && check(WinUsb_UnregisterIsochBuffer(buffer)) && check(WinUsb_Free(iface));
    if (ok)
        printf("memory: %d isochronous reads of %d bytes bring %llu bytes in their order\n",
               ISOCH_TRANSFERS, ISOCH_SIZE, (unsigned long long)position);
    return ok;
}

/* --- Memory that others have -------------------------------------------------------------------
 */

/* The library has looked at the limit as it opened the device. A lower one is to it as if another
 * program had the rest: the kernel refuses what there should be memory for. */
static bool set_limit(unsigned megabytes)
{
    FILE *file = fopen(LIMIT, "w");
    const bool ok = file && fprintf(file, "%u\n", megabytes) > 0;

    return check(file && fclose(file) == 0 && ok);
}

static bool begin_small_reads(OVERLAPPED *reads)
{
    static UCHAR data[512];

    for (unsigned i = 0; i < FILLERS; i++)
        if (!check(
                !WinUsb_ReadPipe(session.iface, LOOP_PIPE, data, sizeof(data), NULL, &reads[i])) ||
            !check(GetLastError() == ERROR_IO_PENDING))
            return false;
    return true;
}

/* Reads of two sizes fill the memory to the last kilobyte, so that nothing finds any. */
static bool begin_what_is_refused(UCHAR *data, OVERLAPPED *control, OVERLAPPED *fillers)
{
    const WINUSB_SETUP_PACKET out = { 0x40, LABDEV_ECHO, 0, 0, CONTROL_SIZE };

    return program(READ_PIPE, LABDEV_SOURCE, true) && set_limit(1) &&
           begin_reads(LARGE_READS, LARGE) && begin_small_reads(fillers) &&
           check(!WinUsb_ControlTransfer(session.iface, out, data, CONTROL_SIZE, NULL, control)) &&
           check(GetLastError() == ERROR_IO_PENDING) && check(control->Internal == 0x103) &&
           none_has_ended(LARGE_READS) && set_limit(16);
}

static bool wait_for_what_others_have(void)
{
    static OVERLAPPED fillers[FILLERS];
    static UCHAR data[CONTROL_SIZE];
    OVERLAPPED control = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
    DWORD bytes = 0;
    bool ok = begin_what_is_refused(data, &control, fillers) &&
              check(WinUsb_GetOverlappedResult(session.iface, &control, &bytes, TRUE)) &&
              check(bytes == CONTROL_SIZE) && bring_their_data(LARGE_READS, LARGE) &&
              check(WinUsb_AbortPipe(session.iface, LOOP_PIPE));

    for (unsigned i = 0; i < FILLERS && ok; i++)
        ok = check(fillers[i].Internal == CANCELLED);
    if (ok)
        printf("memory: what the kernel refuses is begun when others have given it back\n");
    return ok;
}

/* --- The end -----------------------------------------------------------------------------------
 */

static bool free_much(void)
{
    bool ok = begin_silent_reads(LARGE_READS, LARGE) && check(WinUsb_Free(session.iface));

    session.iface = NULL;
    for (unsigned i = 0; i < LARGE_READS && ok; i++)
        ok = check(!is_pending(i)) && check(overlapped[i].Internal == CANCELLED);
    if (ok)
        printf("memory: Free ends %d reads\n", LARGE_READS);
    return ok;
}

static bool has_the_usual_memory(void)
{
    char text[32] = "";
    FILE *file = fopen(LIMIT, "r");
    const bool known = file && fgets(text, sizeof(text), file);

    if (file)
        fclose(file);
    return check(known) && check(atoi(text) == 16);
}

int main(int argc, char **argv)
{
    const bool isoch = argc > 1 && strcmp(argv[1], "isoch") == 0;
    bool ok;

    for (unsigned i = 0; i < SMALL_READS; i++)
        overlapped[i].hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    ok = has_the_usual_memory() && lab_find(LABDEV_PRODUCT, &where) &&
         labdev_open(&script, where.node) && labdev_clear(&script) && lab_open(&where, &session) &&
         read_much(LARGE_READS, LARGE) && read_much(SMALL_READS, SMALL) && write_much() &&
         wait_for_what_others_have() && (!isoch || stream_much()) && free_much();

    lab_close(&session);
    return ok ? 0 : 1;
}
