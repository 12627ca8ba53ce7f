#include "clock/frame_clock.h"

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

/* An offset from t_ref + T [ns]: not below the one, not above the other. */
struct range {
    double least;
    double most;
};

/* The range of b(m) - t_ref - T, for the boundary at nominal distance t from the reference. */
static struct range offset_range(const struct wu_frame_clock *clock, double t)
{
    const double widening = wu_frame_clock_widening(clock->wander, t);
    struct range range;

    wu_polygon_range(&clock->polygon, t, &range.least, &range.most);
    return (struct range){ range.least - widening, range.most + widening + (double)clock->late };
}

/* As floor() does, but without a call: this is in the path of every query. */
static int64_t round_down(double x)
{
    const double bounded = x > FARTHEST ? FARTHEST : x < -FARTHEST ? -FARTHEST : x;
    const int64_t whole = (int64_t)bounded;

    return whole - ((double)whole > bounded);
}

struct wu_bounds wu_frame_clock_bounds(const struct wu_frame_clock *clock, int64_t microframe)
{
    const int64_t t = (microframe - clock->m_ref) * WU_MICROFRAME;
    const struct range offset = offset_range(clock, (double)t);

    return (struct wu_bounds){ clock->t_ref + t + round_down(offset.least),
                               clock->t_ref + t - round_down(-offset.most) };
}

double wu_frame_clock_half_width(const struct wu_frame_clock *clock, int64_t time)
{
    const struct range offset = offset_range(clock, (double)(time - clock->t_ref));

    return (offset.most - offset.least) / 2;
}

/* Half as long again as the rate's limit lets a microframe differ from nominal. */
static const int64_t UNEVEN = 3 * WU_MICROFRAME / 2000; /* [ns] */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/*
 * A vertex is as good a guess as any: where it misses, the middle there says by how far. Only close
 * to the end of a microframe is the next boundary worth asking for.
 */
int64_t wu_frame_clock_current(const struct wu_frame_clock *clock,
                               int64_t time,
                               struct wu_bounds *bounds_out)
{
    const double elapsed = (double)(time - clock->t_ref) - clock->polygon.vertex[0].o;
    const double t = elapsed - elapsed * clock->polygon.vertex[0].v;
    int64_t microframe = clock->m_ref + round_down(t * (1.0 / WU_MICROFRAME));

    for (;;) {
        *bounds_out = wu_frame_clock_bounds(clock, microframe);

        const int64_t since = time - wu_bounds_middle(*bounds_out);

        if (since >= 0 && since < WU_MICROFRAME - UNEVEN)
            return microframe;
        if (since >= 0 && since < WU_MICROFRAME + UNEVEN)
            break;
        microframe += floor_divide(since, WU_MICROFRAME);
    }

    const struct wu_bounds next = wu_frame_clock_bounds(clock, microframe + 1);

    if (wu_bounds_middle(next) > time)
        return microframe;
    *bounds_out = next;
    return microframe + 1;
}

int64_t wu_frame_clock_microframe_at(const struct wu_frame_clock *clock, int64_t time)
{
    struct wu_bounds bounds;

    return wu_frame_clock_current(clock, time, &bounds);
}

int64_t wu_frame_extend(int64_t expected, uint32_t raw, unsigned bits)
{
    const uint64_t period = UINT64_C(1) << bits;
    const uint64_t ahead = (raw - (uint64_t)expected) & (period - 1);

    return ahead <= period / 2 ? expected + (int64_t)ahead
                               : expected + (int64_t)ahead - (int64_t)period;
}
