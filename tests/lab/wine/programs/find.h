/*
 * The lab's device, as a Windows program finds one and opens its file. Nothing here needs
 * winusb.dll.
 */
#ifndef LAB_FIND_H
#define LAB_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

enum { PATH_LENGTH = 260 };

extern const GUID guid_standard, guid_a, guid_b;

/** Gives the path of the first device with an interface GUID. Says nothing when there is none. */
bool device_find(const GUID *guid, char path[PATH_LENGTH]);

/** Opens a path, as WinUSB wants it. @return INVALID_HANDLE_VALUE as CreateFile; expects nothing */
HANDLE device_open_path(const char *path);

/** Finds a device and opens its file. @return INVALID_HANDLE_VALUE: the expectation failed */
HANDLE device_open_file(const GUID *guid);

/** Tells whether data is the pattern, from a position on. */
bool is_pattern(const UCHAR *data, size_t size, size_t position);

#endif
