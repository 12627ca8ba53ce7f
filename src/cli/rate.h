/*
 * How much was moved in what time, for people.
 */
#ifndef WU_CLI_RATE_H
#define WU_CLI_RATE_H

#include <stddef.h>
#include <stdint.h>

enum { WU_RATE_SIZE = 160 };

struct wu_amount {
    uint64_t bytes;
    uint64_t requests;
    int64_t time; /* [ns] */
};

/**
 * Writes "65536 bytes, 4 requests, 0.021 s, 3.12 MB/s"; with kB/s for less than 0.1 MB/s, and
 * without a rate when nothing was moved.
 *
 * @param text  WU_RATE_SIZE bytes
 */
void wu_rate_format(const struct wu_amount *amount, char *text);

#endif
