/* Functions that are handed on as they are called. */
#include "windows/route.h"

#include "host/host.h"
#include "windows/system.h"
#include "windows/system_handle.h"

BOOL wu_route_lacks(const char *name, atomic_bool *told)
{
    if (!atomic_exchange(told, true))
        wu_log(WU_LOG_WARN, "this Windows is too old for %s", name);
    SetLastError(ERROR_NOT_SUPPORTED);
    return FALSE;
}

/* There is a system's DLL if there is a handle of its kind. Its last error is the program's, so
 * nothing comes behind its function but what leaves that alone. */
#define HAND_ON(kind, name, ...)                                                \
    static atomic_bool told;                                                    \
    struct wu_system_object *object = wu_system_acquire(handle, kind);          \
    BOOL result;                                                                \
                                                                                \
    if (!object)                                                                \
        return name(handle, __VA_ARGS__);                                       \
    result = wu_system()->name ? wu_system()->name(object->handle, __VA_ARGS__) \
                               : wu_route_lacks(#name, &told);                  \
    wu_system_release(object);                                                  \
    return result;

#define INTERFACE_FUNCTION(result_type, name, parameters, ...) \
    result_type WINAPI wu_route_##name parameters              \
    {                                                          \
        HAND_ON(WU_HANDLE_SYSTEM_INTERFACE, name, __VA_ARGS__) \
    }

#define BUFFER_FUNCTION(result_type, name, parameters, ...) \
    result_type WINAPI wu_route_##name parameters           \
    {                                                       \
        HAND_ON(WU_HANDLE_SYSTEM_BUFFER, name, __VA_ARGS__) \
    }

#define YOUNGER_FUNCTION(result_type, name, parameters, ...)                             \
    result_type WINAPI wu_route_##name parameters                                        \
    {                                                                                    \
        if (wu_handle_is_open(handle, WU_HANDLE_SYSTEM_INTERFACE) && !wu_system()->name) \
            return wu_stand_in_##name(handle, __VA_ARGS__);                              \
        HAND_ON(WU_HANDLE_SYSTEM_INTERFACE, name, __VA_ARGS__)                           \
    }

#define FREE_FUNCTION(result_type, name, parameters, ...)                              \
    result_type WINAPI wu_route_##name parameters                                      \
    {                                                                                  \
        const struct wu_system *system = wu_system();                                  \
                                                                                       \
        return system && system->name ? system->name(__VA_ARGS__) : name(__VA_ARGS__); \
    }

WU_INTERFACE_FUNCTIONS(INTERFACE_FUNCTION)
WU_YOUNGER_FUNCTIONS(YOUNGER_FUNCTION)
WU_BUFFER_FUNCTIONS(BUFFER_FUNCTION)
WU_FREE_FUNCTIONS(FREE_FUNCTION)
