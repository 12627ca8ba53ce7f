/*
 * What the fuzz targets have in common: the bytes that decide, and how a broken promise is told.
 */
#ifndef WU_TESTS_FUZZ_H
#define WU_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Runs a target once; what libFuzzer and replay.c call. @return 0 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The bytes that have not been used yet. */
struct fuzz_input {
    const uint8_t *bytes;
    size_t size;
};

/** Takes the next byte; 0 when there is none. */
static inline uint8_t fuzz_take(struct fuzz_input *input)
{
    if (input->size == 0)
        return 0;

    input->size--;
    return *input->bytes++;
}

/** The same from the end. */
static inline uint8_t fuzz_take_last(struct fuzz_input *input)
{
    return input->size > 0 ? input->bytes[--input->size] : 0;
}

/** Takes a number [0..count) from the next byte. */
static inline unsigned fuzz_pick(struct fuzz_input *input, unsigned count)
{
    return fuzz_take(input) % count;
}

/** Tells what promise was broken, and aborts. */
void fuzz_fail(const char *promise, const char *file, int line);

/* Aborts unless a promise was kept. */
#define fuzz_require(kept)                        \
    do {                                          \
        if (!(kept))                              \
            fuzz_fail(#kept, __FILE__, __LINE__); \
    } while (0)

#endif
