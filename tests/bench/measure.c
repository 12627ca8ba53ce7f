#include "bench/measure.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum {
    BLOCKS = 301,
    CALLS = 1000, /* in a block */
};

/* One thread's work and what came of it: ns per call, a value a block. */
struct worker {
    const struct lab_session *session;
    double clock[BLOCKS];
    double query[BLOCKS];
    size_t withheld; /* answers, while the model is in doubt */
    DWORD error;     /* the first other one */
};

static double time_clock(struct worker *worker)
{
    const int64_t start = lab_now();
    struct timespec now;

    (void)worker;
    for (int i = 0; i < CALLS; i++)
        clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (double)(lab_now() - start) / CALLS;
}

/* A processor that others are busy on may leave the tracker in doubt; it says so then. */
static void note_failure(struct worker *worker, DWORD error)
{
    if (error == ERROR_NOT_READY)
        worker->withheld++;
    else if (!worker->error)
        worker->error = error;
}

static double time_query(struct worker *worker)
{
    const int64_t start = lab_now();
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info = {
        .TimeTrackingHandle = worker->session->tracking,
    };

    for (int i = 0; i < CALLS; i++)
        if (!WinUsb_GetCurrentFrameNumberAndQpc(worker->session->iface, &info))
            note_failure(worker, GetLastError());
    return (double)(lab_now() - start) / CALLS;
}

static void *work(void *argument)
{
    struct worker *worker = argument;

    for (int i = 0; i < BLOCKS; i++) {
        worker->clock[i] = time_clock(worker);
        worker->query[i] = time_query(worker);
    }
    return NULL;
}

/* The average of the workers' medians. */
static double average(struct worker *workers, size_t threads, double (*median)(struct worker *))
{
    double sum = 0;

    for (size_t i = 0; i < threads; i++)
        sum += median(&workers[i]);
    return sum / (double)threads;
}

static double median_clock(struct worker *worker)
{
    return lab_percentile(worker->clock, BLOCKS, 50);
}

static double median_query(struct worker *worker)
{
    return lab_percentile(worker->query, BLOCKS, 50);
}

/* @return false when not all threads were to be had; none is left running */
static bool run(struct worker *workers, size_t threads)
{
    pthread_t ids[BENCH_THREADS_MAX];
    size_t started = 0;

    while (started < threads && pthread_create(&ids[started], NULL, work, &workers[started]) == 0)
        started++;
    for (size_t i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    return started == threads;
}

bool bench_query(const struct lab_session *session, size_t threads, double *ratio_out)
{
    static struct worker workers[BENCH_THREADS_MAX];
    size_t withheld = 0;
    double clock;
    double query;

    for (size_t i = 0; i < threads; i++)
        workers[i] = (struct worker){ .session = session };
    if (!run(workers, threads))
        return false;
    for (size_t i = 0; i < threads; i++) {
        if (workers[i].error != ERROR_SUCCESS) {
            printf("bench/query: failed: error %u of a query\n", (unsigned)workers[i].error);
            return false;
        }
        withheld += workers[i].withheld;
    }

    clock = average(workers, threads, median_clock);
    query = average(workers, threads, median_query);
    *ratio_out = query / clock;
    printf("bench/query: %zu thread%s: query %.0f ns, clock %.0f ns, ratio %.2f, %zu of %zu "
           "withheld\n",
           threads, threads == 1 ? "" : "s", query, clock, *ratio_out, withheld,
           threads * BLOCKS * CALLS);
    return withheld < threads * BLOCKS * CALLS;
}
