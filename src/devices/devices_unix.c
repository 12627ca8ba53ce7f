/* Which functions there are, for a DLL under Wine: its Unix side knows. */
#include "devices/devices.h"

#include <stdlib.h>

#include "devices/file.h"
#include "unix/calls.h"
#include "unix/gate.h"

WU_UNIX_SAME(struct wu_function, WU_UNIX_FUNCTION_SIZE);
WU_UNIX_SAME(struct wu_file_target, WU_UNIX_TARGET_SIZE);

static DWORD copy_functions(uint64_t from, struct wu_function_list *list_out)
{
    struct wu_function_list list = { NULL, (size_t)wu_unix(WU_UNIX_FUNCTION_LIST_SIZE, 0, from) };

    list.functions = calloc(list.count + 1, sizeof(*list.functions));
    if (!list.functions)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_unix(WU_UNIX_FUNCTION_LIST_COPY, 0, from, WU_UNIX_POINTER(list.functions));
    *list_out = list;
    return ERROR_SUCCESS;
}

DWORD wu_function_list_get(struct wu_function_list *list_out)
{
    uint64_t list = 0;
    DWORD error =
        (DWORD)wu_unix(WU_UNIX_FUNCTION_LIST_GET, ERROR_MOD_NOT_FOUND, WU_UNIX_POINTER(&list));

    if (error != ERROR_SUCCESS)
        return error;

    error = copy_functions(list, list_out);
    wu_unix(WU_UNIX_FUNCTION_LIST_FREE, 0, list);
    return error;
}

void wu_function_list_free(struct wu_function_list *list)
{
    free(list->functions);
}

DWORD wu_function_find(const char *path, struct wu_function *function_out)
{
    return (DWORD)wu_unix(WU_UNIX_FUNCTION_FIND, ERROR_MOD_NOT_FOUND, WU_UNIX_POINTER(path),
                          WU_UNIX_POINTER(function_out));
}

DWORD wu_file_find(const char *path, struct wu_file_target *target_out)
{
    return (DWORD)wu_unix(WU_UNIX_FILE_FIND, ERROR_MOD_NOT_FOUND, WU_UNIX_POINTER(path),
                          WU_UNIX_POINTER(target_out));
}
