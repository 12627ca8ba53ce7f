/*
 * What a query costs in the lab, in one thread and in four: printed, not judged, as emulated
 * floating point costs ten times as much as a real one. See query_sim.c.
 */
#include <stdio.h>

#include "bench/measure.h"

int main(void)
{
    struct lab_device device;
    struct lab_session session;
    double ratio;
    bool measured;

    if (!lab_track_tablet(&device, &session))
        return 1;

    measured = bench_query(&session, 1, &ratio) && bench_query(&session, 4, &ratio);
    lab_close(&session);
    return measured ? 0 : 1;
}
