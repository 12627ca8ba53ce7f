#include "wine/install.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "wine/beneath.h"
#include "wine/prefix.h"
#include "wine/stamp.h"
#include "wine/token.h"

#define OURS WU_PREFIX_FOLDER "/"

enum { CHUNK = 65536, PATIENCE = 10000 /* [ms] */, VERSION_SIZE = 32 };

/* What a change has done at a place. */
enum { NOTHING, ADDED, REPLACED, TAKEN_OUT };

/* Files of a prefix. */
struct names {
    const char *place;
    const char *fresh;  /* a copy of ours, before it gets there */
    const char *before; /* what was there, until the change is finished */
    const char *aside;  /* what another had there; NULL: the place is ours alone */
};

static const struct names names[WU_PLACES] = {
    [WU_PLACE_SYSTEM32] = { "drive_c/windows/system32/winusb.dll", OURS "winusb.dll.new",
                            OURS "winusb.dll.before", OURS "winusb.dll.aside" },
    [WU_PLACE_SYSWOW64] = { "drive_c/windows/syswow64/winusb.dll", OURS "syswow64.dll.new",
                            OURS "syswow64.dll.before", OURS "syswow64.dll.aside" },
    [WU_PLACE_UNIX_64] = { OURS "winusb-64.so", OURS "winusb-64.so.new", OURS "winusb-64.so.before",
                           NULL },
    [WU_PLACE_UNIX_32] = { OURS "winusb-32.so", OURS "winusb-32.so.new", OURS "winusb-32.so.before",
                           NULL },
};

const char *wu_place_path(enum wu_place place)
{
    return names[place].place;
}

