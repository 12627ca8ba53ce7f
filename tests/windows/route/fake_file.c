/* Stands in for windows/file.c: all HANDLEs are of the fake libusb's device, if they are of one.
 * The environment says what drives it: ROUTE_DRIVER=winusb|other, and whether it is known:
 * ROUTE_KNOWN. */
#include "windows/file.h"

#include <string.h>

#include "devices/file.h"

enum wu_file_driver wu_file_driver(HANDLE file)
{
    char driver[16] = "";

    UNREFERENCED_PARAMETER(file);
    GetEnvironmentVariableA("ROUTE_DRIVER", driver, sizeof(driver));
    SetLastError(ERROR_GEN_FAILURE); /* as whoever asks the system for much */
    if (strcmp(driver, "winusb") == 0)
        return WU_FILE_DRIVER_WINUSB;
    return strcmp(driver, "other") == 0 ? WU_FILE_DRIVER_OTHER : WU_FILE_DRIVER_UNKNOWN;
}

DWORD wu_file_resolve(HANDLE file, struct wu_file_target *target_out)
{
    UNREFERENCED_PARAMETER(file);
    if (GetEnvironmentVariableA("ROUTE_KNOWN", NULL, 0) == 0)
        return ERROR_INVALID_HANDLE;

    *target_out =
        (struct wu_file_target){ .bus = 1, .address = 2, .interface_count = 1, .overlapped = true };
    return ERROR_SUCCESS;
}
