/*
 * CfgMgr32's notifications. Each has a thread that looks at the bus once a second, and compares
 * what interfaces there are when something has changed there.
 */
#include <cfgmgr32.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "devices/devices.h"
#include "host/export.h"
#include "host/handle.h"
#include "host/host.h"
#include "native/fact.h"

enum { LOOKS_AFTER_CHANGE = 3 };   /* until the user may open it, which names its interfaces */
#define PERIOD INT64_C(1000000000) /* [ns] */

struct interface_path {
    GUID guid;
    char path[WU_PATH_SIZE];
};

struct paths {
    struct interface_path *paths;
    size_t count;
};

struct registration {
    struct wu_object object; /* must be first */
    CM_NOTIFY_FILTER filter;
    PCM_NOTIFY_CALLBACK call;
    void *context;
    HANDLE handle;
    struct wu_host_thread thread;

    /* The thread's own. */
    uint64_t bus; /* what was on it last */
    struct paths known;
    unsigned looks; /* that are left after the last change */

    struct wu_host_mutex lock;
    struct wu_host_cond changed;
    bool ends; /* [lock] */
};

/* --- What there is --------------------------------------------------------------------------- */

/* A number that changes with each device that comes or goes, in whichever order they are listed. */
static bool look_at_bus(uint64_t *bus_out)
{
    struct wu_usb_list list;
    uint64_t bus = 0;

    if (wu_usb_list_get(&list) != ERROR_SUCCESS)
        return false;

    for (size_t i = 0; i < list.count; i++) {
        const struct wu_usb_info *info = &list.devices[i];
        const uint64_t place = (uint64_t)info->bus << 8 | info->address;

        bus += (place + 1) * UINT64_C(0x9E3779B97F4A7C15);
    }
    wu_usb_list_free(&list);
    *bus_out = bus;
    return true;
}

static bool is_asked_for(const CM_NOTIFY_FILTER *filter, const GUID *guid)
{
    return (filter->Flags & CM_NOTIFY_FILTER_FLAG_ALL_INTERFACE_CLASSES) != 0 ||
           wu_guid_equal(&filter->u.DeviceInterface.ClassGuid, guid);
}

static void
add_paths(struct paths *paths, const struct wu_function *function, const CM_NOTIFY_FILTER *filter)
{
    for (unsigned i = 0; i < function->guids.count; i++) {
        const GUID *guid = &function->guids.guid[i];

        if (is_asked_for(filter, guid)) {
            struct interface_path *path = &paths->paths[paths->count++];

            path->guid = *guid;
            wu_function_path(function, guid, path->path);
        }
    }
}

/* @param paths_out  set on success; its paths are to be freed */
static bool look_at_interfaces(const CM_NOTIFY_FILTER *filter, struct paths *paths_out)
{
    struct wu_function_list functions;
    struct paths paths = { .count = 0 };

    if (wu_function_list_get(&functions) != ERROR_SUCCESS)
        return false;

    paths.paths = calloc(functions.count * WU_GUIDS_MAX + 1, sizeof(*paths.paths));
    for (size_t i = 0; paths.paths && i < functions.count; i++)
        add_paths(&paths, &functions.functions[i], filter);
    wu_function_list_free(&functions);
    if (!paths.paths)
        return false;

    *paths_out = paths;
    return true;
}

static bool contains(const struct paths *paths, const char *path)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(paths->paths[i].path, path) == 0)
            return true;

    return false;
}

/* --- Telling --------------------------------------------------------------------------------- */

static void tell(const struct registration *registration,
                 CM_NOTIFY_ACTION action,
                 const struct interface_path *what)
{
    union {
        CM_NOTIFY_EVENT_DATA data;
        WCHAR room[sizeof(CM_NOTIFY_EVENT_DATA) / sizeof(WCHAR) + WU_PATH_SIZE];
    } event = { .data.FilterType = CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE };
    const size_t start = offsetof(CM_NOTIFY_EVENT_DATA, u.DeviceInterface.SymbolicLink);
    size_t length;

    event.data.u.DeviceInterface.ClassGuid = what->guid;
    length = wu_fact_widen(what->path, strlen(what->path) + 1, event.room + start / sizeof(WCHAR));
    registration->call(registration->handle, registration->context, action, &event.data,
                       (DWORD)(start + length * sizeof(WCHAR)));
}

/* Tells of all paths that others lack. */
static void tell_of_missing(const struct registration *registration,
                            CM_NOTIFY_ACTION action,
                            const struct paths *paths,
                            const struct paths *others)
{
    for (size_t i = 0; i < paths->count; i++)
        if (!contains(others, paths->paths[i].path))
            tell(registration, action, &paths->paths[i]);
}

