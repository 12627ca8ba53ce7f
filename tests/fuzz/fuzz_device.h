/*
 * A device that does what the bytes say: how it looks, by the first of them; what it answers and
 * how each transfer ends, by the last of them, from the end on, so that what the program does in
 * between is not shifted by it.
 */
#ifndef WU_TESTS_FUZZ_DEVICE_H
#define WU_TESTS_FUZZ_DEVICE_H

#include "fuzz.h"

#define FUZZ_DEVICE_NODE "/dev/bus/usb/001/005"

/** Plugs it in, as the only one. @param input  borrowed until fuzz_device_run() has ended */
void fuzz_device_plug(struct fuzz_input *input);

/** Ends the transfers that pend, until all others have ended: a thread of fibers_run(). When there
 *  are no bytes left, it is silent, and gone as soon as everybody waits for it. */
void fuzz_device_run(void *unused);

#endif
