/* The walk of a program that imports what it calls. */
#include "walk.h"

/* What the linker calls a function. On x86 that has the bytes of its arguments, four for each. */
#ifdef _WIN64
#define SYMBOL(name, parameters) #name
#else
#define SYMBOL(name, parameters) "_" #name "@" TEXT_OF(BYTES parameters)
#define BYTES(...) NINTH(__VA_ARGS__, 32, 28, 24, 20, 16, 12, 8, 4, 0)
#define NINTH(a, b, c, d, e, f, g, h, ninth, ...) ninth
#define TEXT_OF(number) TEXT_OF_WHAT(number)
#define TEXT_OF_WHAT(text) #text
#endif

/* The compiler's headers lack some, and have others with names of their own for the types. */
#define IMPORT(result, name, parameters) \
    result WINAPI imported_##name parameters __asm__(SYMBOL(name, parameters));
WALK_CFGMGR(IMPORT)
WALK_SETUPAPI(IMPORT)

#define ENTRY(result, name, parameters) .name = imported_##name,

int main(int argc, char **argv)
{
    const struct walk_api api = { WALK_CFGMGR(ENTRY) WALK_SETUPAPI(ENTRY) };

    return walk(&api, argc - 1, argv + 1);
}
