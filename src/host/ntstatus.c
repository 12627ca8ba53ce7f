#include "host/ntstatus.h"

#include <stddef.h>

/* Where an error belongs to several statuses, the first is the one that stands for it. */
static const struct {
    LONG status;
    DWORD error;
} table[] = {
    { WU_STATUS_SUCCESS, ERROR_SUCCESS },
    { WU_STATUS_PENDING, ERROR_IO_PENDING },
    { WU_STATUS_BUFFER_OVERFLOW, ERROR_MORE_DATA },
    { WU_STATUS_DEVICE_BUSY, ERROR_BUSY },
    { WU_STATUS_UNSUCCESSFUL, ERROR_GEN_FAILURE },
    { WU_STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE },
    { WU_STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER },
    { WU_STATUS_NO_SUCH_DEVICE, ERROR_NO_SUCH_DEVICE },
    { WU_STATUS_INVALID_DEVICE_REQUEST, ERROR_INVALID_FUNCTION },
    { WU_STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY },
    { WU_STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED },
    { WU_STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER },
    { WU_STATUS_DELETE_PENDING, ERROR_ACCESS_DENIED },
    { WU_STATUS_INSUFFICIENT_RESOURCES, ERROR_NO_SYSTEM_RESOURCES },
    { WU_STATUS_DEVICE_DATA_ERROR, ERROR_CRC },
    { WU_STATUS_DEVICE_NOT_CONNECTED, ERROR_DEVICE_NOT_CONNECTED },
    { WU_STATUS_DEVICE_NOT_READY, ERROR_NOT_READY },
    { WU_STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT },
    { WU_STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED },
    { WU_STATUS_CANCELLED, ERROR_OPERATION_ABORTED },
    { WU_STATUS_INVALID_DEVICE_STATE, ERROR_BAD_COMMAND },
    { WU_STATUS_IO_DEVICE_ERROR, ERROR_IO_DEVICE },
    { WU_STATUS_DEVICE_PROTOCOL_ERROR, ERROR_IO_DEVICE },
    { WU_STATUS_NOT_FOUND, ERROR_NOT_FOUND },
};

DWORD wu_error_of_status(LONG status)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].status == status)
            return table[i].error;
    return status >= 0 ? ERROR_SUCCESS : ERROR_MR_MID_NOT_FOUND;
}

LONG wu_status_of_error(DWORD error)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].error == error)
            return table[i].status;
    return WU_STATUS_UNSUCCESSFUL;
}
