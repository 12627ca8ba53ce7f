/*
 * What `winusb write` sends: bytes of the command line, or a file's, once or many times.
 */
#ifndef WU_CLI_INPUT_H
#define WU_CLI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/number.h"
#include "cli/stream.h"

struct wu_input {
    const struct wu_bytes *bytes; /* borrowed; NULL: a file */
    int file;
    uint32_t packet;      /* [bytes] whole ones at the end of a pass have an empty piece follow; 0:
                             they do not; may be set once it is known */
    bool whole;           /* the last piece was of whole packets */
    size_t position;      /* in bytes */
    bool at_end;          /* of this pass */
    uint32_t passes_left; /* after this one */
    bool endless;
    bool failed; /* the file could not be read, and that has been said */
};

/** Begins to send bytes. @param repeat  how often; 0: for ever */
void wu_input_of_bytes(struct wu_input *input, const struct wu_bytes *bytes, uint32_t repeat);

/**
 * Begins to send a file.
 *
 * @param path    "-": standard input, which is sent once
 * @param repeat  how often; 0: for ever
 * @return false after saying why it cannot be opened, or repeated; else to be given to
 *         wu_input_close()
 */
bool wu_input_of_file(struct wu_input *input, const char *path, uint32_t repeat);

/**
 * Gives the next bytes: as many as there are room for, less at the end of a pass, or where no more
 * have come yet. No bytes at all, as given on the command line, are one empty piece a pass.
 *
 * @param wait        [ms] for which it may wait until there is something
 * @param length_out  [bytes] set with WU_STREAM_PIECE
 */
enum wu_stream_next wu_input_next(struct wu_input *input,
                                  unsigned char *buffer,
                                  uint32_t size,
                                  int wait,
                                  uint32_t *length_out);

void wu_input_close(struct wu_input *input);

#endif
