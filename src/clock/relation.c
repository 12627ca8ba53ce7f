#include "clock/relation.h"

#include <stddef.h>

enum { MILLION = 1000000, BILLION = 1000000000 };

static const int64_t TOO_CLOSE = 1000000; /* [ns] instants that are closer tell no rate */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t absolute(int64_t a)
{
    return a < 0 ? -a : a;
}

/* a * part / whole to the next number towards 0, in two steps, which do not overflow for any time
 * that frames can be asked for. */
static int64_t share(int64_t a, int64_t part, int64_t whole)
{
    return a / whole * part + a % whole * part / whole;
}

/* [ns] by how much the counter may differ more after so long; rounded up. */
static int64_t widening(int64_t distance, int64_t slew)
{
    return distance != 0 ? share(absolute(distance), slew, MILLION) + 1 : 0;
}

/* --- Instants -------------------------------------------------------------------------------- */

static int64_t round_down(int64_t time, int64_t tick)
{
    return time / tick - (time % tick < 0);
}

bool wu_bracket_holds(const struct wu_bracket *bracket, int64_t tick)
{
    return round_down(bracket->before, tick) <= bracket->count &&
           bracket->count <= round_down(bracket->after, tick);
}

/* The counter was read at some moment between both, and has gone on since. */
bool wu_instant_of(const struct wu_bracket *brackets,
                   int count,
                   int64_t tick,
                   int64_t slew,
                   struct wu_instant *instant_out)
{
    const int64_t time = brackets[count - 1].after;
    struct wu_instant instant = { time, INT64_MIN, INT64_MAX, slew, 0 };

    for (int i = 0; i < count; i++) {
        const struct wu_bracket *bracket = &brackets[i];
        const int64_t wide = widening(time - bracket->before, slew);

        instant.lo = most(instant.lo, bracket->count * tick + (time - bracket->after) - wide);
        instant.hi =
            least(instant.hi, (bracket->count + 1) * tick + (time - bracket->before) + wide);
    }
    if (instant.lo > instant.hi)
        return false;
    *instant_out = instant;
    return true;
}

int64_t wu_instant_slew(const struct wu_instant *earlier, const struct wu_instant *later)
{
    const int64_t distance = later->time - earlier->time;
    const int64_t ahead = later->lo - earlier->hi - distance;
    const int64_t behind = distance - (later->hi - earlier->lo);
    const int64_t off = most(ahead, behind);

    if (off <= 0)
        return 0;
    return off < distance ? (int64_t)((double)off * MILLION / (double)distance) + 1 : INT64_MAX;
}

static int64_t middle_of(const struct wu_instant *instant)
{
    return instant->lo + (instant->hi - instant->lo) / 2;
}

int64_t wu_instant_rate(const struct wu_instant *earlier, const struct wu_instant *later)
{
    const int64_t distance = later->time - earlier->time;
    const int64_t more = middle_of(later) - middle_of(earlier) - distance;

    return distance >= TOO_CLOSE ? (int64_t)((double)more * BILLION / (double)distance) : 0;
}

/* --- Readings -------------------------------------------------------------------------------- */

static struct wu_bounds bounds_by(const struct wu_instant *instant, int64_t time, int64_t slew)
{
    const int64_t distance = time - instant->time;
    const int64_t wide = widening(distance, slew);

    return (struct wu_bounds){ instant->lo + distance - wide, instant->hi + distance + wide };
}

static struct wu_reading reading(struct wu_bounds bounds, int64_t likeliest)
{
    const int64_t middle = most(bounds.lo, least(bounds.hi, likeliest));

    return (struct wu_reading){ middle, most(bounds.hi - middle, middle - bounds.lo) };
}

/* The counter at a time so far from an instant, had it always that rate. */
static int64_t at_rate(const struct wu_instant *instant, int64_t distance, int64_t rate)
{
    return middle_of(instant) + distance + share(distance, rate, BILLION);
}

static struct wu_reading by_one(const struct wu_instant *instant, int64_t time)
{
    return reading(bounds_by(instant, time, instant->slew),
                   at_rate(instant, time - instant->time, instant->rate));
}

static struct wu_reading
by_both(const struct wu_instant *earlier, const struct wu_instant *later, int64_t time)
{
    const struct wu_bounds from = bounds_by(earlier, time, later->slew);
    const struct wu_bounds to = bounds_by(later, time, later->slew);

    return reading((struct wu_bounds){ most(from.lo, to.lo), least(from.hi, to.hi) },
                   at_rate(later, time - later->time, wu_instant_rate(earlier, later)));
}

struct wu_reading
wu_relation_at(const struct wu_instant *earlier, const struct wu_instant *later, int64_t time)
{
    if (!earlier)
        return by_one(later, time);
    if (!later)
        return by_one(earlier, time);
    return by_both(earlier, later, time);
}
