#include "wine/links.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wine/beneath.h"
#include "wine/prefix.h"
#include "wine/token.h"

#define LINKS "dosdevices"
#define TARGET "../" WU_TOKEN_FOLDER "/"

static bool is_ours(int folder, const char *name)
{
    char target[PATH_MAX];
    const size_t start = sizeof(TARGET) - 1;

    return strlen(name) < WU_LINK_SIZE &&
           readlinkat(folder, name, target, sizeof(target)) >= (ssize_t)start &&
           memcmp(target, TARGET, start) == 0;
}

static bool collect(DIR *folder, struct wu_links *links)
{
    const struct dirent *entry;

    while (errno = 0, (entry = readdir(folder)) != NULL)
        if (is_ours(dirfd(folder), entry->d_name) && !wu_links_add(links, entry->d_name))
            return false;

    return errno == 0;
}

bool wu_links_get(const char *prefix, struct wu_links *links_out)
{
    struct wu_links links = { 0 };
    const int file = wu_beneath_open_folder(prefix, LINKS);
    DIR *folder = file >= 0 ? fdopendir(file) : NULL;
    bool complete;

    if (!folder) {
        if (file >= 0)
            close(file);
        return false;
    }

    complete = collect(folder, &links);
    closedir(folder);
    if (complete)
        *links_out = links;
    else
        wu_links_free(&links);
    return complete;
}

enum { NAME_SIZE = sizeof(WU_TOKEN_FOLDER "/") + WU_LINK_SIZE };

_Static_assert(sizeof(LINKS) <= sizeof(WU_TOKEN_FOLDER), "a link's path has room, too");

static void token_name(const char *device, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, WU_TOKEN_FOLDER "/%s", device);
}

static void link_name(const char *link, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, LINKS "/%s", link);
}

/* In place, as a program may have it open. */
static bool make_token(const char *prefix, const char *device, const char *place)
{
    const ssize_t length = (ssize_t)strlen(place);
    char name[NAME_SIZE];
    bool written;
    int file;

    token_name(device, name);
    file = wu_beneath_open_file(prefix, name, O_WRONLY | O_CREAT);
    if (file < 0)
        return false;

    written = ftruncate(file, 0) == 0 && write(file, place, (size_t)length) == length;
    return close(file) == 0 && written;
}

bool wu_token_is_at(const char *prefix, const char *device, const char *place)
{
    char name[NAME_SIZE];
    char *text;
    bool same;

    token_name(device, name);
    text = wu_prefix_read(prefix, name);
    same = text && strcmp(text, place) == 0;
    free(text);
    return same;
}

bool wu_link_make(const char *prefix, const char *name, const char *place)
{
    char device[WU_LINK_SIZE], path[NAME_SIZE], target[sizeof(TARGET) + WU_LINK_SIZE];

    wu_link_device(name, device);
    link_name(name, path);
    snprintf(target, sizeof(target), TARGET "%s", device);
    return make_token(prefix, device, place) &&
           (wu_beneath_make_link(prefix, path, target) || errno == EEXIST);
}

bool wu_link_leads_to_token(const char *prefix, const char *name)
{
    char device[WU_LINK_SIZE], token[NAME_SIZE];

    wu_link_device(name, device);
    token_name(device, token);
    return wu_beneath_has_file(prefix, token);
}

bool wu_link_remove(const char *prefix, const char *name)
{
    char path[NAME_SIZE];

    link_name(name, path);
    return wu_beneath_remove(prefix, path);
}

bool wu_token_remove(const char *prefix, const char *device)
{
    char name[NAME_SIZE];

    token_name(device, name);
    return wu_beneath_remove(prefix, name);
}
