/*
 * NTSTATUS, which lives in OVERLAPPED.Internal only, and its Win32 errors.
 */
#ifndef WU_HOST_NTSTATUS_H
#define WU_HOST_NTSTATUS_H

#include <windows.h>

#ifndef ERROR_NO_SUCH_DEVICE /* MinGW 10 lacks it */
#define ERROR_NO_SUCH_DEVICE 433L
#endif

/* Names of our own: Windows' headers define some, but not all, of Microsoft's. */
enum wu_ntstatus {
    WU_STATUS_SUCCESS = 0,
    WU_STATUS_PENDING = 0x00000103,
    WU_STATUS_BUFFER_OVERFLOW = (int)0x80000005,
    WU_STATUS_DEVICE_BUSY = (int)0x80000011,
    WU_STATUS_UNSUCCESSFUL = (int)0xC0000001,
    WU_STATUS_NOT_IMPLEMENTED = (int)0xC0000002,
    WU_STATUS_INVALID_INFO_CLASS = (int)0xC0000003,
    WU_STATUS_INVALID_HANDLE = (int)0xC0000008,
    WU_STATUS_INVALID_PARAMETER = (int)0xC000000D,
    WU_STATUS_NO_SUCH_DEVICE = (int)0xC000000E,
    WU_STATUS_INVALID_DEVICE_REQUEST = (int)0xC0000010,
    WU_STATUS_NO_MEMORY = (int)0xC0000017,
    WU_STATUS_ACCESS_DENIED = (int)0xC0000022,
    WU_STATUS_BUFFER_TOO_SMALL = (int)0xC0000023,
    WU_STATUS_DELETE_PENDING = (int)0xC0000056,
    WU_STATUS_INSUFFICIENT_RESOURCES = (int)0xC000009A,
    WU_STATUS_DEVICE_DATA_ERROR = (int)0xC000009C,
    WU_STATUS_DEVICE_NOT_CONNECTED = (int)0xC000009D,
    WU_STATUS_DEVICE_NOT_READY = (int)0xC00000A3,
    WU_STATUS_IO_TIMEOUT = (int)0xC00000B5,
    WU_STATUS_NOT_SUPPORTED = (int)0xC00000BB,
    WU_STATUS_CANCELLED = (int)0xC0000120,
    WU_STATUS_DEVICE_PROTOCOL_ERROR = (int)0xC0000186,
    WU_STATUS_INVALID_DEVICE_STATE = (int)0xC0000184,
    WU_STATUS_IO_DEVICE_ERROR = (int)0xC0000185,
    WU_STATUS_NOT_FOUND = (int)0xC0000225,
};

/** Gives the Win32 error of a status; ERROR_SUCCESS for those that mean success, and
 *  ERROR_MR_MID_NOT_FOUND, as Windows does, for those it does not know. */
DWORD wu_error_of_status(LONG status);

/** Gives the status that stands for a Win32 error; WU_STATUS_UNSUCCESSFUL for unknown ones. */
LONG wu_status_of_error(DWORD error);

#endif
