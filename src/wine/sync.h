/*
 * Keeping a Wine prefix in step with the USB devices that are plugged in and with its rules.
 */
#ifndef WU_WINE_SYNC_H
#define WU_WINE_SYNC_H

#include <stdbool.h>

enum wu_sync_event { WU_SYNC_PUBLISHED, WU_SYNC_WITHDRAWN, WU_SYNC_FAILED };

/** Hears of each change, and of each failure.
 *
 * @param name  of the interface, as in links.h; of a failure, what failed
 * @param why   of a failure
 */
typedef void wu_sync_tell(enum wu_sync_event event, const char *name, const char *why);

/**
 * Publishes what is wanted and is not published, and withdraws what is published and no longer
 * wanted or plugged in. Opens the devices that it may, for some control transfers.
 *
 * Only in a process of that prefix's. Several may do it at once: one waits for the other.
 *
 * @param patience  [ms] to wait for others
 * @return false when something failed, which has been told; the rest is done nevertheless
 */
bool wu_sync(const char *prefix, int patience, wu_sync_tell *tell);

/** Tells, without opening a device, whether wu_sync() might have something to do. */
bool wu_sync_is_due(const char *prefix);

#endif
