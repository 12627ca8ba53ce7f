/*
 * The kernel's memory for transfers. There is little: 16 MiB for all programs together, unless the
 * machine's administrator has set another limit.
 *
 * A transfer takes its memory before it begins and gives it back when it has ended. A pipe whose
 * next transfer finds none waits, and tries again when a transfer of any device has ended. Some
 * memory is left for other programs, and reads that wait behind others take half at most: writes
 * find memory beside reads that the device never answers.
 *
 * A lock of its own, the last of all; any thread.
 */
#ifndef WU_CORE_MEMORY_H
#define WU_CORE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "host/host.h"

struct wu_pipe;

/* What a transfer needs while it runs. */
struct wu_memory_need {
    uint64_t size; /* [bytes] of the kernel's; 0: none */
    bool read;     /* a device may never answer it */
};

/* A pipe's place among those that wait; all [memory's lock]. */
struct wu_memory_place {
    struct wu_pipe *next;
    bool waits;
    unsigned visits; /* how many threads have it try again just now */
    struct wu_host_cond left;
};

/* What a transfer that found no memory does. */
enum wu_memory_advice {
    WU_MEMORY_WAIT,  /* its pipe is told when to try again */
    WU_MEMORY_AGAIN, /* memory has come back meanwhile */
    WU_MEMORY_NEVER, /* nothing runs that could give any back */
};

/** Sets how much there is [bytes]; 0: enough. */
void wu_memory_set_limit(uint64_t limit);

/** Tells how much of the program's data a transfer may move, for several to find room [bytes]. */
uint64_t wu_memory_longest_transfer(void);

/** Tells what a transfer of so many bytes and isochronous packets needs. */
struct wu_memory_need wu_memory_need(uint64_t length, uint32_t packets, bool read);

/** Takes memory for a transfer. @param returns_out  always set; for wu_memory_await()
 *  @return whether there was enough; always when nothing is taken */
bool wu_memory_take(struct wu_memory_need need, uint64_t *returns_out);

/** Gives it back when the transfer has ended.
 *  @return whether pipes wait for it: then wu_memory_retry() is due */
bool wu_memory_give(struct wu_memory_need need);

/** Gives it back when the transfer could not be begun: there is no more of it than before. */
void wu_memory_give_unused(struct wu_memory_need need);

/** Tells whether a read may begin behind others of its pipe. */
bool wu_memory_may_read_ahead(struct wu_memory_need need);

/** Has a pipe that found no memory wait, with its lock held. @param returns  of the
 *  wu_memory_take() that came before */
enum wu_memory_advice wu_memory_await(struct wu_pipe *pipe, uint64_t returns);

/** Has the pipes that wait try again, the one that has waited longest first. No lock is held. */
void wu_memory_retry(void);

/** Prepares a pipe's place. */
void wu_memory_place_init(struct wu_memory_place *place);

/** Ends a pipe's place: it has no requests, and is not tried again any more. No lock is held. */
void wu_memory_place_destroy(struct wu_pipe *pipe);

#endif
