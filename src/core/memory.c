#include "core/memory.h"

#include <stdatomic.h>

#include "core/pipe.h"
#include "core/request.h"
#include "host/host.h"

enum {
    LEFT_TO_OTHERS = 8,  /* this part of the memory */
    READ_AHEAD = 2,      /* this part of ours is what reads behind others may take */
    LONGEST_TRANSFER = 4 /* and this one a transfer */
};

/* What the kernel, or libusb for it, keeps of its own beside the data. */
enum { PER_TRANSFER = 1024, PER_PACKET = 64, PART_OF_LENGTH = 16 }; /* [bytes], [bytes] */

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static _Atomic uint64_t ours = UINT64_MAX; /* [bytes] what we may take */
static uint64_t taken;                     /* [lock] [bytes] */
static uint64_t taken_by_reads;            /* [lock] [bytes] of that */
static uint64_t returns;                   /* [lock] how often memory has come back */
static struct wu_pipe *first;              /* [lock] of those that wait */
static unsigned waiting;                   /* [lock] how many do */

/* --- Taking and giving ----------------------------------------------------------------------- */

void wu_memory_set_limit(uint64_t limit)
{
    atomic_store(&ours, limit > 0 ? limit - limit / LEFT_TO_OTHERS : UINT64_MAX);
}

uint64_t wu_memory_longest_transfer(void)
{
    return atomic_load(&ours) / LONGEST_TRANSFER;
}

struct wu_memory_need wu_memory_need(uint64_t length, uint32_t packets, bool read)
{
    const struct wu_memory_need need = {
        .size = length + length / PART_OF_LENGTH + (uint64_t)packets * PER_PACKET + PER_TRANSFER,
        .read = read,
    };

    return need;
}

/* What can never have room is left to the kernel to refuse. */
static bool has_room_locked(uint64_t size)
{
    const uint64_t most = atomic_load(&ours);

    return taken == 0 || size > most || (taken < most && size <= most - taken);
}

bool wu_memory_take(struct wu_memory_need need, uint64_t *returns_out)
{
    bool has_room;

    wu_host_mutex_lock(&lock);
    *returns_out = returns;
    has_room = has_room_locked(need.size);
    if (has_room) {
        taken += need.size;
        taken_by_reads += need.read ? need.size : 0;
    }
    wu_host_mutex_unlock(&lock);

    return has_room;
}

static void give_locked(struct wu_memory_need need)
{
    taken -= need.size;
    taken_by_reads -= need.read ? need.size : 0;
}

void wu_memory_give_unused(struct wu_memory_need need)
{
    wu_host_mutex_lock(&lock);
    give_locked(need);
    wu_host_mutex_unlock(&lock);
}

bool wu_memory_give(struct wu_memory_need need)
{
    bool wanted;

    wu_host_mutex_lock(&lock);
    give_locked(need);
    returns++;
    wanted = waiting > 0;
    wu_host_mutex_unlock(&lock);

    return wanted;
}

bool wu_memory_may_read_ahead(struct wu_memory_need need)
{
    bool may;

    wu_host_mutex_lock(&lock);
    may = taken_by_reads + need.size <= atomic_load(&ours) / READ_AHEAD;
    wu_host_mutex_unlock(&lock);

    return may;
}

/* --- Waiting --------------------------------------------------------------------------------- */

static void append_locked(struct wu_pipe *pipe)
{
    struct wu_pipe **link = &first;

    if (pipe->memory.waits)
        return;

    while (*link)
        link = &(*link)->memory.next;
    *link = pipe;
    pipe->memory.next = NULL;
    pipe->memory.waits = true;
    waiting++;
}

static void take_off_locked(struct wu_pipe *pipe)
{
    struct wu_pipe **link = &first;

    if (!pipe->memory.waits)
        return;

    while (*link != pipe)
        link = &(*link)->memory.next;
    *link = pipe->memory.next;
    pipe->memory.waits = false;
    waiting--;
}

/* While anything is taken, its return is still to come; or another pipe is just being refused,
 * which tells nobody: whoever waits tries again by itself, now and then. */
enum wu_memory_advice wu_memory_await(struct wu_pipe *pipe, uint64_t returns_before)
{
    enum wu_memory_advice advice = WU_MEMORY_WAIT;

    wu_host_mutex_lock(&lock);
    if (taken > 0)
        append_locked(pipe);
    else
        advice = returns != returns_before ? WU_MEMORY_AGAIN : WU_MEMORY_NEVER;
    wu_host_mutex_unlock(&lock);

    return advice;
}

static void try_first_locked(void)
{
    struct wu_pipe *pipe = first;

    take_off_locked(pipe);
    pipe->memory.visits++;
    wu_host_mutex_unlock(&lock);

    wu_request_begin_waiting(pipe);

    wu_host_mutex_lock(&lock);
    pipe->memory.visits--;
    wu_host_cond_broadcast(&pipe->memory.left);
}

/* A pipe that still finds none comes to wait again: each is tried once. */
void wu_memory_retry(void)
{
    wu_host_mutex_lock(&lock);
    for (unsigned left = waiting; left > 0 && first; left--)
        try_first_locked();
    wu_host_mutex_unlock(&lock);
}

/* --- Places ---------------------------------------------------------------------------------- */

void wu_memory_place_init(struct wu_memory_place *place)
{
    wu_host_cond_init(&place->left);
}

void wu_memory_place_destroy(struct wu_pipe *pipe)
{
    wu_host_mutex_lock(&lock);
    take_off_locked(pipe);
    while (pipe->memory.visits > 0)
        wu_host_cond_wait(&pipe->memory.left, &lock);
    wu_host_mutex_unlock(&lock);
    wu_host_cond_destroy(&pipe->memory.left);
}
