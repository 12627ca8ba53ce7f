#include "host/posix/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *sysfs_root = "/sys";

void wu_sysfs_set_root(const char *root)
{
    sysfs_root = root;
}

bool wu_sysfs_path(char *path, size_t size, const char *format, ...)
{
    const int length = snprintf(path, size, "%s/", sysfs_root);
    if (length < 0 || (size_t)length >= size)
        return false;

    va_list arguments;
    va_start(arguments, format);
    const int rest = vsnprintf(path + length, size - (size_t)length, format, arguments);
    va_end(arguments);
    return rest >= 0 && (size_t)rest < size - (size_t)length;
}

bool wu_sysfs_read(const char *path, char *text, size_t size)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;

    const ssize_t length = pread(file, text, size - 1, 0);
    const int error = errno;
    close(file);
    errno = error;
    if (length < 0)
        return false;

    text[length] = '\0';
    return true;
}

bool wu_sysfs_read_in(const char *folder, const char *name, char *text, size_t size)
{
    char path[PATH_MAX];

    return snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path) &&
           wu_sysfs_read(path, text, size);
}
