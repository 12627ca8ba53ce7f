/*
 * A program as its users write them: it knows an installed library, and nothing of this tree. The
 * library's answer to what is no device proves that it works: exit status 0.
 */
#include <stdio.h>
#include <windows.h>
#include <setupapi.h>
#include <winusb.h>

int main(void)
{
    WINUSB_INTERFACE_HANDLE handle;
    DWORD error;

    if (WinUsb_Initialize(INVALID_HANDLE_VALUE, &handle))
        return 1;

    error = GetLastError();
    printf("WinUsb_Initialize: error %lu\n", (unsigned long)error);
    return error == ERROR_INVALID_HANDLE ? 0 : 2;
}
