/* Win32 errors by name and in words. */
#include "cli/cli.h"

#include <stdio.h>

static const struct {
    DWORD error;
    const char *name;
    const char *text;
} errors[] = {
    { ERROR_SUCCESS, "ERROR_SUCCESS", "yes" },
    { ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", "not found" },
    { ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED", "no permission" },
    { ERROR_INVALID_HANDLE, "ERROR_INVALID_HANDLE", "not open" },
    { ERROR_NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY", "out of memory" },
    { ERROR_NOT_READY, "ERROR_NOT_READY", "not ready" },
    { ERROR_BAD_COMMAND, "ERROR_BAD_COMMAND", "unplugged meanwhile" },
    { ERROR_CRC, "ERROR_CRC", "garbled on the bus" },
    { ERROR_GEN_FAILURE, "ERROR_GEN_FAILURE", "refused (stall), or failed on the bus" },
    { ERROR_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", "not supported" },
    { ERROR_INVALID_PARAMETER, "ERROR_INVALID_PARAMETER", "invalid" },
    { ERROR_CALL_NOT_IMPLEMENTED, "ERROR_CALL_NOT_IMPLEMENTED", "not implemented yet" },
    { ERROR_SEM_TIMEOUT, "ERROR_SEM_TIMEOUT", "no answer within the timeout" },
    { ERROR_INSUFFICIENT_BUFFER, "ERROR_INSUFFICIENT_BUFFER", "the buffer is too small" },
    { ERROR_BUSY, "ERROR_BUSY", "in use" },
    { ERROR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS", "open already" },
    { ERROR_MORE_DATA, "ERROR_MORE_DATA", "more came than was asked for" },
    { ERROR_NO_MORE_ITEMS, "ERROR_NO_MORE_ITEMS", "there is no such one" },
    { ERROR_NO_SUCH_DEVICE, "ERROR_NO_SUCH_DEVICE", "unplugged" },
    { ERROR_OPERATION_ABORTED, "ERROR_OPERATION_ABORTED", "cancelled" },
    { ERROR_IO_DEVICE, "ERROR_IO_DEVICE", "the transfer failed on the bus" },
    { ERROR_DEVICE_NOT_CONNECTED, "ERROR_DEVICE_NOT_CONNECTED", "unplugged" },
    { ERROR_NOT_FOUND, "ERROR_NOT_FOUND", "there is no such one" },
    { ERROR_BAD_DEVICE, "ERROR_BAD_DEVICE", "its descriptors make no sense" },
    { ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", "the system lacks resources" },
};

enum { COUNT = sizeof(errors) / sizeof(*errors) };

const char *wu_cli_error_text(DWORD error)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (errors[i].error == error)
            return errors[i].text;
    }
    return "failed";
}

void wu_cli_error_format(DWORD error, char *text)
{
    const char *name = "error";

    for (size_t i = 0; i < COUNT; i++) {
        if (errors[i].error == error)
            name = errors[i].name;
    }
    snprintf(text, WU_CLI_ERROR_SIZE, "%s (%u): %s", name, error, wu_cli_error_text(error));
}
