#include "frame/sim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"

enum { WAVES = 3 };

/* One triangle wave of the rate. */
struct wave {
    double period; /* [s] */
    double phase;  /* [1] of a period */
    double slope;  /* [1/s] greatest */
};

struct sim {
    struct wu_frame_source base;
    struct wu_frame_source_ops ops;
    struct wu_sim_options options;
    uint64_t random;
    int64_t origin; /* [ns] */
    int64_t jump;   /* [ticks] what a reset or an outage with loss of power added */
    struct wave wave[WAVES];
};

/* --- Randomness: splitmix64, seeded ---------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static double unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

static double draw(struct sim *sim)
{
    sim->random += UINT64_C(0x9E3779B97F4A7C15);
    return unit(mix(sim->random));
}

/* --- Truth ----------------------------------------------------------------------------------- */

/* Integral from 0 to x of a triangle wave of period 1 and slope 1, zero at 0: first up to 1/4. */
static double triangle_integral(double x)
{
    const double u = x - floor(x);

    if (u < 0.25)
        return u * u / 2;
    if (u < 0.75)
        return 1.0 / 32 + (u - 0.25) / 4 - (u - 0.25) * (u - 0.25) / 2;
    return 1.0 / 32 - (u - 0.75) / 4 + (u - 0.75) * (u - 0.75) / 2;
}

/* By how much the counter's own time t [s] lies ahead of nominal in host time [ns]. */
static double gained(const struct sim *sim, double t)
{
    const struct wu_sim_options *o = &sim->options;
    double seconds = o->drift * 1e-6 * t;

    for (int i = 0; i < WAVES; i++) {
        const struct wave *wave = &sim->wave[i];

        seconds +=
            wave->slope * wave->period * wave->period *
            (triangle_integral(t / wave->period + wave->phase) - triangle_integral(wave->phase));
    }
    if (o->step != 0 && t > o->step_at) {
        const double since = t - o->step_at;

        seconds += o->step * 1e-6 * (since - o->step_tau * (1 - exp(-since / o->step_tau)));
    }
    return seconds * 1e9 + (t > o->leap_at ? o->leap : 0);
}

/* Host time at which the counter's own time is t [ns], both from the origin. */
static double host_time_of(const struct sim *sim, double t)
{
    return t + gained(sim, t * 1e-9);
}

static double own_time_of(const struct sim *sim, double host_time)
{
    double t = host_time;

    for (int i = 0; i < 4; i++)
        t -= host_time_of(sim, t) - host_time;
    return t;
}

int64_t wu_frame_sim_truth(const struct wu_frame_source *source, int64_t index)
{
    const struct sim *sim = (const struct sim *)source;
    const int64_t t = (index - sim->options.first_tick) * sim->options.tick;

    return sim->origin + t + (int64_t)llround(gained(sim, (double)t * 1e-9));
}

int64_t wu_frame_sim_index_at(const struct wu_frame_source *source, int64_t time)
{
    const struct sim *sim = (const struct sim *)source;
    const double own = own_time_of(sim, (double)(time - sim->origin));

    return sim->options.first_tick + (int64_t)floor(own / (double)sim->options.tick);
}

/* An emulation moves its counter when a timer runs, some time after the tick was due. */
static int64_t lag_of(const struct sim *sim, int64_t index)
{
    return (int64_t)((double)sim->options.late * unit(mix((uint64_t)index ^ sim->options.seed)));
}

static int64_t lagging(const struct sim *sim, int64_t index, int64_t time)
{
    if (sim->options.late == 0)
        return index;
    while (time < wu_frame_sim_truth(&sim->base, index) + lag_of(sim, index))
        index--;
    return index;
}

/* A later tick that comes in time takes those before it along. */
int64_t wu_frame_sim_shown_from(const struct wu_frame_source *source, int64_t index)
{
    const struct sim *sim = (const struct sim *)source;
    const int64_t last = index + sim->options.late / sim->options.tick + 1;
    int64_t first = INT64_MAX;

    for (int64_t i = index; i <= last; i++) {
        const int64_t shown = wu_frame_sim_truth(source, i) + lag_of(sim, i);

        first = shown < first ? shown : first;
    }
    return first;
}

static bool within(double since, double from, double length)
{
    return from > 0 && since >= from && since < from + length;
}

