/* QueryPerformanceCounter of the native build: ours, made of our clock. */
#include "host/host.h"

int64_t wu_host_qpc_now(void)
{
    return wu_host_qpc_from_clock(wu_host_clock_now());
}

bool wu_host_qpc_is_clock(void)
{
    return true;
}
