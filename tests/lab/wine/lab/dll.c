/*
 * What lab.dll asks of Linux.
 */
#include <stdarg.h>
#include <stdio.h>

#include "calls.h"
#include "host/host.h"
#include "unix/gate.h"

/* --- lab/machine.h ---------------------------------------------------------------------------- */

bool lab_find(const char *product, struct lab_device *device_out)
{
    return wu_unix(LAB_FIND, false, WU_UNIX_POINTER(product), WU_UNIX_POINTER(device_out)) != 0;
}

bool lab_present(const char *product)
{
    return wu_unix(LAB_PRESENT, false, WU_UNIX_POINTER(product)) != 0;
}

bool lab_publish(void)
{
    return wu_unix(LAB_PUBLISH, false) != 0;
}

int64_t lab_now(void)
{
    return (int64_t)wu_unix(LAB_NOW, 0);
}

void lab_sleep(int64_t duration)
{
    wu_unix(LAB_SLEEP, 0, (uint64_t)duration);
}

bool lab_monitor(const char *command)
{
    return wu_unix(LAB_MONITOR, false, WU_UNIX_POINTER(command)) != 0;
}

/* --- lab/device/usbfs.h ----------------------------------------------------------------------- */

int labdev_usbfs_open(const char *node)
{
    return (int)wu_unix(LAB_USBFS_OPEN, (uint64_t)LABDEV_FAILED, WU_UNIX_POINTER(node));
}

void labdev_usbfs_close(int file)
{
    wu_unix(LAB_USBFS_CLOSE, 0, (uint64_t)file);
}

int labdev_usbfs_control(int file, const struct labdev_setup *setup, void *data)
{
    return (int)wu_unix(LAB_USBFS_CONTROL, (uint64_t)LABDEV_FAILED, (uint64_t)file,
                        WU_UNIX_POINTER(setup), WU_UNIX_POINTER(data));
}

size_t labdev_usbfs_descriptors(int file, void *data, size_t size)
{
    return (size_t)wu_unix(LAB_USBFS_DESCRIPTORS, 0, (uint64_t)file, WU_UNIX_POINTER(data), size);
}

/* --- Why there is no way to Linux ------------------------------------------------------------- */

void wu_log(enum wu_log_level level, const char *format, ...)
{
    va_list arguments;

    if (level != WU_LOG_ERROR)
        return;

    va_start(arguments, format);
    fputs("lab: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}
