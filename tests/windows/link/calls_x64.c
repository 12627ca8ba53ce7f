/* x64: the caller clears the stack, so there is nothing to see but that the call returns. */
#include "calls.h"

typedef ULONG(WINAPI *FUNCTION)(PVOID, PVOID, PVOID, PVOID, PVOID, PVOID, PVOID);

struct call call_with_zeros(FARPROC function, unsigned bytes, unsigned skew)
{
    const FUNCTION with_seven = (FUNCTION)(void (*)(void))function;
    const struct call call = { with_seven(NULL, NULL, NULL, NULL, NULL, NULL, NULL), bytes };

    UNREFERENCED_PARAMETER(skew);
    return call;
}
