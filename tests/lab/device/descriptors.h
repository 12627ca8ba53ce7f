/*
 * What the lab's device says it is: its personalities.
 */
#ifndef LABDEV_DESCRIPTORS_H
#define LABDEV_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

enum { DESCRIPTORS_MAX = 512, DESCRIPTORS_CONFIGURATIONS = 2, DESCRIPTORS_INTERFACES = 4 };

/** Bytes as they go over the wire. */
struct blob {
    uint8_t bytes[DESCRIPTORS_MAX];
    size_t size;
};

struct descriptors {
    struct blob device;
    struct blob qualifier; /* empty at full speed: a device without high speed */
    struct blob bos;
    struct blob configurations[DESCRIPTORS_CONFIGURATIONS];
    size_t configuration_count;
    struct blob msos1_compatible;                         /* wIndex 4 */
    struct blob msos1_properties[DESCRIPTORS_INTERFACES]; /* wIndex 5; empty: it has none */
    struct blob msos2;                                    /* wIndex 7 */
};

/** Builds all of a personality; only personality, variant and speed of @p identity count. */
void descriptors_build(struct descriptors *descriptors, const struct labdev_replug *identity);

/** Gives a string descriptor. @return false when there is none of this index */
bool descriptors_string(uint8_t index, struct blob *string_out);

/* Building, for descriptors.c and msos.c. */
void blob_put(struct blob *blob, const void *bytes, size_t size);
void blob_put8(struct blob *blob, unsigned value);
void blob_put16(struct blob *blob, unsigned value);
void blob_put32(struct blob *blob, uint32_t value);
void blob_put_utf16(struct blob *blob, const char *ascii); /* without a terminator */
void blob_set16(struct blob *blob, size_t position, size_t value);

/** Builds Microsoft's OS descriptors of a personality, and the BOS that announces them. */
void msos_build(struct descriptors *descriptors, const struct labdev_replug *identity);

#endif
