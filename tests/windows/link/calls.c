/*
 * Calls each function of winusb.dll as one finds it by its name, without handle or buffer: it fails
 * as it should, and takes from the stack what Microsoft's takes.
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"

#define PUBLISHED(ordinal, name, bytes) { #name, bytes },
static const struct published {
    const char *name;
    unsigned bytes;
} published[] = {
#include "published.inc"
};

/* These two tell no error, and one has nothing to fail for. */
static BOOL result_is_right(const char *name, ULONG result, DWORD error)
{
    if (!strcmp(name, "WinUsb_Free"))
        return result == TRUE;
    if (!strncmp(name, "WinUsb_Parse", 12))
        return result == 0;
    return result == FALSE && (error == ERROR_INVALID_HANDLE || error == ERROR_INVALID_PARAMETER);
}

static unsigned try_at(const struct published *function, FARPROC address, unsigned skew)
{
    struct call call;

    SetLastError(ERROR_SUCCESS);
    call = call_with_zeros(address, function->bytes, skew);
    if (call.bytes == function->bytes &&
        result_is_right(function->name, call.result, GetLastError()))
        return 0;

    printf("%s: %u bytes instead of %u, result %lu, error %lu\n", function->name, call.bytes,
           function->bytes, call.result, GetLastError());
    return 1;
}

static unsigned try_function(HMODULE dll, const struct published *function)
{
    const FARPROC address = GetProcAddress(dll, function->name);
    unsigned mistakes = 0;

    if (!address) {
        printf("%s is not exported\n", function->name);
        return 1;
    }
    for (unsigned skew = 0; skew < 16; skew += 4)
        mistakes += try_at(function, address, skew);
    return mistakes;
}

int main(void)
{
    const HMODULE dll = LoadLibraryA("winusb.dll");
    const unsigned count = sizeof(published) / sizeof(published[0]);
    unsigned mistakes = 0;

    if (!dll) {
        printf("winusb.dll: error %lu\n", GetLastError());
        return 1;
    }
    for (unsigned i = 0; i < count; i++)
        mistakes += try_function(dll, &published[i]);
    printf("%u functions called, %u mistakes\n", count, mistakes);
    return mistakes ? 1 : 0;
}
