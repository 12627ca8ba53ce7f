/*
 * What `winusb read`, `write` and `control` share: the way to the pipe, and how it went.
 */
#ifndef WU_CLI_TRANSFER_H
#define WU_CLI_TRANSFER_H

#include "cli/open.h"
#include "cli/settings.h"
#include "cli/stream.h"

/**
 * Opens the device and the interface that has the pipe, selects the alternate setting and sets the
 * timeout; or says why not. Ctrl-C is held back from here on.
 *
 * @param opened_out  set on success; to be given to wu_opened_close()
 * @param pipe_out    set on success: bulk or interrupt
 */
bool wu_transfer_open(const struct wu_settings *settings,
                      struct wu_opened *opened_out,
                      WINUSB_PIPE_INFORMATION *pipe_out);

/** Sets the timeout of a pipe, if there is one to be set. @return false after saying why not */
bool wu_transfer_set_timeout(WINUSB_INTERFACE_HANDLE iface, UCHAR pipe, int64_t timeout);

/* How far it is, on stderr. */
struct wu_progress {
    bool wanted;
    int64_t shown; /* [ns] since the start; 0: not yet */
};

/** Begins. @param watched  whether people watch what is read, which is progress enough */
void wu_progress_init(struct wu_progress *progress, bool watched);
void wu_progress_show(struct wu_progress *progress, const struct wu_amount *amount);

/**
 * Runs a stream, and says how it went.
 *
 * @param verb  "read" or "write"
 */
enum wu_cli_exit wu_transfer_run(const struct wu_stream *stream, const char *verb);

#endif
