/*
 * What a test and the lab's device say to each other: vendor requests to the device as a whole, on
 * endpoint 0, and the structs that go with them.
 *
 * Both ends run on one machine and are built from this header, so structs travel as they are.
 * Requests from LABDEV_PROGRAM on are not in the log and change nothing that a test observes.
 */
#ifndef LABDEV_PROTOCOL_H
#define LABDEV_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#define LABDEV_PRODUCT "Lab device"
#define LABDEV_SERIAL "LAB0001"
#define LABDEV_GUID "{8F1D2C5A-3B47-4E0C-9A61-5C2E7D94B010}"   /* standard, broken */
#define LABDEV_GUID_A "{8F1D2C5A-3B47-4E0C-9A61-5C2E7D94B0A0}" /* composite: interfaces 0 and 1 */
#define LABDEV_GUID_B "{8F1D2C5A-3B47-4E0C-9A61-5C2E7D94B0B0}" /* composite: interfaces 2 and 3 */
#define LABDEV_GUID_ANDROID "{F72FE0D4-CBCB-407D-8814-9ED673D0DD6B}" /* fastboot, adb */

enum {
    LABDEV_VENDOR = 0x1209,
    LABDEV_PRODUCT_ID = 0x0001, /* plus the personality */
    LABDEV_EVENTS = 8,
    LABDEV_MESSAGE_COUNT = 16,
    LABDEV_LOG_DATA = 64,      /* [bytes] of data kept per entry */
    LABDEV_STORE_SIZE = 65535, /* [bytes] what LABDEV_ECHO keeps */
};

/* Linux's values of errno, for LABDEV_FAIL: programs for Windows have others. */
enum { LABDEV_EPROTO = 71, LABDEV_EILSEQ = 84 };

#define LABDEV_EVERY UINT32_MAX /* event.at: each transfer */
#define LABDEV_NEVER UINT32_MAX /* [ms] of an absence that does not end */

/** bRequest of vendor requests. Those up to LABDEV_MSOS take any recipient and are logged. */
enum labdev_request {
    LABDEV_ECHO = 0x10, /* OUT: keeps the data; IN: gives it back, as much as is asked for */
    LABDEV_REQUEST_STALL = 0x11,
    LABDEV_REQUEST_NAK = 0x12,   /* is not answered until it is cancelled */
    LABDEV_REQUEST_DELAY = 0x13, /* as LABDEV_ECHO, wValue [ms] later */
    LABDEV_MSOS = 0x20,          /* Microsoft's descriptors: wIndex 4, 5 or 7 */

    LABDEV_PROGRAM = 0xE0, /* OUT: struct labdev_behaviour; wIndex: endpoint address */
    LABDEV_LOG = 0xE1,     /* IN: entries from number wValue + 65536 * wIndex on */
    LABDEV_CLEAR = 0xE2,   /* OUT: empties log, counters and queues, programs the defaults */
    LABDEV_STATUS = 0xE3,  /* IN: struct labdev_status; wIndex: endpoint address */
    LABDEV_REPLUG = 0xE4,  /* OUT: struct labdev_replug */
};

/* --- Behaviour of an endpoint ---------------------------------------------------------------- */

/**
 * What an endpoint does with a transfer. The pattern is of bytes that count from 0 to 250; byte n
 * of it is n modulo 251.
 */
enum labdev_kind {
    LABDEV_NAK,      /* nothing, until it is cancelled */
    LABDEV_SOURCE,   /* IN: the pattern, as much as is asked for */
    LABDEV_SINK,     /* OUT: takes all and counts bytes that differ from the pattern */
    LABDEV_LOOPBACK, /* what endpoint 0x0n takes, 0x8n gives, packet for packet */
    LABDEV_MESSAGES, /* IN: the pattern in messages of given lengths, then nothing */
    LABDEV_SERVICE,  /* OUT, fastboot and adb: carried out; 0x81 gives the answers, as a loopback */
};

/** What happens at one transfer, instead of or besides what is usual. */
enum labdev_action {
    LABDEV_HOLD = 1,   /* not answered until it is cancelled or the endpoint is programmed anew */
    LABDEV_SHORT,      /* ends after value bytes; 0: a zero-length packet */
    LABDEV_STALL,      /* halts the endpoint until CLEAR_FEATURE */
    LABDEV_BABBLE,     /* more data than was asked for */
    LABDEV_FAIL,       /* fails with Linux's errno value; usbredir knows an I/O error only */
    LABDEV_DELAY,      /* answered value ms later */
    LABDEV_DISCONNECT, /* the device is unplugged and comes back after value ms, or LABDEV_NEVER */
};

struct labdev_event {
    uint32_t at; /* which transfer since programmed, from 1; isochronous: which packet; 0: none */
    uint32_t action; /* enum labdev_action */
    uint32_t value;
};

