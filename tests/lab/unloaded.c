/*
 * A plugin that is taken out too early: the library is loaded by its path and closed with dlclose
 * while a read is pending. The read ends nevertheless, and a library loaded again goes on with the
 * handles of before.
 *
 *     unloaded LIBRARY        needs the lab's device, and is not linked with the library
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <windows.h>
#include <winusb.h>

#include "lab/device/script.h"
#include "lab/machine.h"

#define check(condition) \
    ((condition) || (fprintf(stderr, "%d: not true: %s\n", __LINE__, #condition), false))

enum { PIPE = 0x81, LENGTH = 64, PATIENCE_MS = 10000 };

/* The functions of the library that are used here, by their names. */
#define FUNCTIONS(F)              \
    F(CloseHandle)                \
    F(CreateEventA)               \
    F(CreateFileA)                \
    F(GetLastError)               \
    F(WaitForSingleObject)        \
    F(WinUsb_Free)                \
    F(WinUsb_GetOverlappedResult) \
    F(WinUsb_Initialize)          \
    F(WinUsb_ReadPipe)

struct library {
    void *handle;
#define MEMBER(name) __typeof__(&name) name;
    FUNCTIONS(MEMBER)
#undef MEMBER
};

static bool load(const char *path, struct library *library)
{
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library->handle) {
        fprintf(stderr, "%s\n", dlerror());
        return false;
    }

#define FIND(name) library->name = (__typeof__(&name))dlsym(library->handle, #name);
    FUNCTIONS(FIND)
#undef FIND
    return true;
}

struct read {
    HANDLE file;
    WINUSB_INTERFACE_HANDLE iface;
    OVERLAPPED overlapped;
    UCHAR data[LENGTH];
};

static bool begin(const struct library *library, const char *node, struct read *read)
{
    read->overlapped.hEvent = library->CreateEventA(NULL, TRUE, FALSE, NULL);
    read->file = library->CreateFileA(node, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                                      FILE_FLAG_OVERLAPPED, NULL);
    return check(library->WinUsb_Initialize(read->file, &read->iface)) &&
           check(!library->WinUsb_ReadPipe(read->iface, PIPE, read->data, LENGTH, NULL,
                                           &read->overlapped)) &&
           check(library->GetLastError() == ERROR_IO_PENDING);
}

/* Sees without the library what a thread of the library does. */
static bool ends(const struct read *read)
{
    const volatile OVERLAPPED *const overlapped = &read->overlapped;

    for (int i = 0; i < PATIENCE_MS && !HasOverlappedIoCompleted(overlapped); i++)
        lab_sleep(1000000);
    return check(HasOverlappedIoCompleted(overlapped));
}

/* As the library's own functions see it, which are those of before. */
static bool has_ended(const struct library *library, struct read *read)
{
    DWORD bytes = 0;

    return check(library->WaitForSingleObject(read->overlapped.hEvent, PATIENCE_MS) ==
                 WAIT_OBJECT_0) &&
           check(library->WinUsb_GetOverlappedResult(read->iface, &read->overlapped, &bytes,
                                                     FALSE)) &&
           check(bytes == LENGTH && labdev_mismatch(read->data, LENGTH, 0) == LENGTH);
}

static bool give_back(const struct library *library, const struct read *read)
{
    return check(library->WinUsb_Free(read->iface)) && check(library->CloseHandle(read->file)) &&
           check(library->CloseHandle(read->overlapped.hEvent));
}

/* The device has nothing to give until the library has been closed. */
static bool close_while_reading(const struct library *library,
                                const struct labdev *device,
                                const char *node,
                                struct read *read)
{
    const struct labdev_behaviour silent = { .kind = LABDEV_NAK };
    const struct labdev_behaviour source = { .kind = LABDEV_SOURCE };

    return labdev_program(device, PIPE, &silent) && begin(library, node, read) &&
           check(dlclose(library->handle) == 0) &&
           check(!HasOverlappedIoCompleted(&read->overlapped)) &&
           labdev_program(device, PIPE, &source) && ends(read);
}

int main(int count, char **arguments)
{
    struct library first = { 0 }, again = { 0 };
    struct lab_device where;
    struct labdev device;
    struct read read = { 0 }, next = { 0 };
    const bool ok =
        count == 2 && lab_find(LABDEV_PRODUCT, &where) && labdev_open(&device, where.node) &&
        load(arguments[1], &first) && close_while_reading(&first, &device, where.node, &read) &&
        load(arguments[1], &again) && has_ended(&again, &read) && give_back(&again, &read) &&
        close_while_reading(&again, &device, where.node, &next);

    if (ok)
        printf("%u bytes read after dlclose, twice\n", (unsigned)LENGTH);
    return ok ? 0 : 1;
}
