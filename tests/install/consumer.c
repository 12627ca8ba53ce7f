/* A program as its users write them: it knows an installed library, and nothing of this tree. */
#include <windows.h>
#include <setupapi.h>
#include <winusb.h>

int main(void)
{
    WINUSB_INTERFACE_HANDLE handle;

    if (WinUsb_Initialize(INVALID_HANDLE_VALUE, &handle))
        return 1;
    return GetLastError() == ERROR_INVALID_HANDLE ? 0 : 2;
}