bool wu_place_exists(const char *prefix, enum wu_place place)
{
    char folder[64];
    int descriptor;

    if (!names[place].aside)
        return true;

    snprintf(folder, sizeof(folder), "%.*s",
             (int)(strrchr(names[place].place, '/') - names[place].place), names[place].place);
    descriptor = wu_beneath_open_folder(prefix, folder);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

/* --- Which one is there ----------------------------------------------------------------------- */

static bool begins_with(FILE *file, long offset, const char *bytes)
{
    char found[32];
    const size_t size = strlen(bytes);

    return fseek(file, offset, SEEK_SET) == 0 && fread(found, 1, size, file) == size &&
           memcmp(found, bytes, size) == 0;
}

static bool is_elf(FILE *file)
{
    return begins_with(file, 0, "\177ELF");
}

/* Wine marks its DLLs behind the header for DOS. */
static bool is_stub(FILE *file)
{
    enum { MARK = 0x40 };

    return begins_with(file, MARK, "Wine builtin DLL") ||
           begins_with(file, MARK, "Wine placeholder DLL");
}

/* The first character of the stamp does not come again in it. */
static bool find_stamp(FILE *file)
{
    static const char stamp[] = WU_STAMP;
    size_t matched = 0;
    int c;

    rewind(file);
    while (stamp[matched] != '\0' && (c = getc_unlocked(file)) != EOF)
        matched = c == stamp[matched] ? matched + 1 : c == stamp[0];
    return stamp[matched] == '\0';
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

static enum wu_there which(FILE *file, bool only_ours, const char *source)
{
    if (is_stub(file))
        return WU_THERE_STUB;
    if (!only_ours && !is_elf(file) && !find_stamp(file))
        return WU_THERE_OTHER;
    return !source || *source == '\0' || is_copy(file, source) ? WU_THERE_CURRENT : WU_THERE_OLD;
}

/* A link is not ours, and not read: we make none there. */
static enum wu_there
what_is(const char *prefix, const char *name, bool only_ours, const char *source)
{
    FILE *file = wu_prefix_open(prefix, name);
    enum wu_there there;

    if (!file)
        return errno == ELOOP ? WU_THERE_LINK
                              : (errno == ENOENT ? WU_THERE_NOTHING : WU_THERE_OTHER);

    there = which(file, only_ours, source);
    fclose(file);
    return there;
}

enum wu_there wu_there(const char *prefix, enum wu_place place, const char *source)
{
    return what_is(prefix, names[place].place, !names[place].aside, source);
}

bool wu_there_is_ours(enum wu_there there)
{
    return there == WU_THERE_CURRENT || there == WU_THERE_OLD;
}

bool wu_there_is_elf(const char *prefix, enum wu_place place)
{
    FILE *file = wu_prefix_open(prefix, names[place].place);
    const bool elf = file && is_elf(file);

    if (file)
        fclose(file);
    return elf;
}

void wu_there_version(const char *prefix, enum wu_place place, char version[32])
{
    FILE *file = wu_prefix_open(prefix, names[place].place);
    size_t length = 0;
    int c;

    if (file && find_stamp(file))
        while (length < VERSION_SIZE - 1 && (c = getc(file)) > ' ' && c < 0x7f)
            version[length++] = (char)c;
    version[length] = '\0';
    if (file)
        fclose(file);
}

/* --- Copying ---------------------------------------------------------------------------------- */

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

/* One that could not be told from others' later is not installed. */
static bool is_ours(const char *prefix, const struct names *name)
{
    const enum wu_there there = what_is(prefix, name->fresh, !name->aside, NULL);

    if (wu_there_is_ours(there))
        return true;
    errno = ENOEXEC;
    return false;
}

static bool make_copies(struct wu_install *install, const struct wu_plan *plan)
{
    for (int i = 0; i < WU_PLACES; i++) {
        const char *source = plan->source[i];

        install->failed = (enum wu_place)i;
        if (*source != '\0' && (!copy(source, install->prefix, names[i].fresh) ||
                                !is_ours(install->prefix, &names[i])))
            return false;
    }

    install->failed = WU_PLACES;
    return true;
}

static void remove_copies(const char *prefix)
{
    for (int i = 0; i < WU_PLACES; i++)
        wu_beneath_remove(prefix, names[i].fresh);
}

/* --- Changing --------------------------------------------------------------------------------- */

static bool put(struct wu_install *install, enum wu_place place, const char *source)
{
    const struct names *name = &names[place];
    const enum wu_there there = wu_there(install->prefix, place, source);

    if (there == WU_THERE_CURRENT)
        return true;

    if (there != WU_THERE_NOTHING) {
        if (!wu_beneath_rename(install->prefix, name->place, name->before))
            return false;
        install->done[place] = REPLACED;
    }
    if (!wu_beneath_rename(install->prefix, name->fresh, name->place))
        return false;
    if (there == WU_THERE_NOTHING)
        install->done[place] = ADDED;
    return true;
}

static bool take_out(struct wu_install *install, enum wu_place place)
{
    const struct names *name = &names[place];

    if (!wu_there_is_ours(wu_there(install->prefix, place, NULL)))
        return true;
    if (!wu_beneath_rename(install->prefix, name->place, name->before))
        return false;

    install->done[place] = TAKEN_OUT;
    return !name->aside || wu_beneath_rename(install->prefix, name->aside, name->place) ||
           errno == ENOENT;
}

static bool change(struct wu_install *install, const struct wu_plan *plan)
{
    for (int i = 0; i < WU_PLACES; i++) {
        const char *source = plan->source[i];

        install->failed = (enum wu_place)i;
        if (*source != '\0' ? !put(install, (enum wu_place)i, source)
                            : !take_out(install, (enum wu_place)i))
            return false;
    }

    install->failed = WU_PLACES;
    return true;
}

/* Finishes what a change has left of what was there before, also one that was cut short. */
static void settle(const char *prefix, enum wu_place place)
{
    const struct names *name = &names[place];

    if (wu_there(prefix, place, NULL) == WU_THERE_NOTHING)
        wu_beneath_rename(prefix, name->before, name->place);
    else if (!name->aside || wu_there_is_ours(what_is(prefix, name->before, false, NULL)))
        wu_beneath_remove(prefix, name->before);
    else
        wu_beneath_rename(prefix, name->before, name->aside);
}

static void undo(const char *prefix, enum wu_place place, int done)
{
    const struct names *name = &names[place];

    if (done == ADDED)
        wu_beneath_remove(prefix, name->place);
    if (done == TAKEN_OUT && name->aside)
        wu_beneath_rename(prefix, name->place, name->aside);
    if (done == REPLACED || done == TAKEN_OUT)
        wu_beneath_rename(prefix, name->before, name->place);
}

/* --- From beginning to end -------------------------------------------------------------------- */

/* What wu_prefix_enter() makes, as does whoever waits for the lock. */
static bool is_made_by_entering(const char *name)
{
    const size_t folder = sizeof(OURS) - 1;

    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           strcmp(name, &WU_PREFIX_LOCK[folder]) == 0 ||
           strcmp(name, &WU_TOKEN_FOLDER[folder]) == 0;
}

static bool is_fresh(const char *prefix)
{
    const int file = wu_beneath_open_folder(prefix, WU_PREFIX_FOLDER);
    DIR *folder = file >= 0 ? fdopendir(file) : NULL;
    const struct dirent *entry;
    bool fresh = folder != NULL;

    if (!folder && file >= 0)
        close(file);
    while (fresh && (entry = readdir(folder)) != NULL)
        fresh = is_made_by_entering(entry->d_name);
    if (folder)
        closedir(folder);
    return fresh;
}

bool wu_install_begin(const char *prefix, const struct wu_plan *plan, struct wu_install *install)
{
    *install = (struct wu_install){ .prefix = prefix, .lock = -1, .failed = WU_PLACES };
    install->lock = wu_prefix_enter(prefix, PATIENCE);
    if (install->lock < 0)
        return false;

    install->is_first = is_fresh(prefix);
    for (int i = 0; i < WU_PLACES; i++) {
        settle(prefix, (enum wu_place)i);
        install->before[i] = wu_there(prefix, (enum wu_place)i, plan->source[i]);
    }
    if (make_copies(install, plan) && change(install, plan))
        return true;

    wu_install_undo(install);
    return false;
}

/* A copy is left where what is there was the same. */
void wu_install_keep(struct wu_install *install)
{
    for (int i = 0; i < WU_PLACES; i++)
        if (install->done[i] == REPLACED)
            settle(install->prefix, (enum wu_place)i);
        else if (install->done[i] == TAKEN_OUT)
            wu_beneath_remove(install->prefix, names[i].before);
    remove_copies(install->prefix);
    wu_prefix_unlock(install->lock);
}

void wu_install_undo(struct wu_install *install)
{
    const int error = errno;

    for (int i = WU_PLACES - 1; i >= 0; i--)
        undo(install->prefix, (enum wu_place)i, install->done[i]);
    remove_copies(install->prefix);
    if (install->is_first)
        wu_prefix_remove_folder(install->prefix);
    wu_prefix_unlock(install->lock);
    errno = error;
}

bool wu_prefix_remove_folder(const char *prefix)
{
    return wu_beneath_remove_folder(prefix, WU_PREFIX_FOLDER);
}
