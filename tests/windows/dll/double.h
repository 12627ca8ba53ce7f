/*
 * What the program and the doubles of cfgmgr32.dll, setupapi.dll and libusb-1.0.dll agree on: two
 * equal devices, one on port 4 of a hub on port 2, the other on port 1.
 *
 * The kernel's names of them are those of two pipes, since only what Wine can open has a HANDLE.
 * What is out of the ordinary the program puts into the environment, which all of msvcrt.dll's
 * users share.
 */
#ifndef WU_TESTS_WINDOWS_DLL_DOUBLE_H
#define WU_TESTS_WINDOWS_DLL_DOUBLE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DOUBLE_PIPE "\\\\.\\pipe\\openwinusb-test-a"
#define DOUBLE_OTHER_PIPE "\\\\.\\pipe\\openwinusb-test-b"
#define DOUBLE_OBJECT "\\Device\\NamedPipe\\openwinusb-test-a"
#define DOUBLE_OTHER_OBJECT "\\Device\\NamedPipe\\openwinusb-test-b"

#define DOUBLE_INSTANCE "USB\\VID_1209&PID_0001\\A"
#define DOUBLE_OTHER_INSTANCE "USB\\VID_1209&PID_0001\\B"

enum {
    DOUBLE_VID = 0x1209,
    DOUBLE_PID = 0x0001,
    DOUBLE_ADDRESS = 7, /* which the device tells by a control transfer; with UsbDk 5 */
    DOUBLE_OTHER_ADDRESS = 8,
    DOUBLE_USBDK_ADDRESS = 5,
    DOUBLE_REQUEST = 0x42, /* a vendor's, IN, of one byte: the address */
    DOUBLE_OUT = 0x01,     /* what is written here... */
    DOUBLE_IN = 0x81,      /* ...is read here */
    DOUBLE_PACKET = 512,   /* [bytes] */
    DOUBLE_CONTROLLER = 1, /* its node */
};

/* Name of a driver; unset: libusbK. */
#define DOUBLE_DRIVER "DOUBLE_DRIVER"

/* What has happened: unseen (libusb lists nothing), gone (and it cannot be opened any more), twice
 * (on two buses, the second of which is the one), alike (the same, and nobody knows which), usbdk
 * (which is installed). */
#define DOUBLE_STATE "DOUBLE_STATE"

static inline bool double_is(const char *state)
{
    const char *now = getenv(DOUBLE_STATE);

    return now && strcmp(now, state) == 0;
}

#endif
