/* What a DLL for Windows has of host.h that the DLL for Wine asks Linux for. */
#include "host/host.h"

#include <stdio.h>
#include <windows.h>

#include "host/punctual.h"
#include "host/win32/qpc.h"

enum { NS_PER_MS = 1000000, NS_PER_UNIT = 100 /* of Win32's timers */ };

/* --- Clock: QueryPerformanceCounter, in ns ---------------------------------------------------- */

int64_t wu_host_qpc_frequency(void)
{
    LARGE_INTEGER frequency;

    QueryPerformanceFrequency(&frequency);
    return frequency.QuadPart;
}

int64_t wu_host_clock_from_qpc(int64_t qpc)
{
    return wu_qpc_to_clock(qpc, wu_host_qpc_frequency());
}

int64_t wu_host_qpc_now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

bool wu_host_qpc_is_clock(void)
{
    return true;
}

int64_t wu_host_clock_now(void)
{
    return wu_host_clock_from_qpc(wu_host_qpc_now());
}

int64_t wu_host_clock_read(enum wu_host_clock clock)
{
    (void)clock;
    return wu_host_clock_now();
}

int64_t wu_host_qpc_from_clock(int64_t now)
{
    return wu_qpc_from_clock(now, wu_host_qpc_frequency());
}

int64_t wu_host_qpc_nearest(int64_t now)
{
    return wu_qpc_nearest(now, wu_host_qpc_frequency());
}

int64_t wu_host_qpc_half_tick(void)
{
    return wu_qpc_half_tick(wu_host_qpc_frequency());
}

/* Windows gives up a counter that differs between processors by more than it can correct. */
int64_t wu_host_clock_error(void)
{
    enum { HANDOVER = 100 }; /* [ns] */

    return HANDOVER + 2 * wu_host_qpc_half_tick();
}

typedef void(WINAPI *interrupt_time_function)(ULONGLONG *);

static void WINAPI no_interrupt_time(ULONGLONG *time_out)
{
    *time_out = 0;
}

static interrupt_time_function find_interrupt_time(void)
{
    const HMODULE module = GetModuleHandleA("kernelbase.dll");
    void *function = module ? (void *)GetProcAddress(module, "QueryInterruptTime") : NULL;

    return function ? (interrupt_time_function)function : no_interrupt_time;
}

/* Since Windows 10. @return false before */
static bool interrupt_time(ULONGLONG *time_out)
{
    static _Atomic(interrupt_time_function) known;
    interrupt_time_function function = known;

    if (!function)
        known = function = find_interrupt_time();
    function(time_out);
    return function != no_interrupt_time;
}

/* The two clocks are read one after the other; the narrowest of a few pairs is not disturbed. Where
 * there is only one, a sleep shows by what it did to the counter. */
int64_t wu_host_clock_suspended(void)
{
    enum { PAIRS = 4 };
    int64_t least = INT64_MAX;

    for (int i = 0; i < PAIRS; i++) {
        ULONGLONG running, all;

        QueryUnbiasedInterruptTime(&running);
        if (!interrupt_time(&all))
            return 0;
        if ((int64_t)(all - running) < least)
            least = (int64_t)(all - running);
    }
    return least * NS_PER_UNIT;
}

/* Windows keeps these where every process can read them, as of its last interrupt. */
int64_t wu_host_clock_sleep_sign(void)
{
    ULONGLONG running, all;

    if (!interrupt_time(&all))
        return 0;
    QueryUnbiasedInterruptTime(&running);
    return (int64_t)(all - running) * NS_PER_UNIT;
}

/* --- Sleep ----------------------------------------------------------------------------------- */

/* Since Windows 10 1803 there are timers that do not wait for the next clock interrupt. */
static HANDLE timer_new(void)
{
    enum { HIGH_RESOLUTION = 2 }; /* CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, younger than MinGW 10 */
    const HANDLE timer =
        CreateWaitableTimerExW(NULL, NULL, HIGH_RESOLUTION, TIMER_MODIFY_STATE | SYNCHRONIZE);

    return timer ? timer : CreateWaitableTimerW(NULL, FALSE, NULL);
}

static bool sleep_by_timer(HANDLE timer, int64_t ns)
{
    const LARGE_INTEGER due = { .QuadPart = -((ns + NS_PER_UNIT - 1) / NS_PER_UNIT) };

    return timer && SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE) &&
           WaitForSingleObject(timer, INFINITE) == WAIT_OBJECT_0;
}

/* [ms] rounded up, in pieces that fit. */
static DWORD milliseconds(int64_t ns)
{
    enum { LONGEST = 3600000 };
    const int64_t ms = (ns + NS_PER_MS - 1) / NS_PER_MS;

    return (DWORD)(ms < LONGEST ? ms : LONGEST);
}

/* [ns] 0 when that is past, however long. */
static int64_t time_left(int64_t when)
{
    const int64_t now = wu_host_clock_now();

    return when > now ? when - now : 0;
}

void wu_host_sleep_until(int64_t when)
{
    int64_t left = time_left(when);
    const HANDLE timer = left > 0 ? timer_new() : NULL;

    for (; left > 0; left = time_left(when))
        if (!sleep_by_timer(timer, left))
            Sleep(milliseconds(left));
    if (timer)
        CloseHandle(timer);
}

/* --- Threads and log -------------------------------------------------------------------------- */

void wu_host_be_punctual(void)
{
    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_TIME_CRITICAL);
}

/* Programs with windows have no stderr: debuggers and DebugView see the other. Wine's C library
 * keeps what is written to stderr until there is more. */
void wu_host_write_line(const char *line)
{
    fputs(line, stderr);
    fflush(stderr);
    OutputDebugStringA(line);
}
