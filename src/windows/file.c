#include "windows/file.h"

#include "devices/file.h"

enum wu_file_driver wu_file_driver(HANDLE file)
{
    UNREFERENCED_PARAMETER(file);
    return WU_FILE_DRIVER_UNKNOWN;
}

DWORD wu_file_resolve(HANDLE file, struct wu_file_target *target_out)
{
    UNREFERENCED_PARAMETER(file);
    UNREFERENCED_PARAMETER(target_out);
    return ERROR_INVALID_HANDLE;
}
