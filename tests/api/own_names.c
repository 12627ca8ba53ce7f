#include "own_names.h"

#include <stddef.h>

const char *own_names_called;

#define NAME(name)                \
    void name(void);              \
    void name(void)               \
    {                             \
        own_names_called = #name; \
    }
#include "own_names.inc"
#undef NAME

#define NAME(name) { #name, name },
const struct own_name own_names[] = {
#include "own_names.inc"
    { NULL, NULL },
};
#undef NAME
