#include "clock/frame_clock.h"

#include <math.h>

/* Far beyond any use, and exact enough in a double to be taken to int64_t. */
static const double FARTHEST = 1e18; /* [ns] */

/*
 * With |dy/dt| <= wander the boundary is off the tangent by wander * T^2 / 2. 0.5006 instead of a
 * half because T is nominal time, up to 1000 ppm from the host's; 1 ns for what doubles round off.
 */
double wu_frame_clock_widening(double wander, double t)
{
    return 0.5006 * wander * 1e-9 * t * t + 1.0;
}

/* The range of b(m) - t_ref - T, for the boundary at nominal distance t from the reference. */
static void offset_range(const struct wu_frame_clock *clock, double t, double *least, double *most)
{
    const double widening = wu_frame_clock_widening(clock->wander, t);

    *least = *most = clock->vertex[0].o + clock->vertex[0].v * t;
    for (int64_t i = 1; i < clock->count; i++) {
        const double offset = clock->vertex[i].o + clock->vertex[i].v * t;

        *least = offset < *least ? offset : *least;
        *most = offset > *most ? offset : *most;
    }
    *least -= widening;
    *most += widening + (double)clock->late;
}

static int64_t to_ns(double offset)
{
    return (int64_t)fmax(-FARTHEST, fmin(FARTHEST, offset));
}

struct wu_bounds wu_frame_clock_bounds(const struct wu_frame_clock *clock, int64_t microframe)
{
    const int64_t t = (microframe - clock->m_ref) * WU_MICROFRAME;
    double least;
    double most;

    offset_range(clock, (double)t, &least, &most);
    return (struct wu_bounds){ clock->t_ref + t + to_ns(floor(least)),
                               clock->t_ref + t + to_ns(ceil(most)) };
}

double wu_frame_clock_half_width(const struct wu_frame_clock *clock, int64_t time)
{
    double least;
    double most;

    offset_range(clock, (double)(time - clock->t_ref), &least, &most);
    return (most - least) / 2;
}

/* The rate is off by 1 in 1000 at most, so each step leaves a thousandth of the error. */
int64_t wu_frame_clock_microframe_at(const struct wu_frame_clock *clock, int64_t time)
{
    const double elapsed = (double)(time - clock->t_ref);
    double t = elapsed;

    for (int i = 0; i < 3; i++) {
        double least;
        double most;

        offset_range(clock, t, &least, &most);
        t = elapsed - (least + most) / 2;
    }

    const int64_t microframe = clock->m_ref + (int64_t)floor(t / WU_MICROFRAME);
    const struct wu_bounds next = wu_frame_clock_bounds(clock, microframe + 1);

    if (wu_bounds_middle(next) <= time)
        return microframe + 1;
    return wu_bounds_middle(wu_frame_clock_bounds(clock, microframe)) <= time ? microframe
                                                                              : microframe - 1;
}

int64_t wu_frame_extend(int64_t expected, uint32_t raw, unsigned bits)
{
    const uint64_t period = UINT64_C(1) << bits;
    const uint64_t ahead = (raw - (uint64_t)expected) & (period - 1);

    return ahead <= period / 2 ? expected + (int64_t)ahead
                               : expected + (int64_t)ahead - (int64_t)period;
}
