#define _POSIX_C_SOURCE 200809L

#include "wine/server.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A server works in a folder that is named after its prefix. */
static bool folder_of(const char *prefix, char name[64])
{
    struct stat status;

    if (stat(prefix, &status) != 0)
        return false;
    snprintf(name, 64, "/server-%llx-%llx", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    return true;
}

static bool read_link(int process, const char *name, char path[PATH_MAX])
{
    const ssize_t length = readlinkat(process, name, path, PATH_MAX - 1);

    path[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static bool ends_with(const char *path, const char *end)
{
    const size_t length = strlen(path), size = strlen(end);

    return length >= size && strcmp(path + length - size, end) == 0;
}

/* What others run is not ours to run. */
static bool is_server(int process, const char *folder, char path[PATH_MAX])
{
    struct stat status;
    char work[PATH_MAX];

    return fstat(process, &status) == 0 && status.st_uid == geteuid() &&
           read_link(process, "cwd", work) && ends_with(work, folder) &&
           read_link(process, "exe", path) && strstr(path, "/wineserver");
}

static bool is_server_of(int processes, const char *number, const char *folder, char path[PATH_MAX])
{
    const int process = openat(processes, number, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is = process >= 0 && is_server(process, folder, path);

    if (process >= 0)
        close(process);
    return is;
}

bool wu_server_find(const char *prefix, char path[PATH_MAX])
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    char folder[64];
    bool found = false;

    if (!processes)
        return false;

    if (folder_of(prefix, folder))
        while (!found && (entry = readdir(processes)) != NULL)
            found = isdigit((unsigned char)entry->d_name[0]) &&
                    is_server_of(dirfd(processes), entry->d_name, folder, path);
    closedir(processes);
    return found;
}
