/*
 * Loads a Unix library of winusb.dll for Wine as Wine does, and calls a function of its table.
 *
 * usage: call LIBRARY
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "unix/calls.h"

typedef int32_t unix_call(void *params);

static int failures;

static void expect(bool is_so, const char *what)
{
    if (!is_so)
        printf("FAILED  %s\n", what);
    failures += !is_so;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC_RAW, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void call_clock(unix_call *const *table)
{
    uint64_t with[12] = { WU_UNIX_CLOCK_NOW };
    const int64_t before = now();
    const int32_t status = table[0](with);

    expect(status == 0, "the call succeeds");
    expect((int64_t)with[0] >= before && (int64_t)with[0] <= now(), "the clock is Linux's");
}

static void call_unknown(unix_call *const *table)
{
    uint64_t with[12] = { WU_UNIX_CALLS };

    expect(table[0](with) == WU_UNIX_UNKNOWN && with[0] == WU_UNIX_CALLS,
           "a number that no call has is refused");
}

/* What hubs a machine has, or none, both sides of the table agree on. */
static void call_hubs(unix_call *const *table)
{
    uint64_t list = 0, size = 0;
    uint64_t with[12] = { WU_UNIX_HUB_LIST_GET, (uintptr_t)&list };
    unsigned char *hubs;

    expect(table[0](with) == 0 && with[0] == 0 && list != 0, "hubs are listed");
    with[0] = WU_UNIX_HUB_LIST_SIZE;
    with[1] = list;
    expect(table[0](with) == 0, "the list has a size");
    size = with[0];
    hubs = calloc((size_t)size + 1, WU_UNIX_HUB_SIZE);
    with[0] = WU_UNIX_HUB_LIST_COPY;
    with[2] = (uintptr_t)hubs;
    expect(table[0](with) == 0 && hubs[size * WU_UNIX_HUB_SIZE] == 0, "the list is copied");
    free(hubs);
    with[0] = WU_UNIX_HUB_LIST_FREE;
    expect(table[0](with) == 0, "the list is freed");
}

static void call_hub_request(unix_call *const *table)
{
    enum { NODE_INFORMATION = 0x220408, NOT_CONNECTED = 1167 };
    unsigned char out[76] = { 0 };
    uint64_t size = 0;
    uint64_t with[12] = { WU_UNIX_HUB_REQUEST,
                          (uintptr_t) "\\\\?\\usb#no#hub#{}",
                          NODE_INFORMATION,
                          0,
                          0,
                          (uintptr_t)out,
                          sizeof(out),
                          (uintptr_t)&size };

    expect(table[0](with) == 0 && with[0] == NOT_CONNECTED && size == 0 && out[0] == 0,
           "a hub that is not there answers nothing");
}

static void *find(void *library, const char *name)
{
    void *const found = dlsym(library, name);

    if (found == NULL) {
        printf("FAILED  %s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    return found;
}

int main(int count, char **arguments)
{
    void *const library = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    unix_call *const *table;

    if (library == NULL) {
        printf("FAILED  %s\n", count == 2 ? dlerror() : "usage: call LIBRARY");
        return EXIT_FAILURE;
    }
    table = find(library, "__wine_unix_call_funcs");
    expect(table == find(library, "__wine_unix_call_wow64_funcs"), "there is one table");
    call_clock(table);
    call_hubs(table);
    call_hub_request(table);
    call_unknown(table);
    expect(dlclose(library) == 0 && dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD) != NULL,
           "it stays loaded");
    printf("%zu bits: %d failures\n", sizeof(void *) * 8, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
