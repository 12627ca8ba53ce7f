#include "wine/links.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wine/prefix.h"
#include "wine/token.h"

#define LINKS "dosdevices"
#define START "usb#"
#define TARGET "../" WU_TOKEN_FOLDER "/"

/* --- Names ---------------------------------------------------------------------------------- */

void wu_links_free(struct wu_links *links)
{
    free(links->links);
    *links = (struct wu_links){ 0 };
}

bool wu_links_add(struct wu_links *links, const char *name)
{
    struct wu_link *grown;

    if (strlen(name) >= WU_LINK_SIZE) {
        errno = ENAMETOOLONG;
        return false;
    }

    grown = realloc(links->links, (links->count + 1) * sizeof(*grown));
    if (!grown)
        return false;

    links->links = grown;
    strcpy(grown[links->count++].name, name);
    return true;
}

bool wu_links_contain(const struct wu_links *links, const char *name)
{
    for (size_t i = 0; i < links->count; i++)
        if (strcmp(links->links[i].name, name) == 0)
            return true;

    return false;
}

bool wu_links_have_device(const struct wu_links *links, const char *device)
{
    for (size_t i = 0; i < links->count; i++) {
        char own[WU_LINK_SIZE];

        wu_link_device(links->links[i].name, own);
        if (strcmp(own, device) == 0)
            return true;
    }

    return false;
}

void wu_link_name(const struct wu_function *function, const GUID *guid, char *name)
{
    char path[WU_PATH_SIZE];

    wu_function_path(function, guid, path);
    strcpy(name, path + strlen("\\\\?\\"));
}

const struct wu_function *wu_link_function(const struct wu_function_list *list, const char *name)
{
    char device[WU_LINK_SIZE], own[WU_LINK_SIZE];

    wu_link_device(name, device);
    for (size_t i = 0; i < list->count; i++) {
        wu_link_name(&list->functions[i], &wu_guid_usb_device, own);
        wu_link_device(own, own);
        if (strcmp(own, device) == 0)
            return &list->functions[i];
    }

    return NULL;
}

const char *wu_link_guid(const char *name)
{
    const char *last = strrchr(name, '#');

    return last ? last + 1 : name + strlen(name);
}

void wu_link_device(const char *name, char device[WU_LINK_SIZE])
{
    const char *last = strrchr(name, '#');
    const size_t length = last ? (size_t)(last - name) : strlen(name);

    memmove(device, name, length);
    device[length] = '\0';
}

/* --- Files ---------------------------------------------------------------------------------- */

static bool is_ours(int folder, const char *name)
{
    char target[PATH_MAX];
    const size_t start = sizeof(TARGET) - 1;

    return strncmp(name, START, sizeof(START) - 1) == 0 && strlen(name) < WU_LINK_SIZE &&
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
    char path[PATH_MAX];
    DIR *folder;
    bool complete;

    if (!wu_prefix_path(prefix, path, sizeof(path), LINKS))
        return false;

    folder = opendir(path);
    if (!folder)
        return false;

    complete = collect(folder, &links);
    closedir(folder);
    if (complete)
        *links_out = links;
    else
        wu_links_free(&links);
    return complete;
}

/* In place, as a program may have it open. */
static bool make_token(const char *prefix, const char *device, const char *place)
{
    const ssize_t length = (ssize_t)strlen(place);
    char path[PATH_MAX];
    bool written;
    int file;

    if (!wu_prefix_path(prefix, path, sizeof(path), WU_TOKEN_FOLDER "/%s", device))
        return false;

    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return false;

    written = write(file, place, (size_t)length) == length;
    return close(file) == 0 && written;
}

bool wu_token_is_at(const char *prefix, const char *device, const char *place)
{
    char name[sizeof(WU_TOKEN_FOLDER "/") + WU_LINK_SIZE];
    char *text;
    bool same;

    snprintf(name, sizeof(name), WU_TOKEN_FOLDER "/%s", device);
    text = wu_prefix_read(prefix, name);
    same = text && strcmp(text, place) == 0;
    free(text);
    return same;
}

bool wu_link_make(const char *prefix, const char *name, const char *place)
{
    char device[WU_LINK_SIZE], path[PATH_MAX], target[sizeof(TARGET) + WU_LINK_SIZE];

    wu_link_device(name, device);
    snprintf(target, sizeof(target), TARGET "%s", device);
    return make_token(prefix, device, place) &&
           wu_prefix_path(prefix, path, sizeof(path), LINKS "/%s", name) &&
           (symlink(target, path) == 0 || errno == EEXIST);
}

bool wu_link_leads_to_token(const char *prefix, const char *name)
{
    char path[PATH_MAX];

    return wu_prefix_path(prefix, path, sizeof(path), LINKS "/%s", name) && access(path, F_OK) == 0;
}

static bool remove_file(const char *prefix, const char *folder, const char *name)
{
    char path[PATH_MAX];

    return wu_prefix_path(prefix, path, sizeof(path), "%s/%s", folder, name) &&
           (unlink(path) == 0 || errno == ENOENT);
}

bool wu_link_remove(const char *prefix, const char *name)
{
    return remove_file(prefix, LINKS, name);
}

bool wu_token_remove(const char *prefix, const char *device)
{
    return remove_file(prefix, WU_TOKEN_FOLDER, device);
}
