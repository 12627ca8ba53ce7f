/*
 * What the kernel says of a HANDLE.
 */
#ifndef WU_WINDOWS_IDENTITY_H
#define WU_WINDOWS_IDENTITY_H

#include <stdbool.h>
#include <windows.h>

enum { WU_IDENTITY_NAME_SIZE = 512 };

struct wu_identity {
    char name[WU_IDENTITY_NAME_SIZE]; /* of the object, ASCII: \Device\USBPDO-3, and perhaps more
                                         after a further backslash */
    bool overlapped;                  /* opened with FILE_FLAG_OVERLAPPED */
};

/**
 * Asks what a HANDLE is.
 *
 * Waits for a second at most: files that were opened for synchronous use do not answer while they
 * are being read. Not for DllMain, where a thread cannot start.
 *
 * @param identity_out  set on success
 * @return ERROR_SUCCESS; ERROR_NOT_ENOUGH_MEMORY;
 *         ERROR_INVALID_HANDLE  not a file, or none with a name that could be a device's, or it
 * does not answer, which the log says
 */
DWORD wu_identity_get(HANDLE file, struct wu_identity *identity_out);

#endif
