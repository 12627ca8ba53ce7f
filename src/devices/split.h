/*
 * How a composite device falls apart into functions. Pure.
 */
#ifndef WU_DEVICES_SPLIT_H
#define WU_DEVICES_SPLIT_H

#include <stddef.h>

#include "usb/usb.h"

enum { WU_SPLIT_MAX = 32 };

/* A function's interfaces: those whose number is one of count numbers from lowest on. Of a whole
 * device some numbers may be missing, and interfaces need not be in their order. */
struct wu_span {
    unsigned char first; /* number of the interface that comes first in the configuration */
    unsigned char lowest;
    unsigned short count;
    unsigned char class_code; /* of the first interface */
    unsigned char subclass;
    unsigned char protocol;
};

/** Tells whether Windows would give a device to its generic parent driver for composite devices,
 *  unless the device itself names another (see wu_msos_is_whole()). */
bool wu_split_is_composite(const struct wu_usb_info *info);

/**
 * Tells what functions a configured device has: one if it is not composite; else one for each
 * interface association, and one for each interface outside of any. Without any association,
 * Windows groups audio interfaces by themselves: those that follow one another and are of another
 * subclass than the first of them, as streams follow their control interface.
 *
 * @param spans  WU_SPLIT_MAX of them, filled from the first on
 * @return how many
 */
size_t wu_split(const struct wu_usb_info *info, struct wu_span *spans);

/** Gives all interfaces as one function; count 0 when there are none. */
struct wu_span wu_split_whole(const struct wu_usb_info *info);

#endif