int64_t wu_frame_sim_shown_at(const struct wu_frame_source *source, int64_t time)
{
    const struct sim *sim = (const struct sim *)source;
    const struct wu_sim_options *o = &sim->options;
    const double since = (double)(time - sim->origin) * 1e-9;
    int64_t stood = 0; /* [ticks] */

    if (within(since, o->stop_at, o->outage))
        time = sim->origin + (int64_t)(o->stop_at * 1e9);
    else if (o->stop_at > 0 && since >= o->stop_at)
        stood = (int64_t)(o->outage * 1e9) / o->tick;
    return lagging(sim, wu_frame_sim_index_at(source, time), time) - stood +
           ((o->reset_at > 0 && since >= o->reset_at) || (o->absent_at > 0 && since >= o->absent_at)
                ? sim->jump
                : 0);
}

/* --- Reads ----------------------------------------------------------------------------------- */

static void spend(const struct sim *sim, double ns)
{
    if (sim->options.spend)
        sim->options.spend((int64_t)ns);
}

static double exponential(struct sim *sim, double mean)
{
    return -mean * log(1 - draw(sim));
}

/* What one read takes [ns], and an interruption that may come before or after the counter is
 * latched. */
static double duration(struct sim *sim)
{
    const struct wu_sim_options *o = &sim->options;
    double ns = (double)o->fixed + exponential(sim, (double)o->jitter);

    if (draw(sim) < o->tail)
        ns += draw(sim) * (double)o->tail_max;
    return ns;
}

static double interruption(struct sim *sim)
{
    if (draw(sim) >= sim->options.preempted / 2)
        return 0;
    return draw(sim) * (double)sim->options.preempted_max;
}

static bool sim_read(struct wu_frame_source *source, uint32_t *raw)
{
    struct sim *sim = (struct sim *)source;
    const struct wu_sim_options *o = &sim->options;
    const double whole = duration(sim);
    const double latched = 0.35 * whole; /* off centre, as real ones are */

    spend(sim, latched + interruption(sim));
    const int64_t now = wu_host_clock_now();
    const int64_t shown = wu_frame_sim_shown_at(source, now);
    spend(sim, whole - latched + interruption(sim));

    if (within((double)(now - sim->origin) * 1e-9, o->absent_at, o->outage)) {
        *raw = WU_FRAME_ABSENT;
        return true;
    }
    const int64_t off = draw(sim) < o->glitch ? (draw(sim) < 0.5 ? 8 : -8) : 0;

    *raw = (uint32_t)(shown + off) & (uint32_t)((UINT64_C(1) << o->bits) - 1);
    return true;
}

static void sim_destroy(struct wu_frame_source *source)
{
    free(source);
}

/* --- Making one ------------------------------------------------------------------------------ */

/* Shares the wander out among slow, middling and fast waves, so that it is reached now and then. */
static void make_waves(struct sim *sim)
{
    static const double PERIODS[WAVES] = { 7, 31, 127 };
    static const double SHARES[WAVES] = { 0.3, 0.3, 0.4 };
    const double slope = sim->options.wander * 1e-6 / 60;

    for (int i = 0; i < WAVES; i++)
        sim->wave[i] = (struct wave){
            .period = PERIODS[i] * (0.7 + 0.6 * draw(sim)),
            .phase = draw(sim),
            .slope = slope * SHARES[i],
        };
}

struct wu_frame_source *wu_frame_sim_new(const struct wu_sim_options *options)
{
    struct sim *sim = calloc(1, sizeof(*sim));

    if (!sim)
        return NULL;

    sim->options = *options;
    sim->random = mix(options->seed + 1);
    sim->ops = (struct wu_frame_source_ops){
        .name = "sim",
        .bits = options->bits,
        .tick = options->tick,
        .read = sim_read,
        .destroy = sim_destroy,
    };
    sim->base.ops = &sim->ops;
    sim->origin = options->origin != 0 ? options->origin : wu_host_clock_now();
    make_waves(sim);
    sim->jump = (int64_t)(draw(sim) * (double)(UINT64_C(1) << options->bits));
    return &sim->base;
}

DWORD wu_frame_sim_open(const char *text, struct wu_frame_source **source_out)
{
    struct wu_sim_options options = wu_sim_defaults();
    struct wu_frame_source *source;

    if (text && !wu_sim_parse(text, &options))
        return ERROR_INVALID_PARAMETER;
    source = wu_frame_sim_new(&options);
    if (!source)
        return ERROR_NOT_ENOUGH_MEMORY;

    *source_out = source;
    return ERROR_SUCCESS;
}

