/*
 * CfgMgr32's notifications of interfaces that come and go. Wine tells windows of them, so each
 * registration has a thread with a window that nobody sees.
 */
#include "wine/cfgmgr_parts.h"

#include <dbt.h>
#include <stddef.h>
#include <string.h>
#include <winuser.h>

#include "devices/guids.h"
#include "wine/divert.h"

enum { INTERFACES = 0, TYPES = 3, ALL_CLASSES = 1 }; /* CM_NOTIFY_FILTER_... */
enum { ARRIVAL = 0, REMOVAL = 1 };                   /* CM_NOTIFY_ACTION_DEVICEINTERFACE... */
enum { PATH_MAXIMUM = 300 };

/* CM_NOTIFY_FILTER */
struct filter {
    DWORD size;
    DWORD flags;
    int type;
    DWORD reserved;
    union {
        GUID class_guid;
        HANDLE target;
        WCHAR instance[WU_NODE_ID_SIZE];
    } of;
};

/* CM_NOTIFY_EVENT_DATA of an interface */
struct event {
    int type;
    DWORD reserved;
    GUID class_guid;
    WCHAR path[PATH_MAXIMUM];
};

typedef DWORD(CALLBACK *callback)(void *handle, void *context, int action, struct event *, DWORD);

struct registration {
    struct registration *next; /* [lock] */
    struct filter filter;
    callback call;
    void *context;
    HANDLE thread;
    DWORD thread_id;
    HANDLE ready; /* set when it listens, or cannot */
    bool listens;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct registration *registrations; /* [lock] */

/*
 * A program without windows need not have loaded user32. A name is taken as the header has it, to
 * which GetWindowLongPtrW is GetWindowLongW where pointers have 32 bits: user32 has no other there.
 */
#define TEXT_OF(name) #name
#define USER(name) ((__typeof__(&name))wu_divert_find("user32.dll", TEXT_OF(name)))

/* --- Events ---------------------------------------------------------------------------------- */

static void
tell(struct registration *registration, int action, const DEV_BROADCAST_DEVICEINTERFACE_W *what)
{
    struct event event = { .type = INTERFACES, .class_guid = what->dbcc_classguid };
    const struct filter *filter = &registration->filter;

    if (!(filter->flags & ALL_CLASSES) &&
        !wu_guid_equal(&filter->of.class_guid, &what->dbcc_classguid))
        return;

    lstrcpynW(event.path, what->dbcc_name, PATH_MAXIMUM);
    registration->call(registration, registration->context, action, &event,
                       (DWORD)(offsetof(struct event, path) +
                               ((size_t)lstrlenW(event.path) + 1) * sizeof(*event.path)));
}

static LRESULT CALLBACK hear(HWND window, UINT message, WPARAM kind, LPARAM value)
{
    struct registration *registration =
        (struct registration *)USER(GetWindowLongPtrW)(window, GWLP_USERDATA);
    const DEV_BROADCAST_DEVICEINTERFACE_W *what = (const void *)value;
    const bool comes = kind == DBT_DEVICEARRIVAL, goes = kind == DBT_DEVICEREMOVECOMPLETE;

    if (registration && message == WM_DEVICECHANGE && (comes || goes) && what &&
        what->dbcc_devicetype == DBT_DEVTYP_DEVICEINTERFACE)
        tell(registration, comes ? ARRIVAL : REMOVAL, what);
    return USER(DefWindowProcW)(window, message, kind, value);
}

static HWND make_window(struct registration *registration)
{
    const WNDCLASSW window_class = { .lpfnWndProc = hear, .lpszClassName = L"OpenWinUSB" };
    HWND window;

    USER(RegisterClassW)(&window_class); /* it may be there already */
    window = USER(CreateWindowExW)(0, window_class.lpszClassName, L"", 0, 0, 0, 0, 0, HWND_MESSAGE,
                                   NULL, NULL, NULL);
    if (window)
        USER(SetWindowLongPtrW)(window, GWLP_USERDATA, (LONG_PTR)registration);
    return window;
}

static HDEVNOTIFY listen_at(HWND window)
{
    DEV_BROADCAST_DEVICEINTERFACE_W all = { .dbcc_size = sizeof(all),
                                            .dbcc_devicetype = DBT_DEVTYP_DEVICEINTERFACE };

    return window ? USER(RegisterDeviceNotificationW)(window, &all,
                                                      DEVICE_NOTIFY_ALL_INTERFACE_CLASSES)
                  : NULL;
}

static DWORD CALLBACK serve(void *parameter)
{
    struct registration *registration = parameter;
    const HWND window = make_window(registration);
    const HDEVNOTIFY listening = listen_at(window);
    MSG message;

    registration->listens = listening != NULL;
    SetEvent(registration->ready);
    while (listening && USER(GetMessageW)(&message, NULL, 0, 0) > 0)
        USER(DispatchMessageW)(&message);
    if (listening)
        USER(UnregisterDeviceNotification)(listening);
    if (window)
        USER(DestroyWindow)(window);
    return 0;
}

/* --- Registrations --------------------------------------------------------------------------- */

static void free_registration(struct registration *registration)
{
    if (registration->thread)
        CloseHandle(registration->thread);
    if (registration->ready)
        CloseHandle(registration->ready);
    HeapFree(GetProcessHeap(), 0, registration);
}

/* Waits until it listens. */
static bool start(struct registration *registration)
{
    registration->ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!registration->ready || !LoadLibraryA("user32.dll")) /* stays */
        return false;
    registration->thread = CreateThread(NULL, 0, serve, registration, 0, &registration->thread_id);
    if (!registration->thread)
        return false;

