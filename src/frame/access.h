/*
 * The ways to a counter: mapped registers, I/O ports, a text in debugfs. What differs from one
 * kind of controller to the next comes as an argument, from xhci.c, ehci.c, ohci.c and uhci.c.
 *
 * All open functions return ERROR_SUCCESS, or an error as wu_frame_source_open() does, and leave
 * source_out untouched on failure. The ops that they take are those of the new source: they name
 * the read and destroy functions below and outlive it.
 */
#ifndef WU_FRAME_ACCESS_H
#define WU_FRAME_ACCESS_H

#include <stddef.h>

#include "frame/frame_source.h"

/** As wu_frame_source_open(), for a controller that the operating system knows. */
DWORD wu_frame_controller_open(const struct wu_controller *controller,
                               enum wu_frame_method method,
                               struct wu_frame_source **source_out);

/** Translates errno of a file that gives access to a controller's counter. */
DWORD wu_frame_error_from_errno(int error);

/* --- Registers in memory, mmap of resource0 (mmio.c) --------------------------------------- */

/* A controller's registers, mapped read-only. */
struct wu_frame_bar {
    const volatile unsigned char *base;
    size_t size; /* [bytes] */
};

/** Loads one register; WU_FRAME_ABSENT, too, when @p offset is outside or not a multiple of 4. */
uint32_t wu_frame_bar_load(const struct wu_frame_bar *bar, size_t offset);

/**
 * Maps a controller's registers.
 *
 * @param locate  gives the counter's offset, 0 when these are not the registers it expects
 */
DWORD wu_frame_mmio_open(const struct wu_controller *controller,
                         const struct wu_frame_source_ops *ops,
                         size_t (*locate)(const struct wu_frame_bar *bar),
                         struct wu_frame_source **source_out);

bool wu_frame_mmio_read(struct wu_frame_source *source, uint32_t *raw);
void wu_frame_mmio_destroy(struct wu_frame_source *source);

/* --- A 16-bit register behind I/O ports, pread of resource4 (ioport.c) --------------------- */

/** Opens a controller's I/O ports. @param offset  [bytes] of the counter from the first port */
DWORD wu_frame_ioport_open(const struct wu_controller *controller,
                           const struct wu_frame_source_ops *ops,
                           unsigned offset,
                           struct wu_frame_source **source_out);

bool wu_frame_ioport_read(struct wu_frame_source *source, uint32_t *raw);
void wu_frame_ioport_destroy(struct wu_frame_source *source);

/* --- A text of the controller's driver in debugfs (debugfs.c) ------------------------------ */

struct wu_frame_text {
    const char *folder; /* below debugfs; the controller's id follows */
    const char *file;   /* what follows the id */
    size_t size;        /* [bytes] from the beginning that hold the counter for sure, and 1 more */
    bool kept_open;     /* read again and again by one descriptor; false: the kernel composes the
                           text once per open, and each read needs an open of its own */

    /** Finds the counter. @return false when the text is not understood; @p raw is untouched */
    bool (*parse)(const char *text, uint32_t *raw);
};

/** Opens a text, and reads it once to see that it is understood. */
DWORD wu_frame_debugfs_open(const struct wu_controller *controller,
                            const struct wu_frame_source_ops *ops,
                            const struct wu_frame_text *text,
                            struct wu_frame_source **source_out);

bool wu_frame_debugfs_read(struct wu_frame_source *source, uint32_t *raw);
void wu_frame_debugfs_destroy(struct wu_frame_source *source);

/* --- What differs from one kind of controller to the next ---------------------------------- */

struct wu_frame_layout {
    struct wu_frame_source_ops registers;             /* the counter, read directly */
    size_t (*locate)(const struct wu_frame_bar *bar); /* where it is; NULL: behind a port */
    unsigned port;                                    /* [bytes] from the first port */
    struct wu_frame_source_ops debugfs;               /* the counter, read from the text */
    struct wu_frame_text text;
};

extern const struct wu_frame_layout wu_frame_xhci;
extern const struct wu_frame_layout wu_frame_ehci;
extern const struct wu_frame_layout wu_frame_ohci;
extern const struct wu_frame_layout wu_frame_uhci;

/** Finds the hexadecimal number behind a label. @return false when there is none; @p value is
 *  untouched */
bool wu_frame_text_hex(const char *text, const char *label, uint32_t *value);

#endif
