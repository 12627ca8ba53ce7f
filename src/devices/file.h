/*
 * Which device is this HANDLE? The one thing that differs between the builds: native/file.c knows
 * because it made the HANDLE itself; wine/file.c asks Wine.
 */
#ifndef WU_DEVICES_FILE_H
#define WU_DEVICES_FILE_H

#include <stdbool.h>
#include <windows.h>

struct wu_file_target {
    unsigned bus;
    unsigned address;
    unsigned char first_interface;  /* of the function: the one that is opened first */
    unsigned char lowest_interface; /* of the function: its numbers begin here... */
    unsigned short interface_count; /* ...and are so many; some may be missing */
    bool overlapped;                /* opened with FILE_FLAG_OVERLAPPED */
};

/**
 * Finds the function that a path leads to, if it may be opened.
 *
 * @param path        as for wu_function_find()
 * @param target_out  set on success, but for how it was opened
 *
 * @return ERROR_SUCCESS; errors of wu_function_find(); what keeps it from being opened,
 *         ERROR_ACCESS_DENIED for instance; ERROR_NOT_SUPPORTED: that is a composite device, whose
 *         functions are opened one by one
 */
DWORD wu_file_find(const char *path, struct wu_file_target *target_out);

/**
 * Tells which function a file handle was opened for.
 *
 * @param target_out  set on success
 * @return ERROR_SUCCESS;
 *         ERROR_INVALID_HANDLE  not, or not any more, a file of ours;
 *         ERROR_DEVICE_NOT_CONNECTED, ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY, where the
 *         device is looked for only now; the last one also of a composite device, as on Windows
 *         for want of WinUSB
 */
DWORD wu_file_resolve(HANDLE file, struct wu_file_target *target_out);

#endif
