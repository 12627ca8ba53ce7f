/*
 * Microsoft's OS descriptors, in which a device itself names the interface GUIDs that programs
 * will look for, and the driver that it wants: version 1.0 and version 2.0.
 *
 * Everything here that does not ask a device is pure: bytes in, values out. Devices lie about
 * lengths; what does not fit into the bytes at hand is ignored.
 */
#ifndef WU_DEVICES_MSOS_H
#define WU_DEVICES_MSOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/guids.h"
#include "usb/usb.h"

enum {
    WU_MSOS1_STRING_INDEX = 0xEE,
    WU_MSOS1_STRING_SIZE = 18,
    WU_MSOS1_COMPATIBLE = 4, /* wIndex of the vendor request */
    WU_MSOS1_COMPATIBLE_HEADER_SIZE = 16,
    WU_MSOS1_PROPERTIES = 5, /* wIndex of the vendor request */
    WU_MSOS1_HEADER_SIZE = 10,
    WU_MSOS2_SET = 7, /* wIndex of the vendor request */
};

/* --- Common to both ------------------------------------------------------------------------- */

/** Tells whether the 8 bytes of a compatible ID are WINUSB. */
bool wu_msos_is_winusb(const unsigned char *id);

/* One property as found: texts are UTF-16, little endian. */
struct wu_msos_property {
    const unsigned char *name;
    size_t name_size; /* [bytes] */
    const unsigned char *data;
    size_t data_size; /* [bytes] */
};

/** Adds the GUIDs of a property DeviceInterfaceGUID or DeviceInterfaceGUIDs, whether it is of type
 *  REG_SZ or REG_MULTI_SZ; other properties are ignored. */
void wu_msos_add_property(const struct wu_msos_property *property, struct wu_guids *guids);

/* --- Version 1.0 ----------------------------------------------------------------------------- */

/**
 * Looks for Microsoft's signature in string descriptor 0xEE.
 *
 * @param code_out  request code of the vendor request for the rest; set on success
 */
bool wu_msos1_vendor_code(const unsigned char *string, size_t size, uint8_t *code_out);

/**
 * Tells whether a compatible ID descriptor names WINUSB for a function.
 *
 * @param function  its first interface; -1: any function will do
 */
bool wu_msos1_names_winusb(const unsigned char *bytes, size_t size, int function);

/** Adds the GUIDs of an extended properties descriptor. */
void wu_msos1_add_properties(const unsigned char *bytes, size_t size, struct wu_guids *guids);

/* --- Version 2.0 ----------------------------------------------------------------------------- */

struct wu_msos2_platform {
    uint8_t vendor_code; /* request code of the vendor request for the set */
    uint16_t set_size;   /* [bytes] */
};

/**
 * Looks for Microsoft's platform capability in a BOS descriptor.
 *
 * @param platform_out  set on success
 */
bool wu_msos2_platform(const unsigned char *bos,
                       size_t size,
                       struct wu_msos2_platform *platform_out);

/**
 * Adds the GUIDs of a descriptor set.
 *
 * @param function  first interface of a function: what its own subset says; -1: what is said of the
 *                  device as a whole, and of any of its functions
 */
void wu_msos2_add_set(const unsigned char *bytes,
                      size_t size,
                      int function,
                      struct wu_guids *guids);

/** Tells whether a descriptor set names the compatible ID WINUSB for the device as a whole, and has
 *  no subset for any function. */
bool wu_msos2_is_whole(const unsigned char *bytes, size_t size);

/* --- Asking a device ------------------------------------------------------------------------- */

enum { WU_MSOS_GUIDS_MAX = 16 };

/* All that a device says. */
struct wu_msos {
    bool whole; /* it wants WinUSB for all of its interfaces at once: Windows matches what a device
                   names before what its class says. Only version 2.0 can say so; what version 1.0
                   names is a function's. */
    uint8_t count; /* of GUIDs */
    struct wu_msos_guid {
        uint8_t function; /* its first interface */
        GUID guid;
    } guids[WU_MSOS_GUIDS_MAX];
};

/**
 * Asks an opened device for all that it says; version 2.0 first.
 *
 * Blocks for some control transfers. One that the device does not answer costs a second, and is the
 * last that it gets.
 *
 * @param said_out  set on success, also when the device says nothing
 * @return ERROR_SUCCESS; ERROR_DEVICE_NOT_CONNECTED; ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_msos_read(uint64_t device, const struct wu_usb_info *info, struct wu_msos *said_out);

/** Adds what a device says of one of its functions; -1: of any. */
void wu_msos_add_guids(const struct wu_msos *said, int function, struct wu_guids *guids);

#endif
