#define _GNU_SOURCE /* ST_NOEXEC */

#include "wine/prefix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "wine/beneath.h"
#include "wine/token.h"

enum { STEP = 20 /* [ms] between looks at the lock */, FILE_MAX_SIZE = 1 << 20 };

const char *wu_prefix_error(void)
{
    return strerror(errno);
}

bool wu_prefix_make_folder(const char *prefix)
{
    return wu_beneath_make_folder(prefix, WU_PREFIX_FOLDER) &&
           wu_beneath_make_folder(prefix, WU_TOKEN_FOLDER);
}

bool wu_prefix_is_writable(const char *prefix)
{
    static const char *const names[] = { "", "dosdevices" };
    bool writable = true;

    for (int i = 0; i < 2 && writable; i++) {
        const int folder = wu_beneath_open_folder(prefix, names[i]);

        writable = folder >= 0 && faccessat(folder, ".", W_OK, 0) == 0;
        if (folder >= 0)
            close(folder);
    }
    return writable;
}

bool wu_prefix_is_executable(const char *prefix)
{
    struct statvfs status;

    return statvfs(prefix, &status) != 0 || (status.f_flag & ST_NOEXEC) == 0;
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

FILE *wu_prefix_open(const char *prefix, const char *name)
{
    const int file = wu_beneath_open_file(prefix, name, O_RDONLY);
    FILE *stream = file >= 0 ? fdopen(file, "r") : NULL;

    if (file >= 0 && !stream)
        close(file);
    return stream;
}

char *wu_prefix_read(const char *prefix, const char *name)
{
    FILE *file = wu_prefix_open(prefix, name);
    char *text;

    if (!file)
        return errno == ENOENT ? calloc(1, 1) : NULL;

    text = read_all(file);
    fclose(file);
    return text;
}

FILE *wu_prefix_create(const char *prefix, const char *name)
{
    const int file = wu_beneath_create(prefix, name);
    FILE *stream = file >= 0 ? fdopen(file, "w") : NULL;

    if (file >= 0 && !stream)
        close(file);
    return stream;
}

static bool write_all(const char *prefix, const char *name, const char *text)
{
    FILE *file = wu_prefix_create(prefix, name);
    bool written;

    if (!file)
        return false;

    written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

bool wu_prefix_write(const char *prefix, const char *name, const char *text)
{
    char fresh[NAME_MAX];
    int error;

    if (strlen(text) > FILE_MAX_SIZE) { /* which wu_prefix_read() would refuse */
        errno = EFBIG;
        return false;
    }
    if (snprintf(fresh, sizeof(fresh), "%s.new", name) >= (int)sizeof(fresh)) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (write_all(prefix, fresh, text) && wu_beneath_rename(prefix, fresh, name))
        return true;

    error = errno;
    wu_beneath_remove(prefix, fresh);
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

/* Who had it may have removed our folder, and with it the name by which others find the file. */
static bool is_found_by_others(const char *prefix, int file)
{
    const int found = wu_beneath_open_file(prefix, WU_PREFIX_LOCK, O_RDONLY);
    struct stat ours, theirs;
    bool same;

    if (found < 0)
        return false;

    same = fstat(file, &ours) == 0 && fstat(found, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
           ours.st_ino == theirs.st_ino;
    close(found);
    return same;
}

/* @return -1 with errno; ESTALE: to be tried again */
static int lock_file(const char *prefix, int patience)
{
    const int file = wu_beneath_open_file(prefix, WU_PREFIX_LOCK, O_RDWR | O_CREAT);
    int error;

    if (file < 0)
        return -1;

    if (!lock_within(file, patience))
        error = errno;
    else if (is_found_by_others(prefix, file))
        return file;
    else
        error = ESTALE;
    close(file);
    errno = error;
    return -1;
}

int wu_prefix_lock(const char *prefix, int patience)
{
    int lock;

    do {
        lock = lock_file(prefix, patience);
    } while (lock < 0 && errno == ESTALE);
    return lock;
}

int wu_prefix_enter(const char *prefix, int patience)
{
    int lock;

    do {
        if (!wu_prefix_make_folder(prefix))
            return -1;
        lock = wu_prefix_lock(prefix, patience);
    } while (lock < 0 && errno == ENOENT);
    return lock;
}

void wu_prefix_unlock(int lock)
{
    close(lock);
}
