/*
 * Which device is this HANDLE, and whose is it? devices/file.h has the other half.
 */
#ifndef WU_WINDOWS_FILE_H
#define WU_WINDOWS_FILE_H

#include <windows.h>

enum wu_file_driver {
    WU_FILE_DRIVER_UNKNOWN, /* not a USB device, or nobody can tell */
    WU_FILE_DRIVER_WINUSB,  /* winusb.sys: System32's winusb.dll is for it */
    WU_FILE_DRIVER_OTHER,   /* any other: UsbDk's, libusbK's, a vendor's */
};

/** Tells what drives the device that a file handle was opened for. */
enum wu_file_driver wu_file_driver(HANDLE file);

#endif
