#include "wine/install.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "wine/beneath.h"
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

/* A link is not ours, and not read: we make none there. */
enum wu_dll wu_dll_which(const char *prefix, const char *source)
{
    FILE *file = wu_prefix_open(prefix, INSTALLED);
    enum wu_dll which = WU_DLL_OTHER;

    if (!file)
        return errno == ELOOP ? WU_DLL_OTHER : WU_DLL_NONE;

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

static bool copy(const char *source, const char *prefix, const char *target)
{
    FILE *from = fopen(source, "re");
    FILE *to = from ? wu_prefix_create(prefix, target) : NULL;
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

bool wu_dll_install(const char *prefix, const char *source)
{
    if (!wu_prefix_make_folder(prefix))
        return false;

    if (copy(source, prefix, FRESH) &&
        (wu_dll_which(prefix, NULL) != WU_DLL_OTHER ||
         wu_beneath_rename(prefix, INSTALLED, ASIDE)) &&
        wu_beneath_rename(prefix, FRESH, INSTALLED))
        return true;

    const int error = errno;
    if (wu_dll_which(prefix, NULL) == WU_DLL_NONE)
        wu_beneath_rename(prefix, ASIDE, INSTALLED);
    wu_beneath_remove(prefix, FRESH);
    errno = error;
    return false;
}

bool wu_dll_uninstall(const char *prefix)
{
    if (wu_dll_which(prefix, NULL) == WU_DLL_OTHER)
        return true;
    if (wu_beneath_rename(prefix, ASIDE, INSTALLED))
        return true;

    return errno == ENOENT && wu_beneath_remove(prefix, INSTALLED);
}

bool wu_prefix_remove_folder(const char *prefix)
{
    return wu_beneath_remove_folder(prefix, WU_PREFIX_FOLDER);
}
