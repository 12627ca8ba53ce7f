/*
 * What hubs and host controllers answer to DeviceIoControl.
 *
 * Nearly all comes from /sys, so devices need not be opened, and are not disturbed where a program
 * has them. The structures are Windows', packed, and look the same to programs of 32 and of 64
 * bits.
 */
#ifndef WU_DEVICES_HUB_REQUEST_H
#define WU_DEVICES_HUB_REQUEST_H

#include <stddef.h>
#include <stdint.h>
#include <windows.h>

#include "devices/hubs.h"

enum wu_hub_code {
    WU_HUB_GET_NODE_INFORMATION = 0x220408, /* asked of a controller: the name of its root hub */
    WU_HUB_GET_CONNECTION = 0x22040C,
    WU_HUB_GET_DESCRIPTOR = 0x220410,
    WU_HUB_GET_NAME = 0x220414,
    WU_HUB_GET_DRIVER_KEY = 0x220420,
    WU_HUB_GET_CONTROLLER_DRIVER_KEY = 0x220424,
    WU_HUB_GET_CONNECTION_EX = 0x220448,
    WU_HUB_GET_CONNECTION_EX_V2 = 0x22045C,
};

enum {
    WU_HUB_PIPES_MAX = 30,       /* of a device, without endpoint 0 */
    WU_HUB_ENDPOINT_SIZE = 7,    /* [bytes] of its descriptor */
    WU_HUB_DEVICE_CONNECTED = 1, /* status of a port; 0: none */
    WU_HUB_USB110 = 1,           /* protocols of a port */
    WU_HUB_USB200 = 2,
    WU_HUB_USB300 = 4,
    WU_HUB_IS_SUPER = 1, /* flags of a device: it runs at this speed, or could */
    WU_HUB_CAN_SUPER = 2,
    WU_HUB_IS_SUPER_PLUS = 4,
    WU_HUB_CAN_SUPER_PLUS = 8,
};

#pragma pack(push, 1)

/* USB_NODE_INFORMATION, of a hub */
struct wu_hub_node_information {
    uint32_t type;  /* 0: a hub */
    uint8_t length; /* [bytes] of the hub's descriptor, which begins here */
    uint8_t descriptor_type;
    uint8_t port_count;
    uint16_t characteristics;
    uint8_t power_on_time; /* [2 ms] */
    uint8_t current;       /* [mA] */
    uint8_t masks[64];
    uint8_t is_bus_powered;
};

/* USB_NODE_CONNECTION_INFORMATION and ..._EX, which differ in the speed */
struct wu_hub_connection {
    uint32_t port;
    uint8_t device[WU_USB_DEVICE_DESCRIPTOR_SIZE];
    uint8_t configuration; /* value of the selected one; 0: none is */
    uint8_t speed;         /* 0: low to 3: super; the older one: whether it is low */
    uint8_t is_hub;
    uint16_t address;
    uint32_t pipe_count;
    uint32_t status;
    /* pipes follow */
};

/* USB_PIPE_INFO */
struct wu_hub_pipe {
    uint8_t endpoint[WU_HUB_ENDPOINT_SIZE]; /* descriptor */
    uint32_t schedule_offset;
};

/* USB_NODE_CONNECTION_INFORMATION_EX_V2 */
struct wu_hub_connection_v2 {
    uint32_t port;
    uint32_t length; /* [bytes] of this */
    uint32_t protocols;
    uint32_t flags;
};

/* USB_DESCRIPTOR_REQUEST */
struct wu_hub_descriptor_request {
    uint32_t port;
    uint8_t type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length;
    /* the descriptor follows */
};

/* USB_NODE_CONNECTION_NAME, USB_NODE_CONNECTION_DRIVERKEY_NAME */
struct wu_hub_port_name {
    uint32_t port;
    uint32_t length; /* [bytes] of all of it, also when only part of it fits */
    /* UTF-16 follows, with its NUL */
};

/* USB_ROOT_HUB_NAME, USB_HCD_DRIVERKEY_NAME */
struct wu_hub_name {
    uint32_t length; /* as above */
};

#pragma pack(pop)

/**
 * Answers a request of a hub or a controller.
 *
 * Blocks for some files of /sys; for a second at most where the device at a port has to be asked,
 * which is done for descriptors only that Linux does not know. A device that a program has is not
 * asked.
 *
 * @param path      as wu_hub_path() writes it, in any case
 * @param code      enum wu_hub_code, of those that are for hubs or for controllers
 * @param in        [in_size bytes] may be the same memory as @p out
 * @param out       [out_size bytes] untouched on failure
 * @param size_out  [bytes] set on success: how much of @p out was written
 *
 * @return ERROR_SUCCESS, also for a port without a device where something can be said of it;
 *         ERROR_NOT_SUPPORTED         there is no such request, or not to such a node;
 *         ERROR_INSUFFICIENT_BUFFER   @p in or @p out cannot hold what is fixed of the structure;
 *         ERROR_INVALID_PARAMETER     there is no such port, or @p in has another length in it than
 *                                     that of its structure;
 *         ERROR_DEVICE_NOT_CONNECTED  of the node, or of the device that is to say something;
 *         ERROR_GEN_FAILURE           the device has no such descriptor;
 *         ERROR_BUSY, ERROR_ACCESS_DENIED, ERROR_SEM_TIMEOUT  it cannot be asked;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_hub_request(const char *path,
                     DWORD code,
                     const void *in,
                     size_t in_size,
                     void *out,
                     size_t out_size,
                     size_t *size_out);

/** The same of an entry of a list. */
DWORD wu_hub_answer(const struct wu_hub *hub,
                    DWORD code,
                    const void *in,
                    size_t in_size,
                    void *out,
                    size_t out_size,
                    size_t *size_out);

#endif
