#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exports ours;
struct double_state *state;

static HMODULE module;
static volatile LONG failed, passed;

void check(bool right, const char *text, const char *file, int line)
{
    InterlockedIncrement(right ? &passed : &failed);
    if (!right)
        printf("%s:%d: not so: %s (last error %lu)\n", file, line, text, GetLastError());
}

void check_equal(uint64_t is, uint64_t wanted, const char *text, const char *file, int line)
{
    InterlockedIncrement(is == wanted ? &passed : &failed);
    if (is != wanted)
        printf("%s:%d: %s is %#llx, not %#llx\n", file, line, text, (unsigned long long)is,
               (unsigned long long)wanted);
}

#define GET_EXPORT(name)                                                          \
    ours.name = (__typeof__(&name))(void (*)(void))GetProcAddress(module, #name); \
    CHECK(ours.name != NULL);

void load_ours(void)
{
    setvbuf(stdout, NULL, _IONBF, 0); /* should it crash later */
    module = LoadLibraryA("winusb.dll");
    if (!module) {
        printf("no winusb.dll: error %lu\n", GetLastError());
        exit(1);
    }
    EVERY_EXPORT(GET_EXPORT)
}

bool stays_loaded(void)
{
    HMODULE found;

    FreeLibrary(module);
    return GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                  GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                              (const char *)(void *)ours.WinUsb_Free, &found);
}

void load_double(void)
{
    char path[MAX_PATH + 16];
    HMODULE system;
    double_state_function *function = NULL;

    GetSystemDirectoryA(path, MAX_PATH);
    strcat(path, "\\winusb.dll");
    system = LoadLibraryA(path);
    if (system)
        function = (double_state_function *)(void (*)(void))GetProcAddress(system, "double_state");
    state = function ? function() : NULL;
}

const struct double_call *last_call(void)
{
    return &state->call[(state->calls - 1) % DOUBLE_CALLS];
}

HANDLE open_interface(void)
{
    HANDLE handle = NULL;

    state->writes = true;
    SetLastError(4711);
    CHECK(ours.WinUsb_Initialize((HANDLE)0x4444, &handle));
    CHECK(GetLastError() == 4711);
    state->writes = false;
    CHECK(handle != NULL);
    return handle;
}

int report(void)
{
    printf("%ld checks passed, %ld failed\n", passed, failed);
    return failed > 0;
}
