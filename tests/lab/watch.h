/*
 * Watches a host controller's frame counter, with nothing of the library's: the witness that its
 * answers are compared with.
 *
 * Each read is bracketed by two readings of the clock behind QueryPerformanceCounter. What the
 * counter showed, it showed at some instant in between; nothing more is claimed.
 */
#ifndef LAB_WATCH_H
#define LAB_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum watch_way {
    WATCH_REGISTER, /* mapped (xHCI, EHCI, OHCI; wants iomem=relaxed) or by I/O port (UHCI) */
    WATCH_DEBUGFS,  /* the kernel's text */
};

struct watch {
    const char *controller; /* for people: "xHCI" */
    unsigned bits;          /* the count is taken modulo 2^bits: 2048 frames for all kinds */
    int64_t tick;           /* [ns] what the counter counts */

    uint32_t (*read)(const struct watch *watch); /* [ticks] the bare counter */
    const volatile uint32_t *counter;            /* where it is mapped, or NULL */
    int file;                                    /* to read it from, or -1 */
    const char *label;                           /* what stands before the number in the text */
};

/* One read of the counter. Times are in [ns] of lab_now(). */
struct watch_reading {
    uint32_t count; /* [ticks] modulo 2^bits */
    int64_t before;
    int64_t after;
};

/* When the counter reached a number: after @earliest, when it was still short of it, and before
 * @latest, when it was there. */
struct watch_passage {
    int64_t earliest; /* [ns] INT64_MIN: it was there when the watch began */
    int64_t latest;   /* [ns] INT64_MAX: it did not get there while watched */
};

/** Opens the counter of the controller that a bus hangs on. Says on stderr why when it cannot.
 *  @param watch_out  set on success; lasts as long as the process */
bool watch_open(unsigned bus, enum watch_way way, struct watch *watch_out);

/** Reads the counter once. */
struct watch_reading watch_read(const struct watch *watch);

/** Gives how far count @p to is ahead of @p from [ticks], by the shorter way round. */
int32_t watch_distance(const struct watch *watch, uint32_t from, uint32_t to);

/**
 * Spins until the counter has reached a number, and tells when it did.
 *
 * @param count     [ticks] which; only its low bits matter
 * @param deadline  [ns] when to give up
 */
struct watch_passage watch_passage(const struct watch *watch, uint32_t count, int64_t deadline);

#endif
