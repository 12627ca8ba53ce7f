/*
 * One request to a hub, and how it is answered: shared by hub_request.c and hub_descriptor.c.
 */
#ifndef WU_DEVICES_HUB_CALL_H
#define WU_DEVICES_HUB_CALL_H

#include "devices/hub_request.h"

enum { WU_HUB_CALL_HEAD = 16 }; /* [bytes] the longest fixed part of a structure that comes in */

struct wu_hub_call {
    const struct wu_hub *hub;
    unsigned char in[WU_HUB_CALL_HEAD]; /* a copy: out may be the same memory */
    unsigned char *out;
    size_t out_size; /* [bytes] */
    size_t size;     /* [bytes] written so far */
};

/* What is at a port. */
struct wu_hub_port {
    unsigned number;
    bool has_device;
    char name[64];             /* of the device in /sys */
    uint64_t stay;             /* of the device, as of wu_usb_stay() */
    struct wu_usb_info device; /* without its configuration */
};

/** Adds to the answer, as much as there is room for. */
void wu_hub_put(struct wu_hub_call *call, const void *bytes, size_t size);

/**
 * Looks at the port that a request means.
 *
 * @param port_out  set on success
 * @return ERROR_SUCCESS, also for one without a device; ERROR_INVALID_PARAMETER: there is none
 */
DWORD wu_hub_look_at_port(const struct wu_hub_call *call, struct wu_hub_port *port_out);

/** Tells whether the device is still the one that was there: what was read meanwhile is its own. */
bool wu_hub_is_still_at_port(const struct wu_hub_port *port);

/** Answers WU_HUB_GET_DESCRIPTOR. */
DWORD wu_hub_get_descriptor(struct wu_hub_call *call);

#endif
