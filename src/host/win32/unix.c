/* What a DLL for Wine has of host.h: its Unix side's clock, sleep and log. */
#include <stdio.h>

#include "host/host.h"
#include "host/punctual.h"
#include "unix/calls.h"
#include "unix/gate.h"

enum { NS_PER_SECOND = 1000000000, NS_PER_TICK = 100 /* of QueryPerformanceCounter */ };

/* --- Clock ------------------------------------------------------------------------------------ */

int64_t wu_host_clock_now(void)
{
    return (int64_t)wu_unix(WU_UNIX_CLOCK_NOW, 0);
}

int64_t wu_host_clock_read(enum wu_host_clock clock)
{
    return (int64_t)wu_unix(WU_UNIX_CLOCK_READ, 0, clock);
}

int64_t wu_host_clock_error(void)
{
    return (int64_t)wu_unix(WU_UNIX_CLOCK_ERROR, 0);
}

int64_t wu_host_clock_suspended(void)
{
    return (int64_t)wu_unix(WU_UNIX_CLOCK_SUSPENDED, 0);
}

int64_t wu_host_clock_sleep_sign(void)
{
    return (int64_t)wu_unix(WU_UNIX_CLOCK_SLEEP_SIGN, 0);
}

void wu_host_sleep_until(int64_t when)
{
    wu_unix(WU_UNIX_SLEEP_UNTIL, 0, (uint64_t)when);
}

int64_t wu_host_qpc_frequency(void)
{
    return NS_PER_SECOND / NS_PER_TICK;
}

int64_t wu_host_qpc_from_clock(int64_t now)
{
    return now / NS_PER_TICK - (now % NS_PER_TICK < 0);
}

int64_t wu_host_qpc_nearest(int64_t now)
{
    return wu_host_qpc_from_clock(now + NS_PER_TICK / 2);
}

int64_t wu_host_qpc_half_tick(void)
{
    return NS_PER_TICK / 2;
}

int64_t wu_host_clock_from_qpc(int64_t qpc)
{
    return qpc * NS_PER_TICK;
}

/* --- Threads and log -------------------------------------------------------------------------- */

void wu_host_be_punctual(void)
{
    wu_unix(WU_UNIX_BE_PUNCTUAL, 0);
}

/* That there is no Unix side is also said. */
void wu_host_write_line(const char *line)
{
    if (wu_unix_is_open()) {
        wu_unix(WU_UNIX_WRITE_LINE, 0, WU_UNIX_POINTER(line));
        return;
    }

    fputs(line, stderr);
    fflush(stderr);
}
