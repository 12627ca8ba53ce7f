/*
 * USB devices and their transfers, over libusb.
 *
 * Everything that crosses this border is a plain value or an opaque number, and errors are Win32
 * codes, so the other side may be compiled by another compiler, with another calling convention.
 * No callback ever comes back: transfers are started with a number of the caller's choice and
 * fetched, with that number, by a call that waits.
 *
 * This header does without <windows.h>, because libusb.h must not be included after it.
 */
#ifndef WU_USB_USB_H
#define WU_USB_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WU_USB_DEPTH = 7,
    WU_USB_DEVICE_DESCRIPTOR_SIZE = 18,
    WU_USB_LONGEST_CONTROL = 4096, /* [bytes] of data: libusb's limit, as WinUSB documents it */
};

enum wu_usb_speed {
    WU_USB_SPEED_UNKNOWN,
    WU_USB_SPEED_LOW,
    WU_USB_SPEED_FULL,
    WU_USB_SPEED_HIGH,
    WU_USB_SPEED_SUPER,
    WU_USB_SPEED_SUPER_PLUS,
};

/* A device as the bus knows it, found without opening it. */
struct wu_usb_info {
    uint64_t id;      /* opaque, for wu_usb_open() */
    unsigned bus;     /* [1..] as in /dev/bus/usb/BBB/DDD */
    unsigned address; /* [1..127] on that bus; a device that is plugged again gets a new one */

    unsigned char ports[WU_USB_DEPTH]; /* port numbers on the way from the root hub */
    unsigned depth;                    /* how many of them; 0 for a root hub */
    enum wu_usb_speed speed;

    unsigned char device[WU_USB_DEVICE_DESCRIPTOR_SIZE]; /* descriptor as on the wire */
    unsigned char *configuration; /* the active one, as on the wire; NULL when there is none */
    size_t configuration_size;    /* [bytes] */
};

/* The devices present at one moment. */
struct wu_usb_list {
    struct wu_usb_info *devices;
    size_t count;
    uint64_t session; /* opaque */
};

/* A setup packet, in host byte order. */
struct wu_usb_setup {
    uint8_t type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length; /* [bytes] of the data that follow */
};

/**
 * Finds all devices that are present now, hubs included, without opening them.
 *
 * A machine without USB has no devices; that is no error.
 *
 * @param list_out  set on success; to be given to wu_usb_list_free()
 * @return 0; ERROR_NOT_ENOUGH_MEMORY; ERROR_MOD_NOT_FOUND: there is no libusb-1.0.dll
 */
uint32_t wu_usb_list_get(struct wu_usb_list *list_out);

/** Frees a list; devices opened from it stay open. */
void wu_usb_list_free(struct wu_usb_list *list);

/** Finds a device in a list; NULL when it is not there. What is returned belongs to the list. */
const struct wu_usb_info *
wu_usb_list_find(const struct wu_usb_list *list, unsigned bus, unsigned address);

/**
 * Opens a device of a list; claims nothing yet.
 *
 * @param list        the list that @p info belongs to; may be freed while the device is open
 * @param device_out  set on success; never 0; to be given to wu_usb_close()
 * @return 0; ERROR_ACCESS_DENIED; ERROR_DEVICE_NOT_CONNECTED; ERROR_NOT_SUPPORTED;
 *         ERROR_NOT_ENOUGH_MEMORY; ERROR_GEN_FAILURE
 */
uint32_t
wu_usb_open(const struct wu_usb_list *list, const struct wu_usb_info *info, uint64_t *device_out);

/** Closes a device. No other call with this number may be running. */
void wu_usb_close(uint64_t device);

/**
 * Takes an interface for this process; a kernel driver that has it is put aside until it is
 * released.
 *
 * @return 0; ERROR_BUSY: another program has it; ERROR_NOT_FOUND: no such interface;
 *         ERROR_DEVICE_NOT_CONNECTED
 */
uint32_t wu_usb_claim(uint64_t device, uint8_t number);

/** Gives an interface back, and gives it to its kernel driver again. */
void wu_usb_release(uint64_t device, uint8_t number);

/**
 * Does a control transfer on endpoint 0 and waits for it. Any thread.
 *
 * @param setup        what to ask; bit 7 of its type tells the direction; length is at most
 *                     WU_USB_LONGEST_CONTROL
 * @param data         setup->length bytes; NULL when that is 0
 * @param timeout      [ms] 0: never
 * @param transferred  [bytes] set on success
 *
 * @return 0; ERROR_GEN_FAILURE: stalled; ERROR_SEM_TIMEOUT; ERROR_DEVICE_NOT_CONNECTED; ...
 */
uint32_t wu_usb_control(uint64_t device,
                        const struct wu_usb_setup *setup,
                        void *data,
                        unsigned timeout,
                        size_t *transferred);

/**
 * Selects an alternate setting of a claimed interface, on the device and in the kernel. Blocks; no
 * transfer on its endpoints may be running.
 *
 * @return 0; ERROR_NOT_FOUND: no such setting; ERROR_DEVICE_NOT_CONNECTED; ERROR_GEN_FAILURE
 */
uint32_t wu_usb_set_alternate(uint64_t device, uint8_t number, uint8_t setting);

/**
 * Ends the halt of an endpoint, on the device and in the kernel, whose data toggle begins anew.
 * Blocks; no transfer on the endpoint may be running.
 *
 * @return 0; ERROR_NOT_FOUND: no such endpoint; ERROR_DEVICE_NOT_CONNECTED; ERROR_GEN_FAILURE
 */
