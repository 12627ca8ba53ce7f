/*
 * Numbers and bytes as they stand on a command line.
 */
#ifndef WU_CLI_NUMBER_H
#define WU_CLI_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Reads a whole number: decimal, or hexadecimal after 0x.
 *
 * @param value_out  set on success
 * @return false when it is no such number, or outside of [least..most]
 */
bool wu_parse_number(const char *text, uint32_t least, uint32_t most, uint32_t *value_out);

/**
 * Reads a time [s], which may have a fraction.
 *
 * @param seconds_out  set on success
 * @return false when it is no number, less than @p least, or more than 1e9
 */
bool wu_parse_seconds(const char *text, double least, double *seconds_out);

/* Bytes that grow; all zero to begin with. */
struct wu_bytes {
    unsigned char *data; /* owned */
    size_t count;
};

/**
 * Appends the bytes that pairs of hexadecimal digits stand for: "1b", "0x1b", "1b0a", "1b 0a".
 *
 * @return false, with nothing appended, when the text is anything else, or without memory
 */
bool wu_bytes_append_hex(struct wu_bytes *bytes, const char *text);

void wu_bytes_free(struct wu_bytes *bytes);

#endif
