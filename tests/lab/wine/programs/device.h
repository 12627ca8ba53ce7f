/*
 * The lab's device, as a Windows program opens and uses one.
 *
 * What fails here is an expectation that failed.
 */
#ifndef LAB_WINDOWS_DEVICE_H
#define LAB_WINDOWS_DEVICE_H

#include <stdbool.h>
#include <windows.h>
#include <winusb.h>

#include "find.h"
#include "lab/device/protocol.h"

enum {
    SOURCE = 0x81,    /* gives the pattern */
    LOOP_OUT = 0x02,  /* gives... */
    LOOP_IN = 0x82,   /* ...back */
    PATIENCE = 60000, /* [ms] for what does come, however busy the machine */
    MOMENT = 100,     /* [ms] to see that nothing comes */
};

struct device {
    HANDLE file;
    WINUSB_INTERFACE_HANDLE usb;
};

/** Finds and opens the standard device, file and interface, and programs its defaults. */
bool device_open(struct device *device_out);

/** The second half of device_open(), for a file that something has been done with before. */
bool device_initialize(struct device *device, HANDLE file);

/** Opens a path, writes something into the loopback and reads it back. */
void device_use_path(const WCHAR *path);

/** Frees the interface, then closes the file. */
void device_close(struct device *device);

/** Programs an endpoint; protocol.h says what there is. */
bool device_program(const struct device *device,
                    UCHAR endpoint,
                    const struct labdev_behaviour *behaviour);

/** Has an endpoint do the same to each transfer, LABDEV_NAK for instance. */
bool device_behave(const struct device *device, UCHAR endpoint, enum labdev_kind kind);

/** Has the first transfer of the source do something special. */
bool device_first_read(const struct device *device, enum labdev_action action, ULONG value);

/** Sends a vendor request to the device. */
bool device_request(const struct device *device,
                    UCHAR request,
                    USHORT index,
                    void *data,
                    size_t size);

/** Writes something into the loopback and reads it back. */
bool device_loops(const struct device *device);

/* A read, with all that it needs. */
struct read_request {
    OVERLAPPED overlapped;
    UCHAR data[512];
};

/** Begins a read without an event; the one that @p request->overlapped has, if any, is kept.
 *  Expects it to be pending. */
bool read_begin(const struct device *device, UCHAR pipe, struct read_request *request);

/** Begins one with an event of its own, of manual reset. */
bool read_begin_event(const struct device *device, UCHAR pipe, struct read_request *request);

/** Waits for the event, closes it, and expects the read to have ended so.
 *  @param error  ERROR_SUCCESS, or what WinUsb_GetOverlappedResult fails with */
bool read_ends(const struct device *device, struct read_request *request, DWORD error, ULONG bytes);

#endif
