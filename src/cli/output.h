/*
 * Where what was read goes: for people or as it is, to standard output or a file.
 */
#ifndef WU_CLI_OUTPUT_H
#define WU_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum wu_output_form {
    WU_OUTPUT_BY_PLACE, /* for people on standard output, as it is to a file */
    WU_OUTPUT_HEX,
    WU_OUTPUT_RAW,
};

struct wu_output {
    FILE *file;
    const char *path; /* NULL: standard output; borrowed */
    bool raw;
    uint64_t offset; /* [bytes] written before */
};

/**
 * Opens a file for writing, or standard output.
 *
 * @param path  NULL and "-": standard output; kept by @p output_out
 * @return false after saying why not; else to be given to wu_output_close()
 */
bool wu_output_open(const char *path, enum wu_output_form form, struct wu_output *output_out);

/** Writes bytes, at once. @return false after saying why not */
bool wu_output_write(struct wu_output *output, const unsigned char *bytes, size_t count);

/** Tells whether people watch what is written. */
bool wu_output_is_watched(const struct wu_output *output);

/** Closes a file. @return false after saying that not everything is in it */
bool wu_output_close(struct wu_output *output);

#endif
