#include "devices/config_ret.h"

#include <stddef.h>

static const struct {
    DWORD code;
    DWORD error;
} codes[] = {
    { 0x00, ERROR_SUCCESS },
    { 0x02, ERROR_NOT_ENOUGH_MEMORY },   /* CR_OUT_OF_MEMORY */
    { 0x03, ERROR_INVALID_USER_BUFFER }, /* CR_INVALID_POINTER */
    { 0x04, ERROR_INVALID_FLAGS },       /* CR_INVALID_FLAG */
    { 0x05, ERROR_INVALID_DATA },        /* CR_INVALID_DEVNODE */
    { 0x0D, ERROR_NOT_FOUND },           /* CR_NO_SUCH_DEVNODE */
    { 0x10, ERROR_ALREADY_EXISTS },      /* CR_ALREADY_SUCH_DEVNODE */
    { 0x1A, ERROR_INSUFFICIENT_BUFFER }, /* CR_BUFFER_SMALL */
    { 0x1C, ERROR_INVALID_HANDLE },      /* CR_NO_REGISTRY_HANDLE */
    { 0x1D, ERROR_REGISTRY_CORRUPT },    /* CR_REGISTRY_ERROR */
    { 0x1E, ERROR_INVALID_DATA },        /* CR_INVALID_DEVICE_ID */
    { 0x25, ERROR_NOT_FOUND },           /* CR_NO_SUCH_VALUE */
    { 0x2E, ERROR_FILE_NOT_FOUND },      /* CR_NO_SUCH_REGISTRY_KEY */
    { 0x2F, ERROR_INVALID_DATA },        /* CR_INVALID_MACHINENAME */
    { 0x30, ERROR_SERVICE_NOT_ACTIVE },  /* CR_REMOTE_COMM_FAILURE */
    { 0x31, ERROR_SERVICE_NOT_ACTIVE },  /* CR_MACHINE_UNAVAILABLE */
    { 0x32, ERROR_SERVICE_NOT_ACTIVE },  /* CR_NO_CM_SERVICES */
    { 0x33, ERROR_ACCESS_DENIED },       /* CR_ACCESS_DENIED */
    { 0x34, ERROR_CALL_NOT_IMPLEMENTED },
    { 0x35, ERROR_INVALID_DATA }, /* CR_INVALID_PROPERTY */
    { 0x37, ERROR_NOT_FOUND },    /* CR_NO_SUCH_DEVICE_INTERFACE */
    { 0x38, ERROR_INVALID_DATA }, /* CR_INVALID_REFERENCE_STRING */
};

DWORD wu_config_ret_error(DWORD code, DWORD otherwise)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        if (codes[i].code == code)
            return codes[i].error;

    return otherwise;
}
