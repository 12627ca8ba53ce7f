/*
 * Which USB functions are present, and by which paths programs open them.
 *
 * A function is what one WinUSB driver would drive on Windows: a whole device, or one part of a
 * composite device (an interface association, or a single interface). A composite device that names
 * WINUSB as a whole, in Microsoft's OS descriptors 2.0, is one function.
 */
#ifndef WU_DEVICES_DEVICES_H
#define WU_DEVICES_DEVICES_H

#include <windows.h>

#include "devices/guids.h"
#include "usb/usb.h"

enum {
    WU_INSTANCE_SIZE = 132,
    WU_PATH_SIZE = 260, /* of a device interface path, with its NUL */
    WU_TEXT_SIZE = 384, /* for the 126 characters of the longest string descriptor, in UTF-8 */
};

struct wu_function {
    unsigned bus;       /* [1..] */
    unsigned address;   /* [1..127] */
    char port_path[32]; /* "1.4.2", from the root hub on */
    enum wu_usb_speed speed;

    unsigned short vid;
    unsigned short pid;
    unsigned short bcd; /* release of the device */

    unsigned char configuration;    /* bConfigurationValue of the active one; 0: not configured */
    bool composite;                 /* one of several functions of its device */
    unsigned char first_interface;  /* number of the first one in the configuration */
    unsigned char lowest_interface; /* its interfaces are numbered from here on... */
    unsigned short interface_count; /* ...to so many, some of which may be missing; 0: the device is
                                       not configured */
    unsigned char class_code;       /* of the first interface, or of the device */
    unsigned char subclass;
    unsigned char protocol;
    unsigned char device_class[3]; /* of the device: class, subclass and protocol */

    char instance[WU_INSTANCE_SIZE]; /* unique among functions with these ids, lower case */
    char manufacturer[WU_TEXT_SIZE]; /* UTF-8; these three are empty when it has none */
    char product[WU_TEXT_SIZE];
    char serial[WU_TEXT_SIZE];
    char driver[64]; /* kernel driver of any of its interfaces, which opening would put aside; else
                        "usbfs" when a program has one */

    DWORD access;          /* 0: may be opened; else why not, ERROR_ACCESS_DENIED for instance */
    struct wu_guids guids; /* GUID_DEVINTERFACE_USB_DEVICE, and those the device itself names, if */
    bool is_asked;         /* what it says is known */
};

struct wu_function_list {
    struct wu_function *functions;
    size_t count;
};

/**
 * Lists the functions of all devices but hubs.
 *
 * Opens each device that it may. The first time, for some control transfers, to read which
 * interface GUIDs it names in Microsoft's OS descriptors; a second at most for all of them, even
 * when some do not answer (survey.h). One that cannot be asked is listed all the same; if it is
 * composite, as parts, for it cannot say that it wants to be whole.
 *
 * @param list_out  set on success; to be given to wu_function_list_free()
 * @return ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_function_list_get(struct wu_function_list *list_out);

/**
 * Lists the functions of the devices that are meant, and of those with the same ids, on which their
 * names depend. As wu_function_list_get(), but opens no others.
 *
 * @param means  tells whether a text means a function; of which only bus, port path, vid and pid
 * are set
 * @param text   handed on to it
 */
DWORD wu_function_list_get_meant(bool (*means)(const char *text,
                                               const struct wu_function *function),
                                 const char *text,
                                 struct wu_function_list *list_out);

void wu_function_list_free(struct wu_function_list *list);

/**
 * Writes the path by which a function is opened:
 * `\\?\usb#vid_1234&pid_5678[&mi_nn]#instance#{guid}`, in lower case.
 *
 * @param guid  one of function->guids
 * @param path  WU_PATH_SIZE bytes
 */
void wu_function_path(const struct wu_function *function, const GUID *guid, char *path);

/**
 * Finds the function that a path leads to.
 *
 * Opens that device if it may, and others with the same ids, and asks those that have not been
 * asked.
 *
 * @param path          an interface path, in any case, which may begin with `\\.\` or `\??\` as
 * well; or `/dev/bus/usb/BBB/DDD`, which means a device as a whole
 * @param function_out  set on success
 *
 * @return ERROR_SUCCESS, also for one that may not be opened (function_out->access says so), and
 *         under any GUID for one that is not asked;
 *         ERROR_FILE_NOT_FOUND    nothing of that name is present;
 *         ERROR_INVALID_PARAMETER this is no such path at all;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_function_find(const char *path, struct wu_function *function_out);

#endif
