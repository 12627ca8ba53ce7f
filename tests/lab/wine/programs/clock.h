/* Time synchronization, as a Windows program has it. */
#ifndef LAB_CLOCK_H
#define LAB_CLOCK_H

#include "device.h"

typedef USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION frame_answer;

/** Starts to track and waits until there are answers. @return the tracking handle, or NULL */
HANDLE clock_start(const struct device *device);

void clock_stop(const struct device *device, HANDLE tracking);

/** Asks what the time is, and when a frame and microframe begin (both 0: it does not matter).
 *  @param answer_out  set on success */
bool clock_ask(const struct device *device,
               HANDLE tracking,
               ULONG frame,
               ULONG microframe,
               frame_answer *answer_out);

#endif
