#include "host/win32/file.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "host/win32/nt.h"

struct file {
    HANDLE handle;
    bool closing;
    bool ended;    /* the last of the requests without an event has */
    HANDLE event;  /* of manual reset, set while the above holds; NULL until somebody waits */
    HANDLE port;   /* NULL: bound to none */
    ULONG_PTR key; /* of the port */
    struct file *next;
    unsigned char what[];
};

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct file *files; /* [lock] */
static atomic_uint count;  /* of files; so that who closes another handle need not wait */

static struct file *find_locked(HANDLE handle)
{
    struct file *file = files;

    while (file && file->handle != handle)
        file = file->next;

    return file;
}

/* @return the file with the lock held, or NULL without */
static struct file *lock_file(HANDLE handle)
{
    struct file *file;

    if (atomic_load(&count) == 0)
        return NULL;

    wu_host_mutex_lock(&lock);
    file = find_locked(handle);
    if (!file)
        wu_host_mutex_unlock(&lock);
    return file;
}

static void unlock_file(void)
{
    wu_host_mutex_unlock(&lock);
}

/* --- Knowing -------------------------------------------------------------------------------- */

DWORD wu_host_file_add(HANDLE handle, const void *what, size_t size)
{
    struct file *file = calloc(1, sizeof(*file) + size);
    bool known;

    if (!file)
        return ERROR_NOT_ENOUGH_MEMORY;

    file->handle = handle;
    file->ended = true;
    memcpy(file->what, what, size);

    wu_host_mutex_lock(&lock);
    known = find_locked(handle) != NULL;
    if (!known) {
        file->next = files;
        files = file;
        atomic_fetch_add(&count, 1);
    }
    unlock_file();

    if (known)
        free(file);
    return ERROR_SUCCESS;
}

bool wu_host_file_recall(HANDLE handle, void *what_out, size_t size)
{
    const struct file *file = lock_file(handle);
    bool known;

    if (!file)
        return false;

    known = !file->closing;
    if (known && size > 0)
        memcpy(what_out, file->what, size);
    unlock_file();
    return known;
}

bool wu_host_file_is_known(HANDLE handle)
{
    return wu_host_file_recall(handle, NULL, 0);
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
    struct file *file = lock_file(handle);
    bool first;

    if (!file)
        return false;

    first = !file->closing;
    file->closing = true;
    unlock_file();
    return first;
}

static void unlink_locked(const struct file *file)
{
    struct file **link = &files;

    while (*link != file)
        link = &(*link)->next;
    *link = file->next;
    atomic_fetch_sub(&count, 1);
}

void wu_host_file_forget(HANDLE handle)
{
    struct file *file = lock_file(handle);

    if (!file)
        return;

    unlink_locked(file);
    unlock_file();

    if (file->event)
        CloseHandle(file->event);
    if (file->port)
        CloseHandle(file->port);
    free(file);
}

/* --- Waiting for the file itself ------------------------------------------------------------- */

void wu_host_file_signal(HANDLE handle, bool ended)
{
    struct file *file = lock_file(handle);

    if (!file)
        return;

    file->ended = ended;
    if (file->event && ended)
        SetEvent(file->event);
    else if (file->event)
        ResetEvent(file->event);
    unlock_file();
}

HANDLE wu_host_file_event(HANDLE handle)
{
    struct file *file = lock_file(handle);
    HANDLE event;

    if (!file)
        return NULL;

    if (!file->event)
        file->event = CreateEventA(NULL, TRUE, file->ended, NULL);
    event = file->event;
    unlock_file();
    return event;
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

void wu_host_file_post(HANDLE handle, OVERLAPPED *overlapped, LONG status, ULONG bytes)
{
    const struct file *file = lock_file(handle);

    if (!file)
        return;

    if (file->port)
        NtSetIoCompletion(file->port, file->key, (ULONG_PTR)overlapped, status, bytes);
    unlock_file();
}
