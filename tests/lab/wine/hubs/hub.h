/*
 * A hub, or a host controller, as a program for Windows asks it: by DeviceIoControl.
 */
#ifndef LAB_HUBS_HUB_H
#define LAB_HUBS_HUB_H

#include <stdbool.h>
#include <windows.h>
#include <winusb.h>

enum {
    NAME_LENGTH = 300,      /* of a path or a name, with its end */
    PIPES = 32,             /* of a device, at most */
    DESCRIPTOR_SIZE = 4096, /* [bytes] of one, at most */
    BOS_TYPE = 15,
    CONNECTED = 1, /* status of a port */
};

/* --- What Windows' header usbioctl.h has, in the names that it says it by
 * -------------------------- */

enum {
    ROOT_HUB_NAME = 0x220408,       /* of a controller: its root hub */
    CONTROLLER_KEY_NAME = 0x220424, /* of a controller: its driver key */
    HUB_NODE = 0x220408,            /* of a hub: itself */
    PORT_DESCRIPTOR = 0x220410,     /* of the device at a port */
    PORT_HUB_NAME = 0x220414,       /* of the hub at a port */
    PORT_KEY_NAME = 0x220420,       /* the driver key of the device at a port */
    PORT_CONNECTION = 0x220448,     /* what is at a port */
    PORT_PROTOCOLS = 0x22045C,      /* which generations of USB a port and its device speak */
};

#pragma pack(push, 1)
struct hub_node { /* of the type 0, a hub */
    ULONG type;
    struct {
        UCHAR length, descriptor_type, ports;
        USHORT characteristics;
        UCHAR power_on_to_good, current;
        UCHAR removable_and_power[64];
    } descriptor;
    UCHAR bus_powered;
};

struct hub_connection {
    ULONG port; /* from 1 */
    USB_DEVICE_DESCRIPTOR device;
    UCHAR configuration, speed, is_hub;
    USHORT address;
    ULONG pipe_count;
    ULONG status;
    struct {
        USB_ENDPOINT_DESCRIPTOR endpoint;
        ULONG offset;
    } pipes[PIPES];
};

struct hub_protocols {
    ULONG port, length;
    ULONG protocols; /* bits: USB 1.1, 2.0, 3.0 */
    ULONG flags;     /* bits: is at SuperSpeed, can be; the same of SuperSpeedPlus */
};

struct hub_request {
    ULONG port;
    UCHAR request_type, request;
    USHORT value, index, length;
    UCHAR data[DESCRIPTOR_SIZE];
};

struct hub_port_name {
    ULONG port, size; /* [bytes] of the whole answer */
    WCHAR name[NAME_LENGTH];
};

struct hub_name {
    ULONG size; /* [bytes] of the whole answer */
    WCHAR name[NAME_LENGTH];
};
#pragma pack(pop)

enum { CONNECTION_SIZE = 35 /* [bytes] without pipes */, REQUEST_SIZE = 12 /* without data */ };

/* --- Requests ----------------------------------------------------------------------------------
 */

/**
 * One request, and waits for its end where the file is overlapped.
 *
 * @param data  in and out
 * @param size  [bytes] of both
 * @return false with the last error set
 */
bool hub_ask(HANDLE hub, DWORD code, void *data, DWORD size, DWORD *got);

/** Opens a path, or a name as hubs and controllers give it, write-only as most do.
 *  @param flags  FILE_FLAG_OVERLAPPED or 0 */
HANDLE hub_open(const WCHAR *path, DWORD flags);

/** Asks how many ports there are. */
bool hub_ports(HANDLE hub, ULONG *count);

/** Asks what is at a port, from 1. */
bool hub_connection(HANDLE hub, ULONG port, struct hub_connection *connection);

/** Asks a device for a descriptor by its hub. @return its size [bytes], 0 with the last error set
 */
ULONG hub_descriptor(HANDLE hub,
                     ULONG port,
                     unsigned type,
                     unsigned index,
                     unsigned language,
                     UCHAR data[DESCRIPTOR_SIZE]);

/** Asks for a name at a port: of the hub there, or of the driver key. */
bool hub_port_name(HANDLE hub, DWORD code, ULONG port, WCHAR name[NAME_LENGTH]);

/** Asks a controller for a name: of its root hub, or of the driver key. */
bool hub_controller_name(HANDLE controller, DWORD code, WCHAR name[NAME_LENGTH]);

#endif