/** Events at the same transfer add up: SHORT and FAIL make a failure with some data. */
struct labdev_behaviour {
    uint32_t kind;          /* enum labdev_kind */
    uint32_t start;         /* where in the pattern the first byte is */
    uint32_t delay;         /* [ms] before each answer */
    uint32_t zero_packets;  /* 1: a message of whole packets ends with a zero-length packet */
    uint32_t message_count; /* 0 to LABDEV_MESSAGE_COUNT */
    uint32_t messages[LABDEV_MESSAGE_COUNT]; /* [bytes] lengths */
    struct labdev_event events[LABDEV_EVENTS];
};

/* --- What has been seen ---------------------------------------------------------------------- */

/** Counts since LABDEV_CLEAR; @p wrong and what it refers to since the endpoint was programmed. */
struct labdev_status {
    uint64_t bytes;       /* moved */
    uint64_t wrong;       /* [bytes] that a sink found to differ */
    uint64_t first_wrong; /* [bytes] into the stream; valid if wrong is not 0 */
    uint32_t transfers;   /* answered, cancelled ones not counted */
    uint32_t packets;     /* isochronous: answered */
    uint32_t cancels;
    uint32_t clears;  /* CLEAR_FEATURE(ENDPOINT_HALT) */
    uint32_t held;    /* transfers waiting now */
    uint32_t peak;    /* transfers that waited at one time, at most */
    uint32_t halted;  /* 1: it is */
    uint32_t present; /* 1: in the current configuration and alternate settings */
};

enum labdev_log_kind {
    LABDEV_LOG_SETUP = 1, /* a request arrived: setup, and the data of an OUT request */
    LABDEV_LOG_TRANSFER,  /* a transfer was answered: status, length asked for, actual; OUT: data */
    LABDEV_LOG_CANCEL,    /* the host cancelled; actual: what had been moved */
    LABDEV_LOG_RESET,     /* port reset, where the transport tells */
    LABDEV_LOG_PLUG,      /* plugged in */
    LABDEV_LOG_UNPLUG,
};

/** One entry. In a reply it is cut after @p data_size bytes of data, rounded up to 4. */
struct labdev_log_entry {
    uint32_t number;  /* from 0; gaps: the log was full, the oldest went */
    uint32_t time;    /* [us] since the device program started */
    uint8_t kind;     /* enum labdev_log_kind */
    uint8_t endpoint; /* address; 0: control */
    uint16_t status;  /* 0 or errno: EPIPE stall, EOVERFLOW babble */
    uint32_t length;  /* [bytes] */
    uint32_t actual;  /* [bytes] */
    uint8_t setup[8];
    uint32_t data_size;            /* [bytes] in data */
    uint8_t data[LABDEV_LOG_DATA]; /* the beginning of what the host sent */
};

/** Gives the size [bytes] of an entry as it travels. */
static inline size_t labdev_log_entry_size(const struct labdev_log_entry *entry)
{
    return offsetof(struct labdev_log_entry, data) + (entry->data_size + 3) / 4 * 4;
}

/* --- Plugging -------------------------------------------------------------------------------- */

enum labdev_personality {
    LABDEV_STANDARD,
    LABDEV_COMPOSITE,
    LABDEV_CONFIGURATIONS,
    LABDEV_BROKEN,
    LABDEV_FASTBOOT,
    LABDEV_ADB,
    LABDEV_PERSONALITIES,
};
enum labdev_speed { LABDEV_SAME_SPEED, LABDEV_FULL_SPEED, LABDEV_HIGH_SPEED };

/** The device leaves, and comes back as another one or the same. */
struct labdev_replug {
    uint32_t personality; /* enum labdev_personality */
    uint32_t variant;     /* of LABDEV_BROKEN: enum labdev_fault */
    uint32_t speed;       /* enum labdev_speed */
    uint32_t absence;     /* [ms] or LABDEV_NEVER; in QEMU 200 at least */
};

/** What is wrong with the configuration descriptor of LABDEV_BROKEN; the kernel takes all of them.
 */
enum labdev_fault {
    LABDEV_ZERO_LENGTH,        /* a descriptor of bLength 0 between two interfaces */
    LABDEV_TOTAL_BEYOND,       /* wTotalLength 100 more than there is */
    LABDEV_TOTAL_SHORT,        /* wTotalLength ends within the last endpoint */
    LABDEV_SHORT_ENDPOINT,     /* an endpoint descriptor of bLength 5 */
    LABDEV_DUPLICATE_ENDPOINT, /* 0x81 twice in one alternate setting */
    LABDEV_MISSING_INTERFACE,  /* bNumInterfaces 3, and 0 and 2 are there */
    LABDEV_MISSING_ENDPOINT,   /* bNumEndpoints 3, and two are there */
    LABDEV_WRONG_ASSOCIATION,  /* an association of interfaces that are not there */
    LABDEV_OVERLONG,           /* the last descriptor's bLength goes beyond the end */
    LABDEV_FAULT_COUNT,
};

#endif
