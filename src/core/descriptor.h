/*
 * Reading configurations. Pure; lengths that make no sense end a search and are never believed.
 */
#ifndef WU_CORE_DESCRIPTOR_H
#define WU_CORE_DESCRIPTOR_H

#include <stddef.h>
#include <windows.h>

#include "usb/usb.h"
#include "winusb.h"

/* A chain of descriptors, as a configuration is one. */
struct wu_chain {
    const UCHAR *bytes;
    size_t size;
};

/* What an interface descriptor should say; -1: anything. */
struct wu_interface_criteria {
    LONG number;
    LONG alternate;
    LONG class_code;
    LONG subclass;
    LONG protocol;
};

/** Finds the first descriptor of a type, from @p start on; NULL when there is none, or when
 *  @p start lies outside. */
const UCHAR *wu_descriptor_find(struct wu_chain chain, const void *start, LONG type);

/** Finds the first interface descriptor that meets all criteria, from @p start on; or NULL. */
const USB_INTERFACE_DESCRIPTOR *
wu_descriptor_find_interface(struct wu_chain chain,
                             const void *start,
                             const struct wu_interface_criteria *criteria);

/** Gives alternate setting @p index [0..] of an interface, in the order of the configuration; or
 *  NULL. */
const USB_INTERFACE_DESCRIPTOR *
wu_descriptor_alternate(struct wu_chain chain, UCHAR number, unsigned index);

/** Gives endpoint @p index [0..] of an alternate setting, in the order of the configuration; or
 *  NULL. */
const UCHAR *wu_descriptor_endpoint(struct wu_chain chain,
                                    const USB_INTERFACE_DESCRIPTOR *alternate,
                                    unsigned index);

/** Describes the pipe of an endpoint, which lies within @p chain, at the speed of its device. */
WINUSB_PIPE_INFORMATION_EX
wu_descriptor_pipe(struct wu_chain chain, const UCHAR *endpoint, enum wu_usb_speed speed);

#endif
