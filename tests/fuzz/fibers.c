#include "fibers.h"

#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "fuzz.h"
#include "host/host.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN
#endif

/* The address sanitizer has to be told about stacks that it did not make. */
#ifdef HAS_ASAN
#include <sanitizer/common_interface_defs.h>
#else
static void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size)
{
    (void)save;
    (void)bottom;
    (void)size;
}
static void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *size)
{
    (void)save;
    (void)bottom;
    (void)size;
}
#endif

enum { FIBERS = 16, STACK_SIZE = 1 << 18 };

struct fiber {
    enum { UNUSED, READY, WAITING, RESTING, ENDED } state;
    const void *awaits; /* while it waits: a condition; NULL: only for its time */
    int64_t until;      /* while it waits or rests: [ns] when that ends; INT64_MAX: never */
    bool in_time;       /* how the wait ended */
    void (*run)(void *);
    void *argument;
    ucontext_t context;
    void *fake_stack;
    bool left_alone;
};

static struct fiber fibers[FIBERS];
static char stacks[FIBERS][STACK_SIZE] __attribute__((aligned(16)));
static struct fiber *current;
static ucontext_t scheduler;
static const void *scheduler_stack;
static size_t scheduler_stack_size;
static uint32_t random_state;
static unsigned interruptions_of_256;
static int64_t clock_now;

static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static void go_on(struct fiber *fiber, bool in_time)
{
    fiber->in_time = in_time;
    fiber->state = READY;
}

static void wake(const void *what)
{
    for (size_t i = 0; i < FIBERS; i++)
        if (fibers[i].state == WAITING && fibers[i].awaits == what)
            go_on(&fibers[i], true);
}

/* --- Changing from one to another ------------------------------------------------------------ */

static void leave(void **fake_stack)
{
    struct fiber *self = current;

    __sanitizer_start_switch_fiber(fake_stack, scheduler_stack, scheduler_stack_size);
    swapcontext(&self->context, &scheduler);
    __sanitizer_finish_switch_fiber(self->fake_stack, NULL, NULL);
}

static void begin(void)
{
    __sanitizer_finish_switch_fiber(NULL, &scheduler_stack, &scheduler_stack_size);
    current->run(current->argument);
    current->state = ENDED;
    wake(current);
    leave(NULL);
}

static void enter(struct fiber *fiber)
{
    void *fake_stack = NULL;

    current = fiber;
    __sanitizer_start_switch_fiber(&fake_stack, stacks[fiber - fibers], STACK_SIZE);
    swapcontext(&scheduler, &fiber->context);
    __sanitizer_finish_switch_fiber(fake_stack, NULL, NULL);
    current = NULL;
}

static struct fiber *start(void (*run)(void *), void *argument)
{
    struct fiber *fiber = fibers;

    while (fiber->state != UNUSED)
        fuzz_require(++fiber < fibers + FIBERS);

    fiber->state = READY;
    fiber->run = run;
    fiber->argument = argument;
    fiber->left_alone = false;
    getcontext(&fiber->context);
    fiber->context.uc_stack.ss_sp = stacks[fiber - fibers];
    fiber->context.uc_stack.ss_size = STACK_SIZE;
    fiber->context.uc_link = NULL;
    makecontext(&fiber->context, begin, 0);
    fiber->context.uc_stack.ss_size = 0; /* or the sanitizer clears all of it each time */
    return fiber;
}

static void wait_for(const void *what, int64_t until)
{
    current->state = WAITING;
    current->awaits = what;
    current->until = until;
    leave(&current->fake_stack);
}

/* --- Who is next --------------------------------------------------------------------------- */

static unsigned count_of(int state)
{
    unsigned count = 0;

    for (size_t i = 0; i < FIBERS; i++)
        count += (int)fibers[i].state == state;
    return count;
}

static struct fiber *pick_ready(unsigned ready)
{
    unsigned skip = next_random() % ready;
    struct fiber *fiber = fibers;

    for (;; fiber++)
        if (fiber->state == READY && skip-- == 0)
            return fiber;
}

/* @return false when nobody waits for a time */
static bool let_time_pass(void)
{
    struct fiber *first = NULL;

    for (size_t i = 0; i < FIBERS; i++)
        if ((fibers[i].state == WAITING || fibers[i].state == RESTING) &&
            fibers[i].until != INT64_MAX && (!first || fibers[i].until < first->until))
            first = &fibers[i];
    if (!first)
        return false;

    if (clock_now < first->until)
        clock_now = first->until;
    go_on(first, false);
    return true;
}

static void rouse(void)
{
    for (size_t i = 0; i < FIBERS; i++)
        if (fibers[i].state == RESTING)
            go_on(&fibers[i], true);
}

/* Gives the one who goes on; NULL when all have ended. */
static struct fiber *next(void)
{
    bool everybody_waits_for_ever = false;

    while (count_of(READY) == 0 && !everybody_waits_for_ever) {
        if (count_of(WAITING) + count_of(RESTING) == 0)
            return NULL;
        everybody_waits_for_ever = !let_time_pass();
    }

    fuzz_require(!everybody_waits_for_ever);
    return pick_ready(count_of(READY));
}

void fibers_run(uint32_t seed, unsigned interruptions, void (*run)(void *), void (*look)(void))
{
    struct fiber *fiber;

    memset(fibers, 0, sizeof(fibers));
    random_state = seed | 1;
    interruptions_of_256 = interruptions;
    clock_now = INT64_C(1000000000);
    start(run, NULL);

    while ((fiber = next()) != NULL) {
        look();
        enter(fiber);
    }
}

