#include "api/api.h"

BOOL wu_api_report(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

BOOL wu_api_leave(struct wu_interface *iface, DWORD error)
{
    if (iface)
        wu_interface_release(iface);
    return wu_api_report(error);
}
