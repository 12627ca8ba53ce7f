/*
 * The walk of a program that has winusb.dll from its start, and finds the rest by names, in DLLs
 * that it loads later.
 */
#include "walk.h"

#include <stdbool.h>

#include "expect.h"

static bool complete = true;

static void *find(HMODULE module, const char *name)
{
    void *const function = (void *)(ULONG_PTR)GetProcAddress(module, name);

    if (!function) {
        say("%s is missing", name);
        complete = false;
    }
    return function;
}

#define FROM_CFGMGR(result, name, parameters) \
    .name = (result(WINAPI *) parameters)find(cfgmgr, #name),
#define FROM_SETUPAPI(result, name, parameters) \
    .name = (result(WINAPI *) parameters)find(setupapi, #name),

int main(int argc, char **argv)
{
    const HMODULE cfgmgr = LoadLibraryA("cfgmgr32.dll"), setupapi = LoadLibraryA("setupapi.dll");
    const struct walk_api api = { WALK_CFGMGR(FROM_CFGMGR) WALK_SETUPAPI(FROM_SETUPAPI) };

    return complete ? walk(&api, argc - 1, argv + 1) : 1;
}
