#include "cli/open.h"

#include <stdint.h>
#include <stdio.h>

#include "cli/advice.h"
#include "cli/find.h"
#include "devices/select.h"

DWORD wu_open_path(const char *path, HANDLE *file_out, WINUSB_INTERFACE_HANDLE *iface_out)
{
    const HANDLE file =
        CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
    WINUSB_INTERFACE_HANDLE iface;

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    if (!WinUsb_Initialize(file, &iface)) {
        const DWORD error = GetLastError();
        CloseHandle(file);
        return error;
    }
    *file_out = file;
    *iface_out = iface;
    return ERROR_SUCCESS;
}

bool wu_open_device(const char *text, int number, struct wu_opened *opened_out)
{
    struct wu_opened opened = { 0 };
    char path[WU_PATH_SIZE];

    if (!wu_find(text, number, NULL, &opened.item))
        return false;
    if (wu_select_form(text) == WU_SELECT_PATH)
        snprintf(path, sizeof(path), "%s", text);
    else
        wu_function_path(&opened.item.function, &wu_guid_usb_device, path);

    const DWORD error = wu_open_path(path, &opened.file, &opened.first);
    if (error != ERROR_SUCCESS) {
        wu_advise_on_open(&opened.item, error);
        return false;
    }
    opened.iface = opened.first;
    *opened_out = opened;
    return true;
}

static bool has_number(WINUSB_INTERFACE_HANDLE iface, int number)
{
    USB_INTERFACE_DESCRIPTOR descriptor;

    return number == WU_ANY_INTERFACE || (WinUsb_QueryInterfaceSettings(iface, 0, &descriptor) &&
                                          descriptor.bInterfaceNumber == number);
}

bool wu_setting_find_pipe(WINUSB_INTERFACE_HANDLE iface,
                          UCHAR place,
                          int pipe,
                          WINUSB_PIPE_INFORMATION *pipe_out)
{
    WINUSB_PIPE_INFORMATION info;

    for (unsigned i = 0; i <= UINT8_MAX && WinUsb_QueryPipe(iface, place, (UCHAR)i, &info); i++) {
        if (info.PipeId == pipe) {
            *pipe_out = info;
            return true;
        }
    }
    return false;
}

/* Settings are numbered by place: of more than 256 there are some that cannot be asked for. */
static bool has_pipe(WINUSB_INTERFACE_HANDLE iface, int pipe)
{
    USB_INTERFACE_DESCRIPTOR setting;
    WINUSB_PIPE_INFORMATION info;
    bool found = pipe == WU_ANY_PIPE;

    for (unsigned i = 0;
         !found && i <= UINT8_MAX && WinUsb_QueryInterfaceSettings(iface, (UCHAR)i, &setting); i++)
        found = wu_setting_find_pipe(iface, (UCHAR)i, pipe, &info);
    return found;
}

static void free_associated(struct wu_opened *opened)
{
    if (opened->iface != opened->first)
        WinUsb_Free(opened->iface);
    opened->iface = opened->first;
}

DWORD wu_opened_select(struct wu_opened *opened, const struct wu_wanted *wanted)
{
    free_associated(opened);
    for (UCHAR i = 0;
         !has_number(opened->iface, wanted->number) || !has_pipe(opened->iface, wanted->pipe);
         i++) {
        WINUSB_INTERFACE_HANDLE next;

        free_associated(opened);
        if (!WinUsb_GetAssociatedInterface(opened->first, i, &next))
            return GetLastError();
        opened->iface = next;
    }
    return ERROR_SUCCESS;
}

void wu_opened_close(struct wu_opened *opened)
{
    free_associated(opened);
    WinUsb_Free(opened->first);
    CloseHandle(opened->file);
}
