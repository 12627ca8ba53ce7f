/* Functions that give out handles and take them back: of the system's DLL, programs get ours. */
#include "windows/route.h"

#include "api/api.h"
#include "devices/file.h"
#include "host/host.h"
#include "host/win32/module.h"
#include "windows/file.h"
#include "windows/system.h"
#include "windows/system_handle.h"
#include "windows/within.h"

/* Puts an interface that the system's DLL has opened behind a handle of ours. */
static BOOL give_out(HANDLE system_handle, HANDLE file, HANDLE *handle_out)
{
    const DWORD before = GetLastError();
    const DWORD error = wu_system_interface_new(system_handle, file, handle_out);

    if (error != ERROR_SUCCESS)
        wu_system()->WinUsb_Free(system_handle);
    SetLastError(before);
    return wu_api_report(error);
}

/* --- Opening ------------------------------------------------------------------------------- */

static BOOL open_by_system(HANDLE file, HANDLE *handle_out)
{
    HANDLE system_handle = NULL;

    return wu_system()->WinUsb_Initialize(file, &system_handle) &&
           give_out(system_handle, file, handle_out);
}

/* While it opens a device, libusb may call WinUsb_Initialize() in its turn. */
static BOOL open_by_ours(HANDLE file, HANDLE *handle_out)
{
    struct wu_within call;
    BOOL done;

    wu_module_pin();
    wu_within_begin(&call);
    done = WinUsb_Initialize(file, handle_out);
    wu_within_end(&call);
    return done;
}

/* The system's DLL knows best why it will not have a handle, unless the handle is known to us. */
static BOOL open_by_either(HANDLE file, HANDLE *handle_out)
{
    struct wu_file_target target;
    DWORD error;

    if (open_by_system(file, handle_out))
        return TRUE;

    error = GetLastError();
    if (wu_file_resolve(file, &target) == ERROR_SUCCESS)
        return open_by_ours(file, handle_out);
    SetLastError(error);
    return FALSE;
}

static BOOL refuse(void)
{
    wu_log(WU_LOG_ERROR, "libusb opens a device by System32's winusb.dll, and finds OpenWinUSB "
                         "there: it must not replace Windows' own, only stand beside programs");
    return wu_api_report(ERROR_NOT_SUPPORTED);
}

static BOOL open_by_driver(HANDLE file, HANDLE *handle_out)
{
    const DWORD before = GetLastError();
    const enum wu_file_driver driver = wu_file_driver(file);

    SetLastError(before);
    switch (driver) {
    case WU_FILE_DRIVER_WINUSB:
        return open_by_system(file, handle_out);
    case WU_FILE_DRIVER_OTHER:
        return open_by_ours(file, handle_out);
    default:
        return open_by_either(file, handle_out);
    }
}

/* Without a place for the handle nothing is opened; a bad file is the worse mistake, as in ours. */
static BOOL open_nowhere(HANDLE file)
{
    return wu_api_report(wu_file_driver(file) == WU_FILE_DRIVER_UNKNOWN ? ERROR_INVALID_HANDLE
                                                                        : ERROR_INVALID_PARAMETER);
}

/* A call from within one of ours is libusb's: the system's DLL is what it is meant for. */
BOOL WINAPI wu_route_WinUsb_Initialize(HANDLE file, HANDLE *handle_out)
{
    const DWORD before = GetLastError();
    const struct wu_system *system = wu_system_load();
    const bool within = wu_within();

    SetLastError(before);
    if (!handle_out)
        return open_nowhere(file);

    *handle_out = NULL;
    if (within)
        return system ? open_by_system(file, handle_out) : refuse();
    return system ? open_by_driver(file, handle_out) : open_by_ours(file, handle_out);
}

BOOL WINAPI wu_route_WinUsb_GetAssociatedInterface(HANDLE handle, UCHAR index, HANDLE *handle_out)
{
    static atomic_bool told;
    struct wu_system_object *object = wu_system_acquire(handle, WU_HANDLE_SYSTEM_INTERFACE);
    HANDLE system_handle = NULL;
    BOOL done;

    if (!object)
        return WinUsb_GetAssociatedInterface(handle, index, handle_out);

    if (!handle_out)
        done = wu_api_report(ERROR_INVALID_PARAMETER);
    else if (!wu_system()->WinUsb_GetAssociatedInterface)
        done = wu_route_lacks("WinUsb_GetAssociatedInterface", &told);
    else
        done = wu_system()->WinUsb_GetAssociatedInterface(object->handle, index, &system_handle) &&
               give_out(system_handle, ((struct wu_system_interface *)object)->file, handle_out);
    wu_system_release(object);
    return done;
}

/* --- Closing ------------------------------------------------------------------------------- */

/* Others may be within calls that only this one ends, so it waits for nobody. */
BOOL WINAPI wu_route_WinUsb_Free(HANDLE handle)
{
    const DWORD before = GetLastError();
    struct wu_system_interface *iface = wu_system_interface_close(handle);
    BOOL done;

    SetLastError(before);
    if (!iface)
        return WinUsb_Free(handle);

    done = wu_system()->WinUsb_Free(iface->base.handle);
    wu_system_release(&iface->base);
    return done;
}

/* --- Isochronous buffers ---------------------------------------------------------------------- */

/* A buffer whose interface has been closed meanwhile is not there any more. */
static BOOL
give_out_buffer(struct wu_system_interface *iface, HANDLE system_handle, HANDLE *handle_out)
{
    const DWORD before = GetLastError();
    const DWORD error = wu_system_buffer_new(iface, system_handle, handle_out);

    if (error == ERROR_NOT_ENOUGH_MEMORY && wu_system()->WinUsb_UnregisterIsochBuffer)
        wu_system()->WinUsb_UnregisterIsochBuffer(system_handle);
    SetLastError(before);
    return wu_api_report(error);
}

BOOL WINAPI wu_route_WinUsb_RegisterIsochBuffer(HANDLE handle,
                                                UCHAR pipe,
                                                PUCHAR buffer,
                                                ULONG length,
                                                HANDLE *handle_out)
{
    static atomic_bool told;
    struct wu_system_object *object = wu_system_acquire(handle, WU_HANDLE_SYSTEM_INTERFACE);
    HANDLE system_handle = NULL;
    BOOL done;

    if (!object)
        return WinUsb_RegisterIsochBuffer(handle, pipe, buffer, length, handle_out);

    if (!handle_out)
        done = wu_api_report(ERROR_INVALID_PARAMETER);
    else if (!wu_system()->WinUsb_RegisterIsochBuffer)
        done = wu_route_lacks("WinUsb_RegisterIsochBuffer", &told);
    else
        done = wu_system()->WinUsb_RegisterIsochBuffer(object->handle, pipe, buffer, length,
                                                       &system_handle) &&
               give_out_buffer((struct wu_system_interface *)object, system_handle, handle_out);
    wu_system_release(object);
    return done;
}

BOOL WINAPI wu_route_WinUsb_UnregisterIsochBuffer(HANDLE handle)
{
    static atomic_bool told;
    struct wu_system_object *object = wu_system_buffer_close(handle);
    BOOL done;

    if (!object)
        return WinUsb_UnregisterIsochBuffer(handle);

    done = wu_system()->WinUsb_UnregisterIsochBuffer
               ? wu_system()->WinUsb_UnregisterIsochBuffer(object->handle)
               : wu_route_lacks("WinUsb_UnregisterIsochBuffer", &told);
    wu_system_release(object);
    return done;
}
