/*
 * The files that stand for USB functions in a Wine prefix.
 *
 * `PREFIX/winusb/devices/usb#vid_1234&pid_5678[&mi_nn]#instance` is a small file. Interface paths
 * lead to it: `PREFIX/dosdevices/usb#vid_1234&pid_5678[&mi_nn]#instance#{guid}` is a link to it,
 * which is what CreateFile looks for when it gets `\\?\usb#...`. Its name tells which
 * function it stands for; what it holds, "001/002", at which address that was when it was
 * published.
 */
#ifndef WU_WINE_TOKEN_H
#define WU_WINE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#define WU_TOKEN_FOLDER "winusb/devices"

/**
 * Tells which interface path a token stands for, under GUID_DEVINTERFACE_USB_DEVICE.
 *
 * @param file       the token's own path; it may have been deleted
 * @param path       [size] filled in on success
 * @return false when it is no token, or the path does not fit
 */
bool wu_token_path(const char *file, char *path, size_t size);

#endif