static void compare(struct registration *registration)
{
    struct paths now;

    if (!look_at_interfaces(&registration->filter, &now))
        return; /* the next time, then */

    tell_of_missing(registration, CM_NOTIFY_ACTION_DEVICEINTERFACEREMOVAL, &registration->known,
                    &now);
    tell_of_missing(registration, CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL, &now,
                    &registration->known);
    free(registration->known.paths);
    registration->known = now;
}

static void look(struct registration *registration)
{
    uint64_t bus;

    if (!look_at_bus(&bus))
        return;

    if (bus != registration->bus)
        registration->looks = LOOKS_AFTER_CHANGE;
    registration->bus = bus;
    if (registration->looks == 0)
        return;

    registration->looks--;
    compare(registration);
}

/* --- The thread ------------------------------------------------------------------------------ */

static bool wait_for_end(struct registration *registration)
{
    const int64_t until = wu_host_clock_now() + PERIOD;
    bool ends, in_time = true;

    wu_host_mutex_lock(&registration->lock);
    while (!registration->ends && in_time)
        in_time = wu_host_cond_wait_until(&registration->changed, &registration->lock, until);
    ends = registration->ends;
    wu_host_mutex_unlock(&registration->lock);
    return ends;
}

static void watch(void *argument)
{
    struct registration *registration = argument;

    while (!wait_for_end(registration))
        look(registration);
}

/* --- Registering ----------------------------------------------------------------------------- */

static void destroy(struct wu_object *object)
{
    struct registration *registration = (struct registration *)object;

    wu_host_cond_destroy(&registration->changed);
    wu_host_mutex_destroy(&registration->lock);
    free(registration->known.paths);
    free(registration);
}

/* What is there already is not told of. */
static bool begin(struct registration *registration)
{
    return look_at_bus(&registration->bus) &&
           look_at_interfaces(&registration->filter, &registration->known) &&
           wu_handle_new(WU_HANDLE_NOTIFICATION, &registration->object, &registration->handle) ==
               ERROR_SUCCESS;
}

static struct registration *
registration_new(const CM_NOTIFY_FILTER *filter, void *context, PCM_NOTIFY_CALLBACK call)
{
    struct registration *registration = calloc(1, sizeof(*registration));

    if (!registration)
        return NULL;

    wu_object_init(&registration->object, destroy);
    wu_host_mutex_init(&registration->lock);
    wu_host_cond_init(&registration->changed);
    registration->filter = *filter;
    registration->context = context;
    registration->call = call;
    if (begin(registration))
        return registration;

    wu_object_release(&registration->object);
    return NULL;
}

WU_EXPORT CONFIGRET WINAPI CM_Register_Notification(PCM_NOTIFY_FILTER filter,
                                                    PVOID context,
                                                    PCM_NOTIFY_CALLBACK callback,
                                                    PHCMNOTIFICATION notification)
{
    struct registration *registration;
    HANDLE handle;

    if (!filter || !callback || !notification)
        return CR_INVALID_POINTER;
    if (filter->cbSize != sizeof(*filter) ||
        (unsigned)filter->FilterType >= CM_NOTIFY_FILTER_TYPE_MAX)
        return CR_INVALID_DATA;
    if (filter->FilterType != CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE)
        return CR_CALL_NOT_IMPLEMENTED;

    registration = registration_new(filter, context, callback);
    if (!registration)
        return CR_OUT_OF_MEMORY;

    handle = registration->handle;
    if (!wu_host_thread_start(&registration->thread, watch, registration)) {
        wu_object_release(wu_handle_close(handle, WU_HANDLE_NOTIFICATION));
        return CR_OUT_OF_MEMORY;
    }

    *notification = handle;
    return CR_SUCCESS;
}

WU_EXPORT CONFIGRET WINAPI CM_Unregister_Notification(HCMNOTIFICATION notification)
{
    struct registration *registration =
        (struct registration *)wu_handle_close(notification, WU_HANDLE_NOTIFICATION);

    if (!registration)
        return CR_INVALID_DATA;

    wu_host_mutex_lock(&registration->lock);
    registration->ends = true;
    wu_host_cond_broadcast(&registration->changed);
    wu_host_mutex_unlock(&registration->lock);
    wu_host_thread_join(&registration->thread);
    wu_object_release(&registration->object);
    return CR_SUCCESS;
}
