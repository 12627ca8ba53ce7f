/*
 * What script.c needs of Linux: the device node, by which usbfs makes control transfers.
 */
#ifndef LABDEV_USBFS_H
#define LABDEV_USBFS_H

#include <stddef.h>
#include <stdint.h>

enum {
    LABDEV_FAILED = -1, /* stderr says why */
    LABDEV_LEFT = -2,   /* likewise, and the device has been unplugged */
};

/* A control transfer to the device as a whole. */
struct labdev_setup {
    uint8_t type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t size; /* [bytes] of the data */
};

/** Opens a device node. @return a file descriptor, or LABDEV_FAILED */
int labdev_usbfs_open(const char *node);

void labdev_usbfs_close(int file);

/** Makes a control transfer. @return [bytes] moved; LABDEV_FAILED or LABDEV_LEFT */
int labdev_usbfs_control(int file, const struct labdev_setup *setup, void *data);

/** Reads the descriptors that the kernel keeps. @return [bytes] how many, up to @p size */
size_t labdev_usbfs_descriptors(int file, void *data, size_t size);

#endif
