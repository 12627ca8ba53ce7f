/*
 * The arguments of `winusb read`, `write` and `control`.
 */
#ifndef WU_CLI_SETTINGS_H
#define WU_CLI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>
#include <winusb.h>

#include "cli/cli.h"
#include "cli/number.h"
#include "cli/output.h"

enum { WU_AS_IT_IS = -1 };

struct wu_settings {
    bool wants_help; /* nothing else is set then */
    const char *device;
    int number;    /* bInterfaceNumber; WU_ANY_INTERFACE: the one it takes */
    int alternate; /* bAlternateSetting; WU_AS_IT_IS */
    UCHAR pipe;    /* read and write */

    uint32_t length;  /* [bytes] of a request at most; 0: as the command finds good */
    uint32_t count;   /* requests, or passes of what is written; 0: no end */
    bool counted;     /* that was told */
    double seconds;   /* 0: no end */
    int64_t timeout;  /* [ms]; 0: never; WU_AS_IT_IS: the pipe's policy */
    uint32_t queue;   /* requests in flight; read and write */
    bool terminate;   /* what is written ends with a short packet, if need be an empty one */
    const char *file; /* read, control: to write to; write: to read from, "-": standard input */
    enum wu_output_form form;

    struct wu_bytes bytes;     /* to be sent; owned */
    WINUSB_SETUP_PACKET setup; /* control; Length is that of the data */
};

/**
 * Parse the arguments of a command, the first being its name.
 *
 * @param settings_out  set on success; to be given to wu_settings_free() in any case
 * @return WU_CLI_OK, or WU_CLI_USAGE after saying what is wrong
 */
enum wu_cli_exit wu_settings_of_read(int count, char **arguments, struct wu_settings *settings_out);
enum wu_cli_exit
wu_settings_of_write(int count, char **arguments, struct wu_settings *settings_out);
enum wu_cli_exit
wu_settings_of_control(int count, char **arguments, struct wu_settings *settings_out);

void wu_settings_free(struct wu_settings *settings);

#endif
