/*
 * The commands of the tool `winusb`, and what they share.
 */
#ifndef WU_CLI_CLI_H
#define WU_CLI_CLI_H

#include <stdbool.h>
#include <windows.h>

enum wu_cli_exit { WU_CLI_OK = 0, WU_CLI_FAILED = 1, WU_CLI_USAGE = 2 };

enum { WU_CLI_ERROR_SIZE = 96 };

/* Each command takes its own arguments, the first being its name. */
enum wu_cli_exit wu_cli_control(int count, char **arguments);
enum wu_cli_exit wu_cli_info(int count, char **arguments);
enum wu_cli_exit wu_cli_list(int count, char **arguments);
enum wu_cli_exit wu_cli_read(int count, char **arguments);
enum wu_cli_exit wu_cli_timesync(int count, char **arguments);
enum wu_cli_exit wu_cli_wine(int count, char **arguments);
enum wu_cli_exit wu_cli_write(int count, char **arguments);

/** Writes one line "winusb: ..." to stderr. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void wu_cli_complain(const char *format, ...);

/** Says that arguments are wrong, and how to learn more. @return WU_CLI_USAGE */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
enum wu_cli_exit
wu_cli_usage(const char *command, const char *format, ...);

/** Says on stderr what failed, and how: "winusb: WHAT: ERROR_BUSY (170): in use".
 *  @return WU_CLI_FAILED */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
enum wu_cli_exit
wu_cli_fail(DWORD error, const char *format, ...);

/** Tells whether all that was written to stdout has got there; says why not, once. */
bool wu_cli_flush(void);

/** Gives a few words for an error: "no permission". */
const char *wu_cli_error_text(DWORD error);

/** Writes an error's name, number and words. @param text  WU_CLI_ERROR_SIZE bytes */
void wu_cli_error_format(DWORD error, char *text);

#endif
