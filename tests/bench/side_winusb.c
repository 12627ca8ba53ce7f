/* The library's side of a comparison: requests as a WinUSB program makes them. */
#include "bench/side.h"

#include <stdio.h>

#include "lab/lab.h"

static struct lab_session session;
static HANDLE events[BENCH_DEPTH];

/* Until the first isochronous transfer both are NULL. */
static WINUSB_INTERFACE_HANDLE isoch_iface;
static WINUSB_ISOCH_BUFFER_HANDLE isoch_buffer;

static bool complain(const char *what)
{
    fprintf(stderr, "bench: winusb: %s: error %u\n", what, (unsigned)GetLastError());
    return false;
}

static bool open_device(unsigned bus, unsigned address)
{
    struct lab_device device = { .bus = bus };

    snprintf(device.node, sizeof(device.node), "/dev/bus/usb/%03u/%03u", bus, address);
    for (int i = 0; i < BENCH_DEPTH; i++)
        events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
    return lab_open(&device, &session);
}

static void close_device(void)
{
    if (isoch_buffer)
        WinUsb_UnregisterIsochBuffer(isoch_buffer);
    if (isoch_iface)
        WinUsb_Free(isoch_iface);
    isoch_iface = NULL;
    isoch_buffer = NULL;
    lab_close(&session);
    for (int i = 0; i < BENCH_DEPTH; i++)
        CloseHandle(events[i]);
}

static bool control(uint32_t length)
{
    const WINUSB_SETUP_PACKET setup = {
        .RequestType = 0x80,
        .Request = USB_REQUEST_GET_DESCRIPTOR,
        .Value = USB_CONFIGURATION_DESCRIPTOR_TYPE << 8,
        .Length = (USHORT)length,
    };
    ULONG got;

    return WinUsb_ControlTransfer(session.iface, setup, bench_memory, length, &got, NULL) ||
           complain("control");
}

/* Starts a transfer; one without OVERLAPPED is over when this returns. */
static bool start(uint8_t endpoint, uint8_t *memory, uint32_t length, OVERLAPPED *overlapped)
{
    ULONG bytes;
    ULONG *const bytes_out = overlapped ? NULL : &bytes;
    const BOOL done =
        USB_ENDPOINT_DIRECTION_IN(endpoint)
            ? WinUsb_ReadPipe(session.iface, endpoint, memory, length, bytes_out, overlapped)
            : WinUsb_WritePipe(session.iface, endpoint, memory, length, bytes_out, overlapped);

    if (overlapped)
        return GetLastError() == ERROR_IO_PENDING || complain("overlapped");
    return (done && bytes == length) || complain("synchronous");
}

static bool single(uint8_t endpoint, uint32_t length)
{
    return start(endpoint, bench_memory, length, NULL);
}

static bool finish(OVERLAPPED *overlapped, uint32_t length)
{
    DWORD bytes;

    return (WinUsb_GetOverlappedResult(session.iface, overlapped, &bytes, TRUE) &&
            bytes == length) ||
           complain("result");
}

static bool stream(uint8_t endpoint, uint32_t length, unsigned count)
{
    static OVERLAPPED overlapped[BENCH_DEPTH];
    bool ok = true;

    for (unsigned i = 0; ok && i < count + BENCH_DEPTH; i++) {
        const unsigned slot = i % BENCH_DEPTH;

        if (i >= BENCH_DEPTH && i - BENCH_DEPTH < count)
            ok = finish(&overlapped[slot], length);
        overlapped[slot] = (OVERLAPPED){ .hEvent = events[slot] };
        if (ok && i < count)
            ok = start(endpoint, bench_memory + (size_t)slot * BENCH_PIECE, length,
                       &overlapped[slot]);
    }
    return ok;
}

/* --- Isochronous ----------------------------------------------------------------------------- */

static bool prepare_isoch(uint8_t endpoint)
{
    return isoch_buffer ||
           (WinUsb_GetAssociatedInterface(session.iface, BENCH_ISOCH_INTERFACE - 1, &isoch_iface) &&
            WinUsb_SetCurrentAlternateSetting(isoch_iface, BENCH_ISOCH_SETTING) &&
            WinUsb_RegisterIsochBuffer(isoch_iface, endpoint, bench_memory,
                                       BENCH_ISOCH_DEPTH * BENCH_ISOCH_PIECE, &isoch_buffer)) ||
           complain("setting");
}

static bool start_isoch(unsigned slot, OVERLAPPED *overlapped)
{
    static USBD_ISO_PACKET_DESCRIPTOR packets[BENCH_ISOCH_DEPTH][BENCH_ISOCH_PACKETS];

    *overlapped = (OVERLAPPED){ .hEvent = events[slot] };
    return (!WinUsb_ReadIsochPipeAsap(isoch_buffer, slot * BENCH_ISOCH_PIECE, BENCH_ISOCH_PIECE,
                                      FALSE, BENCH_ISOCH_PACKETS, packets[slot], overlapped) &&
            GetLastError() == ERROR_IO_PENDING) ||
           complain("isochronous");
}

static bool isoch(uint8_t endpoint, unsigned count)
{
    static OVERLAPPED overlapped[BENCH_ISOCH_DEPTH];
    bool ok = prepare_isoch(endpoint);

    for (unsigned i = 0; ok && i < count + BENCH_ISOCH_DEPTH; i++) {
        const unsigned slot = i % BENCH_ISOCH_DEPTH;

        if (i >= BENCH_ISOCH_DEPTH && i - BENCH_ISOCH_DEPTH < count)
            ok = finish(&overlapped[slot], 0);
        if (ok && i < count)
            ok = start_isoch(slot, &overlapped[slot]);
    }
    return ok;
}

const struct bench_side bench_winusb = {
    .name = "winusb",
    .open = open_device,
    .close = close_device,
    .control = control,
    .single = single,
    .stream = stream,
    .isoch = isoch,
};
