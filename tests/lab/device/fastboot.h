/*
 * The lab's device as a boot loader that speaks fastboot: commands of up to 64 characters, answers
 * that begin OKAY, FAIL, INFO or DATA, and one download at a time.
 */
#ifndef LABDEV_FASTBOOT_H
#define LABDEV_FASTBOOT_H

#include <stdint.h>

#include "stream.h"

enum { FASTBOOT_COMMAND = 64 /* [bytes] */, FASTBOOT_IMAGE = 64 << 20 /* [bytes] at most */ };

struct fastboot {
    const char *folder; /* where flashed images go, under the names of partitions; NULL: nowhere */
    uint8_t *image;     /* owned; what was downloaded last, NULL: nothing was */
    uint32_t size;      /* [bytes] of the image */
    uint32_t received;  /* [bytes] of them; all, or the host owes the rest */
};

/** Forgets what was downloaded, and awaits a command. */
void fastboot_reset(struct fastboot *fastboot);

/** Takes what the host sent. @param back  takes the answers */
void fastboot_take(struct fastboot *fastboot,
                   struct stream *back,
                   const uint8_t *data,
                   uint32_t size);

#endif
