/*
 * A libusb with one device, which it opens as the real one does on Windows: by System32's
 * winusb.dll.
 */
#ifndef WU_TESTS_WINDOWS_ROUTE_FAKE_LIBUSB_H
#define WU_TESTS_WINDOWS_ROUTE_FAKE_LIBUSB_H

#include <stdbool.h>
#include <windows.h>

struct fake_libusb {
    bool by_name;  /* it takes any winusb.dll, as old ones do */
    int claims;    /* how many interfaces were claimed, or tried to be */
    int refused;   /* how many of these WinUsb_Initialize() refused */
    DWORD error;   /* the last error then */
    HANDLE handle; /* what it gave last */
};

typedef struct fake_libusb *WINAPI fake_libusb_function(void);

#endif
