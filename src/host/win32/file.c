#include "host/win32/file.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "host/win32/nt.h"

/*
 * A file stays in the list when it is forgotten, and its place is the next one's. So a look needs
 * no lock: system calls of the whole process come to look here, and a thread that another one has
 * suspended must not be able to hold them up.
 */
struct file {
    struct file *next;      /* constant */
    size_t size;            /* [bytes] of what; constant */
    atomic_uintptr_t owner; /* the handle, with CLOSING while it is being closed; 0: a free place */
    atomic_uintptr_t told;  /* the event to wait for, 0 until somebody waits, and ENDED while the
                               last of the requests without an event has ended */
    HANDLE port;            /* [lock] NULL: bound to none */
    ULONG_PTR key;          /* [lock] of the port */
    unsigned char what[];   /* [lock] */
};

/* In the lowest bits of a handle, which are not part of it. */
enum { CLOSING = 1, ENDED = 1, MARK = 1 };

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static _Atomic(struct file *) files; /* written under lock */

static HANDLE handle_in(uintptr_t marked)
{
    return (HANDLE)(marked & ~(uintptr_t)MARK);
}

/* Without the lock, the file may be forgotten, and its place another's, at any time. */
static struct file *find(HANDLE handle)
{
    struct file *file = handle ? atomic_load(&files) : NULL;

    while (file && handle_in(atomic_load(&file->owner)) != handle)
        file = file->next;

    return file;
}

/* @return the file with the lock held, or NULL without */
static struct file *lock_file(HANDLE handle)
{
    struct file *file;

    if (!find(handle))
        return NULL;

    wu_host_mutex_lock(&lock);
    file = find(handle);
    if (!file)
        wu_host_mutex_unlock(&lock);
    return file;
}

static void unlock_file(void)
{
    wu_host_mutex_unlock(&lock);
}

/* --- Waiting for the file itself ------------------------------------------------------------- */

static void set_event(HANDLE event, bool set)
{
    if (set)
        SetEvent(event);
    else
        ResetEvent(event);
}

static void tell_locked(struct file *file, bool ended)
{
    const uintptr_t before = ended ? atomic_fetch_or(&file->told, (uintptr_t)ENDED)
                                   : atomic_fetch_and(&file->told, ~(uintptr_t)ENDED);

    if (handle_in(before))
        set_event(handle_in(before), ended);
}

void wu_host_file_begin(HANDLE handle)
{
    struct file *file = lock_file(handle);

    if (!file)
        return;

    tell_locked(file, false);
    unlock_file();
}

/* The event is in the state that it has to have when it becomes known, and whoever changes that
 * state afterwards finds it. It stays when the file is forgotten: somebody may be about to wait. */
static HANDLE make_event(struct file *file)
{
    uintptr_t told = atomic_load(&file->told);
    const HANDLE event = CreateEventA(NULL, TRUE, (told & ENDED) != 0, NULL);

    while (event && !handle_in(told)) {
        if (atomic_compare_exchange_strong(&file->told, &told, told | (uintptr_t)event))
            return event;
        set_event(event, (told & ENDED) != 0);
    }
    if (event)
        CloseHandle(event);
    return handle_in(told);
}

HANDLE wu_host_file_event(HANDLE handle)
{
    struct file *file = find(handle);
    HANDLE event;

    if (!file)
        return NULL;

    event = handle_in(atomic_load(&file->told));
    return event ? event : make_event(file);
}

/* --- Knowing -------------------------------------------------------------------------------- */

static struct file *find_place_locked(size_t size)
{
    struct file *file = atomic_load(&files);

    while (file && (atomic_load(&file->owner) != 0 || file->size != size))
        file = file->next;

    return file;
}

static struct file *add_place_locked(size_t size)
{
    struct file *file = calloc(1, sizeof(*file) + size);

    if (file) {
        file->size = size;
        file->next = atomic_load(&files);
        atomic_store(&files, file);
    }
    return file;
}

static DWORD add_locked(HANDLE handle, const void *what, size_t size)
{
    struct file *file = find_place_locked(size);

    if (!file)
        file = add_place_locked(size);
    if (!file)
        return ERROR_NOT_ENOUGH_MEMORY;

    memcpy(file->what, what, size);
    tell_locked(file, true);
    atomic_store(&file->owner, (uintptr_t)handle);
    return ERROR_SUCCESS;
}

DWORD wu_host_file_add(HANDLE handle, const void *what, size_t size)
{
    DWORD error = ERROR_SUCCESS;

    wu_host_mutex_lock(&lock);
    if (!find(handle))
        error = add_locked(handle, what, size);
    unlock_file();

    return error;
}

static bool is_open(struct file *file, HANDLE handle)
{
    return atomic_load(&file->owner) == (uintptr_t)handle;
}

bool wu_host_file_recall(HANDLE handle, void *what_out, size_t size)
{
    struct file *file = lock_file(handle);
    bool known;

    if (!file)
        return false;

    known = is_open(file, handle);
    if (known)
        memcpy(what_out, file->what, size);
    unlock_file();
    return known;
}

bool wu_host_file_is_known(HANDLE handle)
{
    struct file *file = find(handle);

    return file && is_open(file, handle);
}

void wu_host_file_update(HANDLE handle, const void *what, size_t size)
{
    struct file *file = lock_file(handle);

    if (!file)
        return;

    memcpy(file->what, what, size);
    unlock_file();
}

bool wu_host_file_closing(HANDLE handle)
{
    struct file *file = find(handle);
    uintptr_t open = (uintptr_t)handle;

    return file && atomic_compare_exchange_strong(&file->owner, &open, open | CLOSING);
}

void wu_host_file_forget(HANDLE handle)
{
    struct file *file = lock_file(handle);
    HANDLE port;

    if (!file)
        return;

    port = file->port;
    file->port = NULL;
    atomic_store(&file->owner, 0);
    unlock_file();

    if (port)
        CloseHandle(port);
}

/* --- Completion ports ------------------------------------------------------------------------ */

void wu_host_file_bind(HANDLE handle, HANDLE port, ULONG_PTR key)
{
    struct file *file = lock_file(handle);

    if (!file)
        return;

    if (!file->port && DuplicateHandle(GetCurrentProcess(), port, GetCurrentProcess(), &file->port,
                                       0, FALSE, DUPLICATE_SAME_ACCESS))
        file->key = key;
    unlock_file();
}

/* Until the end the lock keeps the file from being bound. */
void wu_host_file_end(HANDLE handle, HANDLE event, OVERLAPPED *overlapped, LONG status, ULONG bytes)
{
    struct file *file = lock_file(handle);

    if (event)
        SetEvent(event);
    if (!file)
        return;

    if (!event)
        tell_locked(file, true);
    if (overlapped && file->port)
        NtSetIoCompletion(file->port, file->key, (ULONG_PTR)overlapped, status, bytes);
    unlock_file();
}