    WaitForSingleObject(registration->ready, INFINITE);
    if (!registration->listens)
        WaitForSingleObject(registration->thread, INFINITE);
    return registration->listens;
}

static CONFIGRET
register_ours(const struct filter *filter, void *context, callback call, void **handle_out)
{
    struct registration *registration;

    if (filter->type != INTERFACES)
        return CR_CALL_NOT_IMPLEMENTED;

    registration = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*registration));
    if (!registration)
        return CR_OUT_OF_MEMORY;

    registration->filter = *filter;
    registration->call = call;
    registration->context = context;
    if (!start(registration)) {
        free_registration(registration);
        return CR_FAILURE;
    }

    AcquireSRWLockExclusive(&lock);
    registration->next = registrations;
    registrations = registration;
    ReleaseSRWLockExclusive(&lock);
    *handle_out = registration;
    return CR_SUCCESS;
}

CONFIGRET WINAPI wu_CM_Register_Notification(void *filter,
                                             void *context,
                                             void *call,
                                             void **handle_out)
{
    const wu_type_CM_Register_Notification original = WU_ORIGINAL(CM_Register_Notification);
    const struct filter *wanted = filter;

    if (!filter || !call || !handle_out)
        return CR_INVALID_POINTER;
    if (wanted->size != sizeof(*wanted) || wanted->type < 0 || wanted->type >= TYPES)
        return CR_INVALID_DATA;
    if (original && original(filter, context, call, handle_out) == CR_SUCCESS)
        return CR_SUCCESS;
    return register_ours(wanted, context, (callback)call, handle_out);
}

static struct registration *take(void *handle)
{
    struct registration **place, *registration;

    AcquireSRWLockExclusive(&lock);
    for (place = &registrations; *place && *place != handle;)
        place = &(*place)->next;
    registration = *place;
    if (registration)
        *place = registration->next;
    ReleaseSRWLockExclusive(&lock);
    return registration;
}

/* No callback runs any more afterwards; so it must not be called in one. */
CONFIGRET WINAPI wu_CM_Unregister_Notification(void *handle)
{
    const wu_type_CM_Unregister_Notification original = WU_ORIGINAL(CM_Unregister_Notification);
    struct registration *registration = take(handle);

    if (!registration)
        return original && handle ? original(handle) : CR_INVALID_DATA;

    USER(PostThreadMessageW)(registration->thread_id, WM_QUIT, 0, 0);
    WaitForSingleObject(registration->thread, INFINITE);
    free_registration(registration);
    return CR_SUCCESS;
}
