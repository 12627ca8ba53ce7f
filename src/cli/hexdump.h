/*
 * Bytes for people: offset, hexadecimal, characters.
 */
#ifndef WU_CLI_HEXDUMP_H
#define WU_CLI_HEXDUMP_H

#include <stdint.h>
#include <stdio.h>

/**
 * Writes bytes, sixteen a line:
 * `00000010  48 65 6c 6c 6f                                    |Hello|`.
 *
 * @param offset  of the first byte, as shown
 */
void wu_hexdump(FILE *file, uint64_t offset, const unsigned char *bytes, size_t count);

#endif
