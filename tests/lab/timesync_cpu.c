/*
 * What a steady tracker costs: the process' share of a processor over ten seconds of tracking
 * without queries. Printed beside the goal, not judged; it fails when there is nothing to measure.
 *
 *     timesync_cpu [SECONDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lab.h"

static const int64_t settle = 3000000000; /* [ns] until the tracker is steady */
static const double goal = 1.0;           /* [%] */

/* Processor time of all threads [ns]. */
static int64_t used(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int main(int argc, char **argv)
{
    const int64_t seconds = argc > 1 ? atoi(argv[1]) : 10;
    struct lab_device device;
    struct lab_session session;
    int64_t used_before;
    int64_t start;
    double share;

    if (!lab_track_tablet(&device, &session))
        return 1;

    lab_sleep(settle);
    start = lab_now();
    used_before = used();
    lab_sleep(seconds * 1000000000);
    share = 100.0 * (double)(used() - used_before) / (double)(lab_now() - start);
    lab_close(&session);
    printf("timesync_cpu: a steady tracker takes %.3f %% of a processor; goal, below %.0f %%: %s\n",
           share, goal, share < goal ? "met" : "missed");
    return 0;
}
