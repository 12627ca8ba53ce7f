#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void fuzz_fail(const char *promise, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not kept: %s\n", file, line, promise);
    abort();
}
