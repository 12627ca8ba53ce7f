#include "wine/beneath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    OPEN_FILE = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, /* a FIFO must not hold us up */
    DEPTH = 16, /* of folders that are removed: ours has two */
};

/* --- Keeping errno --------------------------------------------------------------------------- */

static void close_quietly(int file)
{
    const int error = errno;

    close(file);
    errno = error;
}

/* Closes a file that is not wanted after all. */
static int refuse(int file, int error)
{
    close(file);
    errno = error;
    return -1;
}

/* --- Folders --------------------------------------------------------------------------------- */

static bool is_link(int folder, const char *name)
{
    struct stat status;

    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

static int open_part(int folder, const char *name)
{
    int part;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        errno = EINVAL;
        return -1;
    }

    part = openat(folder, name, OPEN_FOLDER);
    if (part < 0 && errno == ENOTDIR)
        errno = is_link(folder, name) ? ELOOP : ENOTDIR;
    return part;
}

static bool is_foreign(const struct stat *status)
{
    return status->st_uid != geteuid();
}

/* The user may give a prefix by a link; what it leads to has to be the user's own, as for Wine. */
static int open_prefix(const char *prefix)
{
    const int folder = open(prefix, OPEN_FOLDER & ~O_NOFOLLOW);
    struct stat status;

    if (folder < 0 && errno == EACCES)
        errno = stat(prefix, &status) == 0 && is_foreign(&status) ? EPERM : EACCES;
    if (folder < 0)
        return -1;
    if (fstat(folder, &status) != 0)
        return refuse(folder, errno);
    return is_foreign(&status) ? refuse(folder, EPERM) : folder;
}

/* Takes the next name off a path. @return false at its end, or with errno when it is too long */
static bool next_name(const char **path, char name[NAME_MAX + 1])
{
    const size_t length = strcspn(*path, "/");

    errno = length > NAME_MAX ? ENAMETOOLONG : 0;
    if (length == 0 || length > NAME_MAX)
        return false;

    memcpy(name, *path, length);
    name[length] = '\0';
    *path += length;
    *path += strspn(*path, "/");
    return true;
}

int wu_beneath_open_folder(const char *prefix, const char *path)
{
    int folder = open_prefix(prefix);
    char name[NAME_MAX + 1];

    while (folder >= 0 && next_name(&path, name)) {
        const int part = open_part(folder, name);

        close_quietly(folder);
        folder = part;
    }
    if (folder >= 0 && errno != 0)
        return refuse(folder, errno);
    return folder;
}

/* Opens the folder that a file is in. @param name_out  the file's name in there */
static int open_parent(const char *prefix, const char *path, const char **name_out)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];

    *name_out = slash ? slash + 1 : path;
    if (*name_out - path >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }

    memcpy(folder, path, (size_t)(*name_out - path));
    folder[*name_out - path] = '\0';
    return wu_beneath_open_folder(prefix, folder);
}

bool wu_beneath_make_folder(const char *prefix, const char *path)
{
    const char *name;
    const int parent = open_parent(prefix, path, &name);
    int folder = -1;

    if (parent < 0)
        return false;

    if (mkdirat(parent, name, 0777) == 0 || errno == EEXIST)
        folder = open_part(parent, name);
    close_quietly(parent);
    if (folder >= 0)
        close(folder);
    return folder >= 0;
}

/* --- Files ----------------------------------------------------------------------------------- */

/* @return the file, or -1 when it is not what may be used so */
static int check_file(int file, int flags)
{
    struct stat status;

    if (fstat(file, &status) != 0)
        return refuse(file, errno);
    if (!S_ISREG(status.st_mode))
        return refuse(file, EINVAL);
    if ((flags & O_ACCMODE) != O_RDONLY && status.st_nlink > 1)
        return refuse(file, EMLINK);
    return file;
}

int wu_beneath_open_file(const char *prefix, const char *path, int flags)
{
    const char *name;
    const int folder = open_parent(prefix, path, &name);
    int file;

    if (folder < 0)
        return -1;

    file = openat(folder, name, flags | OPEN_FILE, 0666);
    close_quietly(folder);
    return file < 0 ? -1 : check_file(file, flags);
}

int wu_beneath_create(const char *prefix, const char *path)
{
    if (!wu_beneath_remove(prefix, path))
        return -1;
    return wu_beneath_open_file(prefix, path, O_WRONLY | O_CREAT | O_EXCL);
}

bool wu_beneath_has_file(const char *prefix, const char *path)
{
    const int file = wu_beneath_open_file(prefix, path, O_RDONLY);

    if (file < 0)
        return false;

    close(file);
    return true;
}

bool wu_beneath_make_link(const char *prefix, const char *path, const char *target)
{
    const char *name;
    const int folder = open_parent(prefix, path, &name);
    bool made;

    if (folder < 0)
        return false;

    made = symlinkat(target, folder, name) == 0;
    close_quietly(folder);
    return made;
}

bool wu_beneath_rename(const char *prefix, const char *from, const char *to)
{
    const char *name, *new_name;
    const int folder = open_parent(prefix, from, &name);
    const int new_folder = folder >= 0 ? open_parent(prefix, to, &new_name) : -1;
    const bool moved = new_folder >= 0 && renameat(folder, name, new_folder, new_name) == 0;

    if (new_folder >= 0)
        close_quietly(new_folder);
    if (folder >= 0)
        close_quietly(folder);
    return moved;
}

/* --- Removing -------------------------------------------------------------------------------- */

static bool is_gone(int result)
{
    return result == 0 || errno == ENOENT;
}

bool wu_beneath_remove(const char *prefix, const char *path)
{
    const char *name;
    const int folder = open_parent(prefix, path, &name);
    bool gone;

    if (folder < 0)
        return errno == ENOENT;

    gone = is_gone(unlinkat(folder, name, 0));
    close_quietly(folder);
    return gone;
}

static bool remove_tree(int parent, const char *name, int depth);

static bool remove_entry(int folder, const char *name, int depth)
{
    if (is_gone(unlinkat(folder, name, 0)))
        return true;
    return errno == EISDIR && remove_tree(folder, name, depth);
}

/* Takes over the folder. */
static bool empty_folder(int folder, int depth)
{
    DIR *entries = fdopendir(folder);
    const struct dirent *entry;
    bool emptied = true;
    int error;

    if (!entries) {
        close_quietly(folder);
        return false;
    }

    while (emptied && (errno = 0, entry = readdir(entries)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            emptied = remove_entry(folder, entry->d_name, depth);
    emptied = emptied && errno == 0;
    error = errno;
    closedir(entries);
    errno = error;
    return emptied;
}

static bool remove_tree(int parent, const char *name, int depth)
{
    int folder;

    if (depth == 0) {
        errno = ENAMETOOLONG;
        return false;
    }

    folder = open_part(parent, name);
    return folder >= 0 && empty_folder(folder, depth - 1) &&
           is_gone(unlinkat(parent, name, AT_REMOVEDIR));
}

bool wu_beneath_remove_folder(const char *prefix, const char *path)
{
    const char *name;
    const int folder = open_parent(prefix, path, &name);
    bool gone;

    if (folder < 0)
        return errno == ENOENT;

    gone = is_gone(unlinkat(folder, name, 0)) || remove_tree(folder, name, DEPTH);
    close_quietly(folder);
    return gone;
}
