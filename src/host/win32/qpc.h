/*
 * Between the counts of QueryPerformanceCounter and time, at any rate that a machine may have.
 *
 * Pure; times are those of wu_host_clock_now(), and each function is what host.h says of the one of
 * its name.
 */
#ifndef WU_HOST_WIN32_QPC_H
#define WU_HOST_WIN32_QPC_H

#include <stdint.h>

/** Gives the time [ns] of a count [ticks], rounded down. @param frequency  [ticks/s] */
int64_t wu_qpc_to_clock(int64_t qpc, int64_t frequency);

/** Gives the last count [ticks] whose time, rounded down, is not after @p now [ns]. */
int64_t wu_qpc_from_clock(int64_t now, int64_t frequency);

/** Gives a count [ticks] whose time differs from @p now [ns] by half a tick at most. */
int64_t wu_qpc_nearest(int64_t now, int64_t frequency);

/** Gives half a tick [ns], rounded up. */
int64_t wu_qpc_half_tick(int64_t frequency);

#endif
