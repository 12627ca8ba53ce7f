#include "host/win32/qpc.h"

enum { NS_PER_SECOND = 1000000000 };

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* a * to / from, rounded down; whole seconds apart, so that nothing overflows. */
static int64_t scale(int64_t a, int64_t from, int64_t to)
{
    const int64_t seconds = floor_divide(a, from);
    const int64_t rest = a - seconds * from;

    return seconds * to + rest * to / from;
}

int64_t wu_qpc_to_clock(int64_t qpc, int64_t frequency)
{
    return scale(qpc, frequency, NS_PER_SECOND);
}

int64_t wu_qpc_from_clock(int64_t now, int64_t frequency)
{
    return -scale(-(now + 1), NS_PER_SECOND, frequency) - 1;
}

int64_t wu_qpc_nearest(int64_t now, int64_t frequency)
{
    return wu_qpc_from_clock(now + NS_PER_SECOND / frequency / 2, frequency);
}

int64_t wu_qpc_half_tick(int64_t frequency)
{
    const int64_t halves = 2 * frequency;

    return (NS_PER_SECOND + halves - 1) / halves;
}
