/* Controllers as Linux knows them. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "frame/controller.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "host/posix/sysfs.h"

/* PCI class 0c (serial bus), subclass 03 (USB), and the programming interface in the last byte. */
static enum wu_controller_kind kind_from_class(unsigned long class_code)
{
    switch (class_code) {
    case 0x0c0300:
        return WU_CONTROLLER_UHCI;
    case 0x0c0310:
        return WU_CONTROLLER_OHCI;
    case 0x0c0320:
        return WU_CONTROLLER_EHCI;
    case 0x0c0330:
        return WU_CONTROLLER_XHCI;
    default:
        return WU_CONTROLLER_OTHER;
    }
}

/* Controllers that are no PCI functions have no class code. */
static enum wu_controller_kind kind_of_folder(const char *folder)
{
    char text[32];

    if (!wu_sysfs_read_in(folder, "class", text, sizeof(text)))
        return WU_CONTROLLER_OTHER;

    return kind_from_class(strtoul(text, NULL, 16));
}

DWORD wu_controller_find(unsigned bus, struct wu_controller *controller_out)
{
    char link[PATH_MAX];
    char folder[PATH_MAX];

    /* The root hub is the controller's child: .../0000:00:04.0/usb1 */
    if (!wu_sysfs_path(link, sizeof(link), "bus/usb/devices/usb%u/..", bus) ||
        !realpath(link, folder))
        return ERROR_FILE_NOT_FOUND;

    const char *id = strrchr(folder, '/') + 1;
    if (strlen(folder) >= sizeof(controller_out->path) || strlen(id) >= sizeof(controller_out->id))
        return ERROR_FILE_NOT_FOUND;

    *controller_out = (struct wu_controller){ .kind = kind_of_folder(folder) };
    strcpy(controller_out->path, folder);
    strcpy(controller_out->id, id);
    return ERROR_SUCCESS;
}