/* --- Options --------------------------------------------------------------------------------- */

struct wu_sim_options wu_sim_defaults(void)
{
    return (struct wu_sim_options){
        .seed = 1,
        .bits = 14,
        .tick = 125000,
        .drift = 37,
        .wander = 1,
        .step_tau = 30,
        .fixed = 350,
        .jitter = 450,
        .tail = 0.002,
        .tail_max = 30000,
        .preempted_max = 2000000,
    };
}

/* So long no run lasts [s], and so long no read takes [ns]; what is computed from them still fits.
 */
#define LONGEST_RUN 1e9
#define LONGEST_READ 1e12

struct option {
    const char *name;
    size_t offset;
    enum { NUMBER, TIME, SEED, BITS } type;
    double least;
    double most;
};

#define OPTION(name, member, type, least, most)                          \
    {                                                                    \
        name, offsetof(struct wu_sim_options, member), type, least, most \
    }

static const struct option OPTIONS[] = {
    OPTION("seed", seed, SEED, 0, 9e15),
    OPTION("bits", bits, BITS, 4, 31),
    OPTION("tick", tick, TIME, 125000, 1000000),
    OPTION("drift", drift, NUMBER, -500000, 500000),
    OPTION("wander", wander, NUMBER, 0, 1e6),
    OPTION("step", step, NUMBER, -500000, 500000),
    OPTION("step_at", step_at, NUMBER, 0, LONGEST_RUN),
    OPTION("step_tau", step_tau, NUMBER, 1e-6, LONGEST_RUN),
    OPTION("leap", leap, NUMBER, -1e9, 1e9),
    OPTION("leap_at", leap_at, NUMBER, 0, LONGEST_RUN),
    OPTION("fixed", fixed, TIME, 0, LONGEST_READ),
    OPTION("jitter", jitter, TIME, 0, LONGEST_READ),
    OPTION("tail", tail, NUMBER, 0, 1),
    OPTION("tail_max", tail_max, TIME, 0, LONGEST_READ),
    OPTION("preempted", preempted, NUMBER, 0, 1),
    OPTION("preempted_max", preempted_max, TIME, 0, LONGEST_READ),
    OPTION("glitch", glitch, NUMBER, 0, 1),
    OPTION("reset", reset_at, NUMBER, 0, LONGEST_RUN),
    OPTION("stop", stop_at, NUMBER, 0, LONGEST_RUN),
    OPTION("absent", absent_at, NUMBER, 0, LONGEST_RUN),
    OPTION("outage", outage, NUMBER, 0, LONGEST_RUN),
    OPTION("late", late, TIME, 0, 1e9), /* each tick of which is looked at in each read */
    OPTION("first_tick", first_tick, TIME, -9e15, 9e15),
    OPTION("origin", origin, TIME, 0, 1e18),
};

/* @return false when the value is out of range, or no number at all */
static bool store(struct wu_sim_options *options, const struct option *option, double value)
{
    void *const at = (char *)options + option->offset;

    if (!(value >= option->least && value <= option->most))
        return false;

    switch (option->type) {
    case NUMBER:
        *(double *)at = value;
        break;
    case TIME:
        *(int64_t *)at = (int64_t)value;
        break;
    case SEED:
        *(uint64_t *)at = (uint64_t)value;
        break;
    case BITS:
        *(unsigned *)at = (unsigned)value;
        break;
    }
    return true;
}

static const struct option *find_option(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++)
        if (strlen(OPTIONS[i].name) == length && strncmp(OPTIONS[i].name, name, length) == 0)
            return &OPTIONS[i];

    return NULL;
}

/* Together the rate's deviations stay below one: a counter that runs backward is none. */
static bool is_possible(const struct wu_sim_options *options)
{
    return (options->tick == 125000 || options->tick == 1000000) &&
           fabs(options->drift) + fabs(options->step) <= 500000;
}

bool wu_sim_parse(const char *text, struct wu_sim_options *options)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "=");
        const struct option *option = find_option(text, length);
        char *end;

        if (!option || text[length] != '=')
            return false;
        const double value = strtod(text + length + 1, &end);

        if (end == text + length + 1 || (*end != ',' && *end != '\0') ||
            !store(options, option, value))
            return false;
        text = *end == ',' ? end + 1 : end;
    }
    return is_possible(options);
}
