#include "wine/descriptor.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "wine/token.h"

enum { USB_MAJOR = 189, MINORS_PER_BUS = 128 };

static bool node_path(int fd, char *path, size_t size)
{
    struct stat status;
    int length;

    if (fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode) || major(status.st_rdev) != USB_MAJOR)
        return false;

    length =
        snprintf(path, size, "/dev/bus/usb/%03u/%03u", minor(status.st_rdev) / MINORS_PER_BUS + 1,
                 minor(status.st_rdev) % MINORS_PER_BUS + 1);
    return length > 0 && (size_t)length < size;
}

static bool token_path(int fd, char *path, size_t size)
{
    char link[32], file[PATH_MAX];
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, file, sizeof(file) - 1);
    if (length < 0)
        return false;

    file[length] = '\0';
    return wu_token_path(file, path, size);
}

bool wu_descriptor_identify(int fd, char *path, size_t size)
{
    const bool ours = node_path(fd, path, size) || token_path(fd, path, size);

    close(fd);
    return ours;
}
