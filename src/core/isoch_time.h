/*
 * Frames by the clock, for transfers that are to begin with a given one.
 */
#ifndef WU_CORE_ISOCH_TIME_H
#define WU_CORE_ISOCH_TIME_H

#include <windows.h>

#include "core/device.h"
#include "core/isoch_plan.h"

/**
 * Tells when a frame begins or began: as exactly as the tracker knows while somebody tracks, within
 * half a millisecond otherwise, and not at all where there is no counter that this process may
 * read. Blocks for one read of it.
 */
struct wu_isoch_moment wu_isoch_when(struct wu_device *device, ULONG frame);

/** Tells how long before its first frame the first transfer of a stream has to be submitted [ns].
 */
int64_t wu_isoch_lead(const struct wu_device *device);

#endif