uint32_t wu_usb_clear_halt(uint64_t device, uint8_t endpoint);

/**
 * Tells whether an opened device is still plugged in. Asks the kernel, not the device: no bus
 * traffic, no waiting. Any thread.
 */
bool wu_usb_present(uint64_t device);

/* --- Transfers that do not block ----------------------------------------------------------- */

enum { WU_USB_SETUP_SIZE = 8 };

/* As in bmAttributes. */
enum wu_usb_type { WU_USB_CONTROL, WU_USB_ISOCH, WU_USB_BULK, WU_USB_INTERRUPT };

enum wu_usb_packet_status {
    WU_USB_PACKET_DONE,
    WU_USB_PACKET_FAILED, /* lost, damaged, or missed by the controller */
    WU_USB_PACKET_STALLED,
    WU_USB_PACKET_OVERRUN, /* the device sent more than was asked for */
    WU_USB_PACKET_CANCELLED,
    WU_USB_PACKET_GONE, /* the device is */
};

/* The data of one service interval. Those of an isochronous transfer lie in its data one after the
 * other, each in the room of its length. */
struct wu_usb_packet {
    uint32_t length;                  /* [bytes] in: to send, or room to receive */
    uint32_t bytes;                   /* [bytes] out: sent or received */
    enum wu_usb_packet_status status; /* out */
};

/* What to transfer. */
struct wu_usb_submission {
    uint64_t tag;   /* comes back with the completion */
    uint64_t queue; /* where the completion goes; 0: to wu_usb_transfer_wait() */
    enum wu_usb_type type;
    uint8_t endpoint; /* bEndpointAddress; 0 for control */
    bool zero_packet; /* OUT: when length is a multiple of the packet size, a packet of no
                         length follows */
    uint32_t timeout; /* [ms] from now; 0: never */
    void *data;       /* lent until the completion is fetched; for control it begins with
                         the setup packet as on the wire */
    uint32_t length;  /* [bytes] of data; for control with the setup packet */
    struct wu_usb_packet *packets; /* isochronous: lent until the completion is fetched */
    uint32_t packet_count;
};

/* How a transfer ended. */
struct wu_usb_completion {
    uint64_t tag;
    uint32_t error; /* 0; ERROR_OPERATION_ABORTED: cancelled; ERROR_SEM_TIMEOUT; ERROR_GEN_FAILURE:
                       stalled, or another error of the bus; ERROR_DEVICE_NOT_CONNECTED */
    uint32_t bytes; /* transferred, whether it succeeded or not; without the setup packet; no more
                       than was asked for; 0 for isochronous ones, whose packets tell */
};

/**
 * Makes a queue for completions of one device's transfers.
 *
 * @param queue_out  set on success; never 0; to be given to wu_usb_queue_free() before the device
 *                   is closed
 * @return 0 or ERROR_NOT_ENOUGH_MEMORY
 */
uint32_t wu_usb_queue_new(uint64_t device, uint64_t *queue_out);

/** Frees a queue; no transfer that goes to it may be running, and nobody may wait. */
void wu_usb_queue_free(uint64_t queue);

/**
 * Fetches the oldest completion of a queue, waiting for it. One thread at a time. While it waits,
 * the calling thread may handle events of all transfers of the device.
 *
 * @param until           [ns of wu_host_clock_now()] when to give up; INT64_MAX: never
 * @param completion_out  set on success
 *
 * @return false when the time ran out, or after wu_usb_queue_wake()
 */
bool wu_usb_queue_wait(uint64_t queue, int64_t until, struct wu_usb_completion *completion_out);

/** Ends the wait that is going on, or else the next one. Any thread. */
void wu_usb_queue_wake(uint64_t queue);

/**
 * Makes a transfer, to be submitted any number of times.
 *
 * @param packets       [0..] how many isochronous packets it may have
 * @param transfer_out  set on success; never 0; to be given to wu_usb_transfer_free() before the
 *                      device is closed
 * @return 0 or ERROR_NOT_ENOUGH_MEMORY
 */
uint32_t wu_usb_transfer_new(uint64_t device, uint32_t packets, uint64_t *transfer_out);

/** Frees a transfer that is not running. */
void wu_usb_transfer_free(uint64_t transfer);

/** Tells how much memory the kernel has for the transfers of all programs [bytes]; 0: enough. */
uint64_t wu_usb_transfer_memory(void);

/**
 * Starts a transfer that is not running. Does not wait for the device; any thread. Transfers of one
 * endpoint run in the order in which they were submitted.
 *
 * @return 0: there will be one completion; ERROR_DEVICE_NOT_CONNECTED; ERROR_NOT_ENOUGH_MEMORY,
 *         also when the kernel has too little for so long a transfer; ERROR_NOT_FOUND: no such
 *         endpoint; ERROR_INVALID_PARAMETER; ERROR_GEN_FAILURE; there is no completion then
 */
uint32_t wu_usb_transfer_submit(uint64_t transfer, const struct wu_usb_submission *submission);

/** Asks for a transfer to end soon; its completion comes all the same. Harmless for one that is
 *  not running. Does not wait; any thread, but not while it is being submitted or freed. */
void wu_usb_transfer_cancel(uint64_t transfer);

/** Waits for a transfer that was submitted without a queue. The calling thread handles the events
 *  itself, or waits for the one that does. */
void wu_usb_transfer_wait(uint64_t transfer, struct wu_usb_completion *completion_out);

/** Gives a speed's name for people: "high". */
const char *wu_usb_speed_name(enum wu_usb_speed speed);

#endif
