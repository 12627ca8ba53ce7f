#define _XOPEN_SOURCE 700 /* nftw */

#include "wine/install.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wine/prefix.h"

#define INSTALLED "drive_c/windows/system32/winusb.dll"
#define FRESH WU_PREFIX_FOLDER "/winusb.dll.new"
#define ASIDE WU_PREFIX_FOLDER "/winusb.dll.aside"

enum { MAGIC_SIZE = 4, CHUNK = 65536 };

/* --- Which one is there ----------------------------------------------------------------------- */

/* All others are PE files. */
static bool is_elf(FILE *file)
{
    char magic[MAGIC_SIZE];

    return fread(magic, 1, MAGIC_SIZE, file) == MAGIC_SIZE &&
           memcmp(magic, "\177ELF", MAGIC_SIZE) == 0;
}

static bool same_bytes(FILE *a, FILE *b)
{
    char chunk_a[CHUNK], chunk_b[CHUNK];
    size_t size;

    rewind(a);
    rewind(b);
    do {
        size = fread(chunk_a, 1, CHUNK, a);
        if (fread(chunk_b, 1, CHUNK, b) != size || memcmp(chunk_a, chunk_b, size) != 0)
            return false;
    } while (size > 0);
    return true;
}

static bool is_copy(FILE *installed, const char *source)
{
    FILE *file = fopen(source, "re");
    const bool same = file && same_bytes(installed, file);

    if (file)
        fclose(file);
    return same;
}

enum wu_dll wu_dll_which(const char *prefix, const char *source)
{
    char path[PATH_MAX];
    enum wu_dll which = WU_DLL_OTHER;
    FILE *file = wu_prefix_path(prefix, path, sizeof(path), INSTALLED) ? fopen(path, "re") : NULL;

    if (!file)
        return WU_DLL_NONE;

    if (is_elf(file))
        which = !source || is_copy(file, source) ? WU_DLL_CURRENT : WU_DLL_OLD;
    fclose(file);
    return which;
}

/* --- Installing ------------------------------------------------------------------------------- */

static bool copy_all(FILE *from, FILE *to)
{
    char chunk[CHUNK];
    size_t size;

    while ((size = fread(chunk, 1, CHUNK, from)) > 0)
        if (fwrite(chunk, 1, size, to) != size)
            return false;

    return !ferror(from) && fflush(to) == 0 && fsync(fileno(to)) == 0;
}

static bool copy(const char *source, const char *target)
{
    FILE *from = fopen(source, "re");
    FILE *to = from ? fopen(target, "we") : NULL;
    bool done = to && copy_all(from, to);
    const int error = errno;

    if (to && fclose(to) != 0)
        done = false;
    else
        errno = error;
    if (from)
        fclose(from);
    return done;
}

static bool move(const char *prefix, const char *from, const char *to)
{
    char path[PATH_MAX], new_path[PATH_MAX];

    return wu_prefix_path(prefix, path, sizeof(path), "%s", from) &&
           wu_prefix_path(prefix, new_path, sizeof(new_path), "%s", to) &&
           rename(path, new_path) == 0;
}

bool wu_dll_install(const char *prefix, const char *source)
{
    char fresh[PATH_MAX];

    if (!wu_prefix_make_folder(prefix) || !wu_prefix_path(prefix, fresh, sizeof(fresh), FRESH))
        return false;

    if (copy(source, fresh) &&
        (wu_dll_which(prefix, NULL) != WU_DLL_OTHER || move(prefix, INSTALLED, ASIDE)) &&
        move(prefix, FRESH, INSTALLED))
        return true;

    const int error = errno;
    if (wu_dll_which(prefix, NULL) == WU_DLL_NONE)
        move(prefix, ASIDE, INSTALLED);
    unlink(fresh);
    errno = error;
    return false;
}

bool wu_dll_uninstall(const char *prefix)
{
    char path[PATH_MAX];

    if (wu_dll_which(prefix, NULL) == WU_DLL_OTHER)
        return true;
    if (move(prefix, ASIDE, INSTALLED))
        return true;

    return errno == ENOENT && wu_prefix_path(prefix, path, sizeof(path), INSTALLED) &&
           (unlink(path) == 0 || errno == ENOENT);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;

    return remove(path);
}

bool wu_prefix_remove_folder(const char *prefix)
{
    char path[PATH_MAX];

    return wu_prefix_path(prefix, path, sizeof(path), WU_PREFIX_FOLDER) &&
           (nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT);
}
