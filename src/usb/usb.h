/*
 * USB devices and their transfers, over libusb.
 *
 * Everything that crosses this border is a plain value or an opaque number, and errors are Win32
 * codes, so the other side may be compiled by another compiler, with another calling convention.
 * No callback ever comes back: transfers that do not block will be started here with a number of
 * the caller's choice and fetched, with that number, by a call that waits.
 *
 * This header does without <windows.h>, because libusb.h must not be included after it.
 */
#ifndef WU_USB_USB_H
#define WU_USB_USB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WU_USB_DEPTH = 7, WU_USB_DEVICE_DESCRIPTOR_SIZE = 18 };

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
 * @return 0 or ERROR_NOT_ENOUGH_MEMORY
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
 * @param setup        what to ask; bit 7 of its type tells the direction
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
 * Tells whether an opened device is still plugged in. Asks the kernel, not the device: no bus
 * traffic, no waiting. Any thread.
 */
bool wu_usb_present(uint64_t device);

/** Gives a speed's name for people: "high". */
const char *wu_usb_speed_name(enum wu_usb_speed speed);

#endif
