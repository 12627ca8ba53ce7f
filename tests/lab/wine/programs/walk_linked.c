/* The walk of a program that imports what it calls. */
#include "walk.h"

/* The compiler's headers lack some, and have others with names of their own for the types. */
#define IMPORT(result, name, parameters) result WINAPI imported_##name parameters __asm__(#name);
WALK_CFGMGR(IMPORT)
WALK_SETUPAPI(IMPORT)

#define ENTRY(result, name, parameters) .name = imported_##name,

int main(int argc, char **argv)
{
    const struct walk_api api = { WALK_CFGMGR(ENTRY) WALK_SETUPAPI(ENTRY) };

    return walk(&api, argc - 1, argv + 1);
}
