/* Files as Linux has them, for a DLL under Wine: its Unix side reaches them. Errors are Linux's
 * errno, for wu_prefix_error(). */
#include "wine/prefix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unix/calls.h"
#include "unix/gate.h"
#include "wine/descriptor.h"
#include "wine/links.h"
#include "wine/mark.h"

enum { LINUX_ENOSYS = 38, LINUX_ENOMEM = 12, LINUX_ERANGE = 34, FIRST_SIZE = 4096, WHY_SIZE = 128 };

WU_UNIX_SAME(struct wu_link, WU_LINK_SIZE);

/* @param error  0 or Linux's errno */
static bool done(uint64_t error)
{
    errno = (int)error;
    return error == 0;
}

const char *wu_prefix_error(void)
{
    static char why[WHY_SIZE];

    wu_unix(WU_UNIX_PREFIX_ERROR, 0, (uint64_t)errno, WU_UNIX_POINTER(why), sizeof(why));
    return why;
}

/* --- Files ------------------------------------------------------------------------------------ */

bool wu_prefix_make_folder(const char *prefix)
{
    return done(wu_unix(WU_UNIX_PREFIX_MAKE_FOLDER, LINUX_ENOSYS, WU_UNIX_POINTER(prefix)));
}

char *wu_prefix_read(const char *prefix, const char *name)
{
    uint64_t error = LINUX_ERANGE;
    char *text = NULL;

    for (size_t size = FIRST_SIZE; error == LINUX_ERANGE; size *= 2) {
        free(text);
        text = malloc(size);
        error = text ? wu_unix(WU_UNIX_PREFIX_READ, LINUX_ENOSYS, WU_UNIX_POINTER(prefix),
                               WU_UNIX_POINTER(name), WU_UNIX_POINTER(text), size)
                     : LINUX_ENOMEM;
    }

    if (done(error))
        return text;
    free(text);
    return NULL;
}

bool wu_prefix_write(const char *prefix, const char *name, const char *text)
{
    return done(wu_unix(WU_UNIX_PREFIX_WRITE, LINUX_ENOSYS, WU_UNIX_POINTER(prefix),
                        WU_UNIX_POINTER(name), WU_UNIX_POINTER(text)));
}

int wu_prefix_lock(const char *prefix, int patience)
{
    uint64_t lock = 0;
    const uint64_t error = wu_unix(WU_UNIX_PREFIX_LOCK, LINUX_ENOSYS, WU_UNIX_POINTER(prefix),
                                   (uint64_t)patience, WU_UNIX_POINTER(&lock));

    return done(error) ? (int)lock : -1;
}

void wu_prefix_unlock(int lock)
{
    wu_unix(WU_UNIX_PREFIX_UNLOCK, 0, (uint64_t)lock);
}

/* --- Links ------------------------------------------------------------------------------------ */

static bool copy_links(uint64_t from, struct wu_links *links_out)
{
    struct wu_links links = { NULL, (size_t)wu_unix(WU_UNIX_LINKS_SIZE, 0, from) };

    links.links = calloc(links.count + 1, sizeof(*links.links));
    if (!links.links)
        return done(LINUX_ENOMEM);

    wu_unix(WU_UNIX_LINKS_COPY, 0, from, WU_UNIX_POINTER(links.links));
    *links_out = links;
    return true;
}

bool wu_links_get(const char *prefix, struct wu_links *links_out)
{
    uint64_t links = 0;
    bool copied;

    if (!done(wu_unix(WU_UNIX_LINKS_GET, LINUX_ENOSYS, WU_UNIX_POINTER(prefix),
                      WU_UNIX_POINTER(&links))))
        return false;

    copied = copy_links(links, links_out);
    wu_unix(WU_UNIX_LINKS_FREE, 0, links);
    return copied;
}

bool wu_link_make(const char *prefix, const char *name, const char *place)
{
    return done(wu_unix(WU_UNIX_LINK_MAKE, LINUX_ENOSYS, WU_UNIX_POINTER(prefix),
                        WU_UNIX_POINTER(name), WU_UNIX_POINTER(place)));
}

bool wu_link_leads_to_token(const char *prefix, const char *name)
{
    return wu_unix(WU_UNIX_LINK_LEADS_TO_TOKEN, false, WU_UNIX_POINTER(prefix),
                   WU_UNIX_POINTER(name)) != 0;
}

bool wu_link_remove(const char *prefix, const char *name)
{
    return done(
        wu_unix(WU_UNIX_LINK_REMOVE, LINUX_ENOSYS, WU_UNIX_POINTER(prefix), WU_UNIX_POINTER(name)));
}

bool wu_token_is_at(const char *prefix, const char *device, const char *place)
{
    return wu_unix(WU_UNIX_TOKEN_IS_AT, false, WU_UNIX_POINTER(prefix), WU_UNIX_POINTER(device),
                   WU_UNIX_POINTER(place)) != 0;
}

bool wu_token_remove(const char *prefix, const char *device)
{
    return done(wu_unix(WU_UNIX_TOKEN_REMOVE, LINUX_ENOSYS, WU_UNIX_POINTER(prefix),
                        WU_UNIX_POINTER(device)));
}

/* --- What has changed --------------------------------------------------------------------------
 */

uint64_t wu_mark(const char *text)
{
    return wu_unix(WU_UNIX_MARK, 1, WU_UNIX_POINTER(text));
}

/* --- What a descriptor is ----------------------------------------------------------------------
 */

bool wu_descriptor_identify(int fd, char *path, size_t size)
{
    return wu_unix(WU_UNIX_DESCRIPTOR_IDENTIFY, false, (uint64_t)fd, WU_UNIX_POINTER(path), size) !=
           0;
}
