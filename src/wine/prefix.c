#include "wine/prefix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "wine/token.h"

enum { STEP = 20 /* [ms] between looks at the lock */, FILE_MAX_SIZE = 1 << 20 };

bool wu_prefix_path(const char *prefix, char *path, size_t size, const char *format, ...)
{
    const int length = snprintf(path, size, "%s/", prefix);
    va_list arguments;
    int rest = -1;

    if (length > 0 && (size_t)length < size) {
        va_start(arguments, format);
        rest = vsnprintf(path + length, size - (size_t)length, format, arguments);
        va_end(arguments);
    }
    if (rest >= 0 && (size_t)rest < size - (size_t)length)
        return true;

    errno = ENAMETOOLONG;
    return false;
}

static bool make_folder(const char *prefix, const char *name)
{
    char path[PATH_MAX];

    return wu_prefix_path(prefix, path, sizeof(path), "%s", name) &&
           (mkdir(path, 0777) == 0 || errno == EEXIST);
}

bool wu_prefix_make_folder(const char *prefix)
{
    return make_folder(prefix, WU_PREFIX_FOLDER) && make_folder(prefix, WU_TOKEN_FOLDER);
}

/* --- Files ---------------------------------------------------------------------------------- */

static char *read_all(FILE *file)
{
    char *text = NULL;
    long size = -1;

    if (fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0 || size > FILE_MAX_SIZE) {
        errno = size < 0 ? errno : EFBIG;
        return NULL;
    }

    text = calloc(1, (size_t)size + 1);
    rewind(file);
    if (text && fread(text, 1, (size_t)size, file) != (size_t)size) {
        free(text);
        return NULL;
    }
    return text;
}

char *wu_prefix_read(const char *prefix, const char *name)
{
    char path[PATH_MAX];
    char *text;
    FILE *file;

    if (!wu_prefix_path(prefix, path, sizeof(path), "%s", name))
        return NULL;

    file = fopen(path, "re");
    if (!file)
        return errno == ENOENT ? calloc(1, 1) : NULL;

    text = read_all(file);
    fclose(file);
    return text;
}

static bool write_all(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    bool written;

    if (!file)
        return false;

    written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

bool wu_prefix_write(const char *prefix, const char *name, const char *text)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    int error;

    if (strlen(text) > FILE_MAX_SIZE) { /* which wu_prefix_read() would refuse */
        errno = EFBIG;
        return false;
    }
    if (!wu_prefix_path(prefix, path, sizeof(path), "%s", name) ||
        !wu_prefix_path(prefix, fresh, sizeof(fresh), "%s.new", name))
        return false;
    if (write_all(fresh, text) && rename(fresh, path) == 0)
        return true;

    error = errno;
    unlink(fresh);
    errno = error;
    return false;
}

/* --- Lock ----------------------------------------------------------------------------------- */

static bool lock_within(int file, int patience)
{
    const struct timespec step = { .tv_nsec = STEP * 1000000L };

    for (;;) {
        if (flock(file, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        if (patience <= 0)
            return false;
        nanosleep(&step, NULL);
        patience -= STEP;
    }
}

int wu_prefix_lock(const char *prefix, int patience)
{
    char path[PATH_MAX];
    int file, error;

    if (!wu_prefix_path(prefix, path, sizeof(path), WU_PREFIX_LOCK))
        return -1;

    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0 || lock_within(file, patience))
        return file;

    error = errno;
    close(file);
    errno = error;
    return -1;
}

void wu_prefix_unlock(int lock)
{
    close(lock);
}
