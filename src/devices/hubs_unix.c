/* Which controllers and hubs there are, and what they answer, for a DLL under Wine: its Unix side
 * knows. */
#include <stdlib.h>

#include "devices/hub_request.h"
#include "unix/calls.h"
#include "unix/gate.h"

WU_UNIX_SAME(struct wu_hub, WU_UNIX_HUB_SIZE);

static DWORD copy_hubs(uint64_t from, struct wu_hub_list *list_out)
{
    struct wu_hub_list list = { NULL, (size_t)wu_unix(WU_UNIX_HUB_LIST_SIZE, 0, from) };

    list.hubs = calloc(list.count + 1, sizeof(*list.hubs));
    if (!list.hubs)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_unix(WU_UNIX_HUB_LIST_COPY, 0, from, WU_UNIX_POINTER(list.hubs));
    *list_out = list;
    return ERROR_SUCCESS;
}

DWORD wu_hub_list_get(struct wu_hub_list *list_out)
{
    uint64_t list = 0;
    DWORD error = (DWORD)wu_unix(WU_UNIX_HUB_LIST_GET, ERROR_MOD_NOT_FOUND, WU_UNIX_POINTER(&list));

    if (error != ERROR_SUCCESS)
        return error;

    error = copy_hubs(list, list_out);
    wu_unix(WU_UNIX_HUB_LIST_FREE, 0, list);
    return error;
}

DWORD wu_hub_request(const char *path,
                     DWORD code,
                     const void *in,
                     size_t in_size,
                     void *out,
                     size_t out_size,
                     size_t *size_out)
{
    uint64_t size = 0;
    const DWORD error = (DWORD)wu_unix(WU_UNIX_HUB_REQUEST, ERROR_MOD_NOT_FOUND,
                                       WU_UNIX_POINTER(path), code, WU_UNIX_POINTER(in), in_size,
                                       WU_UNIX_POINTER(out), out_size, WU_UNIX_POINTER(&size));

    if (error == ERROR_SUCCESS)
        *size_out = (size_t)size;
    return error;
}