void fibers_yield(void)
{
    leave(&current->fake_stack);
}

enum fibers_rest fibers_rest(int64_t until)
{
    current->state = RESTING;
    current->until = until;
    leave(&current->fake_stack);

    if (count_of(READY) + count_of(WAITING) + count_of(RESTING) == 1)
        return FIBERS_ALONE;
    return current->in_time && clock_now < until ? FIBERS_HAPPENED : FIBERS_STUCK;
}

void fibers_leave_alone(void)
{
    current->left_alone = true;
}

void fibers_spend(int64_t ns)
{
    clock_now += ns;
}

static void interrupt(void)
{
    if (current && !current->left_alone && (next_random() & 0xFF) < interruptions_of_256)
        fibers_yield();
}

/* --- host.h: clock ------------------------------------------------------------------------- */

int64_t wu_host_clock_now(void)
{
    return clock_now += 25;
}

int64_t wu_host_clock_error(void)
{
    return 0;
}

int64_t wu_host_qpc_frequency(void)
{
    return 10000000;
}

int64_t wu_host_qpc_from_clock(int64_t now)
{
    return now / 100;
}

int64_t wu_host_qpc_nearest(int64_t now)
{
    return (now + 50) / 100;
}

int64_t wu_host_qpc_half_tick(void)
{
    return 50;
}

int64_t wu_host_clock_from_qpc(int64_t qpc)
{
    return qpc * 100;
}

int64_t wu_host_qpc_now(void)
{
    return wu_host_qpc_from_clock(wu_host_clock_now());
}

int64_t wu_host_clock_suspended(void)
{
    return 0;
}

int64_t wu_host_clock_sleep_sign(void)
{
    return 0;
}

void wu_host_sleep_until(int64_t when)
{
    wait_for(NULL, when);
}

/* --- host.h: threads and locks ------------------------------------------------------------- */

void wu_host_mutex_init(struct wu_host_mutex *mutex)
{
    pthread_mutex_init(&mutex->mutex, NULL);
}

void wu_host_mutex_destroy(struct wu_host_mutex *mutex)
{
    const bool free_to_destroy = pthread_mutex_trylock(&mutex->mutex) == 0;

    fuzz_require(free_to_destroy);
    pthread_mutex_unlock(&mutex->mutex);
    pthread_mutex_destroy(&mutex->mutex);
}

/* Who holds it has been interrupted, or waits; by its address those who want it are found. */
void wu_host_mutex_lock(struct wu_host_mutex *mutex)
{
    interrupt();
    while (pthread_mutex_trylock(&mutex->mutex) != 0)
        wait_for(mutex, INT64_MAX);
}

bool wu_host_mutex_try_lock(struct wu_host_mutex *mutex)
{
    return pthread_mutex_trylock(&mutex->mutex) == 0;
}

void wu_host_mutex_unlock(struct wu_host_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->mutex);
    wake(mutex);
    interrupt();
}

void wu_host_cond_init(struct wu_host_cond *cond)
{
    (void)cond;
}

void wu_host_cond_destroy(struct wu_host_cond *cond)
{
    for (size_t i = 0; i < FIBERS; i++)
        fuzz_require(fibers[i].state != WAITING || fibers[i].awaits != cond);
}

/* Not by wu_host_mutex_unlock(): nobody may come between giving the lock back and waiting. */
static void wait_unlocked(const void *cond, struct wu_host_mutex *mutex, int64_t until)
{
    pthread_mutex_unlock(&mutex->mutex);
    wake(mutex);
    wait_for(cond, until);
    current->until = INT64_MAX;
}

void wu_host_cond_wait(struct wu_host_cond *cond, struct wu_host_mutex *mutex)
{
    wait_unlocked(cond, mutex, INT64_MAX);
    wu_host_mutex_lock(mutex);
}

bool wu_host_cond_wait_until(struct wu_host_cond *cond, struct wu_host_mutex *mutex, int64_t when)
{
    bool in_time;

    if (when <= clock_now)
        return false;

    wait_unlocked(cond, mutex, when);
    in_time = current->in_time;
    wu_host_mutex_lock(mutex);
    return in_time;
}

void wu_host_cond_broadcast(struct wu_host_cond *cond)
{
    wake(cond);
    rouse();
}

void wu_host_run_together(void (*run)(void *item), void *items, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run((char *)items + i * size);
}

bool wu_host_thread_start(struct wu_host_thread *thread_out, void (*run)(void *), void *argument)
{
    thread_out->thread = (pthread_t)(start(run, argument) - fibers);
    return true;
}

void wu_host_thread_join(struct wu_host_thread *thread)
{
    struct fiber *fiber = &fibers[thread->thread];

    while (fiber->state != ENDED)
        wait_for(fiber, INT64_MAX);
    fiber->state = UNUSED;
}

const void *wu_host_thread_self(void)
{
    return current;
}

bool wu_host_is_ending(void)
{
    return false;
}

/* --- host.h: environment and log ----------------------------------------------------------- */

const char *wu_host_environment(const char *name)
{
    (void)name;
    return NULL;
}

void wu_log(enum wu_log_level level, const char *format, ...)
{
    (void)level;
    (void)format;
}
