/*
 * The functions of the Unix library: what they are called by, and in which shape their data cross.
 *
 * A call has an array of numbers of 64 bits. The first says which function is called, and is its
 * result afterwards; the others are the arguments in the order of the function whose name the call
 * has. Pointers, too, are numbers, and a pointer to a number is one to 64 bits. Both sides share
 * memory, but a program of 32 bits may have a side for Linux of 64 bits: it has no way to reach
 * what was allocated there, and structures with pointers or sizes in them look different. So those
 * are not shared.
 */
#ifndef WU_UNIX_CALLS_H
#define WU_UNIX_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* The library's table of functions, by the name that Wine has for such tables; there is one for all
 * calls. */
#define WU_UNIX_TABLE __wine_unix_call_funcs

enum wu_unix_call {
    WU_UNIX_VERSION, /* (text[WU_UNIX_VERSION_SIZE]): the library's; result: its bits */

    /* --- host/host.h --- */
    WU_UNIX_CLOCK_NOW,
    WU_UNIX_CLOCK_READ,
    WU_UNIX_CLOCK_ERROR,
    WU_UNIX_CLOCK_SUSPENDED,
    WU_UNIX_CLOCK_SLEEP_SIGN,
    WU_UNIX_SLEEP_UNTIL,
    WU_UNIX_BE_PUNCTUAL,
    WU_UNIX_WRITE_LINE,

    /* --- usb/usb.h --- */
    WU_UNIX_USB_LIST_GET,  /* (list_out) */
    WU_UNIX_USB_LIST_SIZE, /* (list): how many devices */
    WU_UNIX_USB_LIST_INFO, /* (list, which, info[WU_UNIX_INFO_SIZE]): size of its configuration */
    WU_UNIX_USB_LIST_CONFIGURATION, /* (list, which, bytes, size) */
    WU_UNIX_USB_LIST_FREE,
    WU_UNIX_USB_OPEN, /* (list, info->id, device_out) */
    WU_UNIX_USB_CLOSE,
    WU_UNIX_USB_CLAIM,
    WU_UNIX_USB_RELEASE,
    WU_UNIX_USB_CONTROL,
    WU_UNIX_USB_SET_ALTERNATE,
    WU_UNIX_USB_CLEAR_HALT,
    WU_UNIX_USB_PRESENT,
    WU_UNIX_USB_QUEUE_NEW,
    WU_UNIX_USB_QUEUE_FREE,
    WU_UNIX_USB_QUEUE_WAIT,
    WU_UNIX_USB_QUEUE_WAKE,
    WU_UNIX_USB_TRANSFER_NEW,
    WU_UNIX_USB_TRANSFER_FREE,
    WU_UNIX_USB_TRANSFER_MEMORY,
    WU_UNIX_USB_TRANSFER_SUBMIT, /* (transfer, members of the submission in their order) */
    WU_UNIX_USB_TRANSFER_CANCEL,
    WU_UNIX_USB_TRANSFER_WAIT,

    /* --- devices/devices.h, devices/file.h --- */
    WU_UNIX_FUNCTION_LIST_GET,  /* (list_out) */
    WU_UNIX_FUNCTION_LIST_SIZE, /* (list): how many functions */
    WU_UNIX_FUNCTION_LIST_COPY, /* (list, functions) */
    WU_UNIX_FUNCTION_LIST_FREE,
    WU_UNIX_FUNCTION_FIND,
    WU_UNIX_FILE_FIND,

    /* --- devices/hubs.h, devices/hub_request.h --- */
    WU_UNIX_HUB_LIST_GET,  /* (list_out) */
    WU_UNIX_HUB_LIST_SIZE, /* (list): how many entries */
    WU_UNIX_HUB_LIST_COPY, /* (list, hubs) */
    WU_UNIX_HUB_LIST_FREE,
    WU_UNIX_HUB_REQUEST, /* (path, code, in, in_size, out, out_size, size_out) */

    /* --- frame/controller.h, frame/frame_source.h --- */
    WU_UNIX_CONTROLLER_FIND, /* (bus, controller[WU_UNIX_CONTROLLER_SIZE]) */
    WU_UNIX_FRAME_OPEN, /* (controller[WU_UNIX_CONTROLLER_SIZE], method, struct wu_unix_frame *) */
    WU_UNIX_FRAME_READ, /* (source, raw) */
    WU_UNIX_FRAME_CLOSE,

    /* --- wine/: errors are Linux's errno --- */
    WU_UNIX_DESCRIPTOR_IDENTIFY, /* (fd, path, size) */
    WU_UNIX_LINKS_GET,           /* (prefix, links_out): 0 or errno */
    WU_UNIX_LINKS_SIZE,          /* (links): how many */
    WU_UNIX_LINKS_COPY,          /* (links, struct wu_link *) */
    WU_UNIX_LINKS_FREE,
    WU_UNIX_LINK_MAKE,           /* 0 or errno */
    WU_UNIX_LINK_LEADS_TO_TOKEN, /* 0 or errno */
    WU_UNIX_LINK_REMOVE,         /* 0 or errno */
    WU_UNIX_TOKEN_IS_AT,
    WU_UNIX_TOKEN_REMOVE,       /* 0 or errno */
    WU_UNIX_PREFIX_MAKE_FOLDER, /* 0 or errno */
    WU_UNIX_PREFIX_READ,  /* (prefix, name, text, size): 0 or errno; ERANGE: size is too small */
    WU_UNIX_PREFIX_WRITE, /* 0 or errno */
    WU_UNIX_PREFIX_LOCK,  /* (prefix, patience, lock_out): 0 or errno */
    WU_UNIX_PREFIX_UNLOCK,
    WU_UNIX_PREFIX_ERROR, /* (errno, text, size) */
    WU_UNIX_MARK,

    WU_UNIX_CALLS,
};

enum {
    WU_UNIX_UNKNOWN = (int)0xC0000002, /* status of a call that the library does not have */
    WU_UNIX_VERSION_SIZE = 32,
    WU_UNIX_FUNCTION_SIZE = 1936,  /* of struct wu_function */
    WU_UNIX_TARGET_SIZE = 16,      /* of struct wu_file_target */
    WU_UNIX_HUB_SIZE = 1060,       /* of struct wu_hub */
    WU_UNIX_INFO_SIZE = 50,        /* of struct wu_usb_info, up to its pointer */
    WU_UNIX_CONTROLLER_SIZE = 324, /* of struct wu_controller, up to its pointers */
    WU_UNIX_FRAME_NAME_SIZE = 32,
};

/* A counter that was opened. */
struct wu_unix_frame {
    uint64_t source;
    int64_t tick; /* [ns] */
    int64_t late; /* [ns] */
    uint64_t bits;
    char name[WU_UNIX_FRAME_NAME_SIZE];
};

/* What is shared as it is has the same shape on both sides. */
#define WU_UNIX_SAME(type, bytes) \
    _Static_assert(sizeof(type) == (bytes), #type " looks different on the other side")
#define WU_UNIX_ENDS(type, member, bytes)                                           \
    _Static_assert(offsetof(type, member) + sizeof(((type *)0)->member) == (bytes), \
                   #type " looks different on the other side")

#endif
