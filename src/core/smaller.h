/* What no header of Win32 has without a macro. */
#ifndef WU_CORE_SMALLER_H
#define WU_CORE_SMALLER_H

#include <windows.h>

static inline ULONG wu_smaller(ULONG a, ULONG b)
{
    return a < b ? a : b;
}

#endif
