#include "usbfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PATIENCE = 60000 /* [ms] */ };

int labdev_usbfs_open(const char *node)
{
    const int file = open(node, O_RDWR | O_CLOEXEC);

    if (file >= 0)
        return file;
    perror(node);
    return LABDEV_FAILED;
}

void labdev_usbfs_close(int file)
{
    close(file);
}

int labdev_usbfs_control(int file, const struct labdev_setup *setup, void *data)
{
    struct usbdevfs_ctrltransfer transfer = {
        .bRequestType = setup->type,
        .bRequest = setup->request,
        .wValue = setup->value,
        .wIndex = setup->index,
        .wLength = setup->size,
        .timeout = PATIENCE,
        .data = data,
    };
    const int moved = ioctl(file, USBDEVFS_CONTROL, &transfer);
    const int error = errno;

    if (moved >= 0)
        return moved;
    fprintf(stderr, "lab device: request %#x failed: %s\n", (unsigned)setup->request,
            strerror(error));
    return error == ENODEV ? LABDEV_LEFT : LABDEV_FAILED;
}

size_t labdev_usbfs_descriptors(int file, void *data, size_t size)
{
    const ssize_t got = pread(file, data, size, 0);

    return got > 0 ? (size_t)got : 0;
}
