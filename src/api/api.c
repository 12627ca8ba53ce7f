#include "api/api.h"

BOOL wu_api_report(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

static BOOL missing(HANDLE handle, enum wu_handle_kind kind)
{
    return wu_api_report(wu_handle_is_open(handle, kind) ? ERROR_CALL_NOT_IMPLEMENTED
                                                         : ERROR_INVALID_HANDLE);
}

BOOL wu_api_missing(HANDLE interface_handle)
{
    return missing(interface_handle, WU_HANDLE_INTERFACE);
}

BOOL wu_api_missing_isoch(HANDLE buffer_handle)
{
    return missing(buffer_handle, WU_HANDLE_ISOCH_BUFFER);
}
