/*
 * What lies between the lab's device and a host: usbredir into a virtual machine's controllers, or
 * USB/IP into the kernel's vhci_hcd.
 */
#ifndef LABDEV_TRANSPORT_H
#define LABDEV_TRANSPORT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct model;
struct transfer;
struct transport;

struct transport_ops {
    /* --- Called by the model --- */

    /* Answers the host; the model frees the transfer afterwards. */
    void (*complete)(struct transport *transport, const struct transfer *transfer);
    /* False: not yet possible, ask again soon. */
    bool (*plug)(struct transport *transport);
    /* What was pending is forgotten without an answer. */
    void (*unplug)(struct transport *transport);

    /* --- Called by main --- */

    /* Says what to wait for; a descriptor of -1 for nothing. */
    struct pollfd (*wait_for)(struct transport *transport);
    /* Reads and writes what can be. False: the host is gone. */
    bool (*io)(struct transport *transport);
    /* Submits what streams are to move by now. @return when to come again [ns] or MODEL_IDLE */
    int64_t (*run)(struct transport *transport, int64_t now);
};

/* First member of every transport's own struct. */
struct transport {
    const struct transport_ops *ops;
};

/**
 * Waits on a socket for the host, a QEMU with "-chardev socket", and connects to it.
 *
 * @param path  of the socket, which is made here
 * @return NULL on failure, which has been said on stderr; lives as long as the program
 */
struct transport *usbredir_open(struct model *model, const char *path);

/** Finds the kernel's vhci_hcd. Otherwise as usbredir_open(). @param port  [0..] of it */
struct transport *usbip_open(struct model *model, unsigned port);

#endif
