/*
 * An opened device, by the public API: its file, its first interface and the one that is wanted.
 */
#ifndef WU_CLI_OPEN_H
#define WU_CLI_OPEN_H

#include <stdbool.h>
#include <windows.h>
#include <winusb.h>

#include "cli/inventory.h"

struct wu_opened {
    struct wu_inventory_item item;
    HANDLE file;
    WINUSB_INTERFACE_HANDLE first;
    WINUSB_INTERFACE_HANDLE iface; /* the wanted one; may be the first */
};

enum { WU_ANY_PIPE = -1 };

/* Which interface is wanted. */
struct wu_wanted {
    int number; /* bInterfaceNumber, or WU_ANY_INTERFACE */
    int pipe;   /* bEndpointAddress in any of its settings, or WU_ANY_PIPE */
};

/**
 * Opens a function's file and first interface.
 *
 * @param path       as CreateFile() takes it
 * @param file_out   set on success, the caller's
 * @param iface_out  likewise
 * @return ERROR_SUCCESS, or an error of CreateFile() or WinUsb_Initialize()
 */
DWORD wu_open_path(const char *path, HANDLE *file_out, WINUSB_INTERFACE_HANDLE *iface_out);

/**
 * Opens what a DEVICE argument means, or says why not and what to do.
 *
 * @param text        as wu_select_form() takes it
 * @param number      bInterfaceNumber that its function has to have, or WU_ANY_INTERFACE
 * @param opened_out  set on success, iface being the first; to be given to wu_opened_close()
 */
bool wu_open_device(const char *text, int number, struct wu_opened *opened_out);

/**
 * Makes another interface of the function the wanted one.
 *
 * @return ERROR_SUCCESS; ERROR_NO_MORE_ITEMS when there is none such; or an error of
 *         WinUsb_GetAssociatedInterface(). The first one is the wanted one after failure
 */
DWORD wu_opened_select(struct wu_opened *opened, const struct wu_wanted *wanted);

/**
 * Finds a pipe in one of an interface's settings.
 *
 * @param place     of the setting, as WinUsb_QueryPipe() takes it
 * @param pipe_out  set on success
 */
bool wu_setting_find_pipe(WINUSB_INTERFACE_HANDLE iface,
                          UCHAR place,
                          int pipe,
                          WINUSB_PIPE_INFORMATION *pipe_out);

void wu_opened_close(struct wu_opened *opened);

#endif
