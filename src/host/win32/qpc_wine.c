/* QueryPerformanceCounter under Wine: of which clock depends on its version. */
#include "host/host.h"

#include <windows.h>

int64_t wu_host_qpc_now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

bool wu_host_qpc_is_clock(void)
{
    return false;
}
