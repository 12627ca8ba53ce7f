/*
 * A program for tests in which calls fail, and those of its steps that are the same whatever it is
 * that fails. Each step checks what it gets, and tells whether it succeeded.
 */
#ifndef WU_TESTS_FAILING_PROGRAM_H
#define WU_TESTS_FAILING_PROGRAM_H

#include <setupapi.h>
#include <stdbool.h>
#include <windows.h>

#include "winusb.h"

struct program {
    HDEVINFO set;
    HANDLE file, handle, associated, event, tracking;
    HANDLE isoch_in, isoch_out; /* buffers */
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char room[sizeof(DWORD) + 260];
    } path;
};

/* --- Overlapped ------------------------------------------------------------------------------ */

/** Makes an OVERLAPPED with the program's event, whose Internal is 77 until a call takes it. */
OVERLAPPED program_overlapped(const struct program *program);

/** Takes the result of a request that was just made, which brings @p size bytes. Aborting the pipe
 *  waits until it has its memory back: how much the next request needs would be a matter of time
 *  otherwise. */
bool program_finish(const struct program *program, UCHAR pipe, OVERLAPPED *overlapped, DWORD size);

bool program_write_overlapped(struct program *program);
bool program_reset_async(struct program *program);

/* --- Isochronous, on pipes 0x83 and 0x04 of packets of 64 bytes, eight in a frame ------------ */

bool program_register_buffers(struct program *program);
bool program_read_isoch(struct program *program);
bool program_write_isoch(struct program *program);

/* Twice as many packets, for which what the request before had does not do. */
bool program_read_isoch_overlapped(struct program *program);
bool program_write_isoch_overlapped(struct program *program);

/* --- The end --------------------------------------------------------------------------------- */

/** Closes all that is open of the device, and the file. */
void program_close_device(const struct program *program);

#endif
