#include "usb/usb_notes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/host.h"
#include "host/posix/sysfs.h"

#define FOLDER "winusb"

enum { NAME_SIZE = 32, TEMPORARY_SIZE = NAME_SIZE + 48 };

/* The same device may have the same numbers after the next start of the machine. */
struct note {
    char boot[40];
    uint64_t stay;
    uint64_t size; /* [bytes] */
    unsigned char bytes[WU_USB_NOTE_MAX];
};

/* --- The folder ------------------------------------------------------------------------------ */

/* Nobody else may put anything into it. */
static bool is_own(int folder)
{
    struct stat status;

    return fstat(folder, &status) == 0 && status.st_uid == geteuid() &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int open_own(int above, const char *path)
{
    const int folder = openat(above, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (folder >= 0 && !is_own(folder)) {
        close(folder);
        return -1;
    }
    return folder;
}

/* @return -1 when there is none */
static int open_folder(bool make)
{
    const char *path = wu_host_environment("XDG_RUNTIME_DIR");
    const int above = open_own(AT_FDCWD, path && path[0] == '/' ? path : "/run");
    int folder = -1;

    if (above < 0)
        return -1;

    if (!make || mkdirat(above, FOLDER, 0700) == 0 || errno == EEXIST)
        folder = open_own(above, FOLDER);
    close(above);
    return folder;
}

/* --- Notes ----------------------------------------------------------------------------------- */

static bool begin_note(struct note *note, uint64_t stay, size_t size)
{
    memset(note, 0, sizeof(*note));
    note->stay = stay;
    note->size = size;
    return stay != 0 && size <= sizeof(note->bytes) &&
           wu_sysfs_read("/proc/sys/kernel/random/boot_id", note->boot, sizeof(note->boot));
}

static void name_of(const struct wu_usb_info *info, char *name)
{
    snprintf(name, NAME_SIZE, "%03u-%03u", info->bus, info->address);
}

static bool read_file(int folder, const char *name, struct note *note)
{
    const int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const ssize_t size = file >= 0 ? read(file, note, sizeof(*note)) : -1;

    if (file >= 0)
        close(file);
    return size == (ssize_t)sizeof(*note);
}

bool wu_usb_notes_read(const struct wu_usb_info *info, uint64_t stay, void *bytes_out, size_t size)
{
    struct note wanted, found;
    char name[NAME_SIZE];
    const int folder = begin_note(&wanted, stay, size) ? open_folder(false) : -1;
    bool same;

    if (folder < 0)
        return false;

    name_of(info, name);
    same = read_file(folder, name, &found) &&
           memcmp(&found, &wanted, offsetof(struct note, bytes)) == 0;
    close(folder);
    if (same)
        memcpy(bytes_out, found.bytes, size);
    return same;
}

static bool write_file(int folder, const char *name, const struct note *note)
{
    const int file =
        openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool written;

    if (file < 0)
        return false;

    written = write(file, note, sizeof(*note)) == (ssize_t)sizeof(*note);
    return close(file) == 0 && written;
}

/* Under a name of its own first, as others may be reading the one before. */
void wu_usb_notes_write(const struct wu_usb_info *info,
                        uint64_t stay,
                        const void *bytes,
                        size_t size)
{
    struct note note;
    char name[NAME_SIZE], temporary[TEMPORARY_SIZE];
    const int folder = begin_note(&note, stay, size) ? open_folder(true) : -1;

    if (folder < 0)
        return;

    memcpy(note.bytes, bytes, size);
    name_of(info, name);
    snprintf(temporary, sizeof(temporary), "%s.%ld.%p", name, (long)getpid(),
             wu_host_thread_self());
    if (!write_file(folder, temporary, &note) || renameat(folder, temporary, folder, name) != 0)
        unlinkat(folder, temporary, 0);
    close(folder);
}
