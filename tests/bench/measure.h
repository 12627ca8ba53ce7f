/*
 * What a query costs: WinUsb_GetCurrentFrameNumberAndQpc against one reading of the clock behind
 * QueryPerformanceCounter, side by side in the same run.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "lab/lab.h"

enum { BENCH_THREADS_MAX = 4 };

/**
 * Measures and prints one line.
 *
 * Blocks of both calls alternate, and the median of the blocks counts, so that pauses of the
 * machine cancel out.
 *
 * @param session    one that tracks
 * @param threads    how many call at the same time, BENCH_THREADS_MAX at most
 * @param ratio_out  set on success: how many clock readings a query costs
 *
 * @return false when a query failed, all answers were withheld or a thread was not to be had
 */
bool bench_query(const struct lab_session *session, size_t threads, double *ratio_out);

#endif
