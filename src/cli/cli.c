#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/plain.h"

static void complain(const char *format, va_list arguments)
{
    fflush(stdout);
    fputs("winusb: ", stderr);
    wu_plain_line_of(stderr, format, arguments);
}

void wu_cli_complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
}

enum wu_cli_exit wu_cli_usage(const char *command, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try 'winusb %s%s--help'.\n", command, *command ? " " : "");
    return WU_CLI_USAGE;
}

enum wu_cli_exit wu_cli_fail(DWORD error, const char *format, ...)
{
    char subject[256];
    char text[WU_CLI_ERROR_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(subject, sizeof(subject), format, arguments);
    va_end(arguments);
    wu_cli_error_format(error, text);
    wu_cli_complain("%s: %s", subject, text);
    return WU_CLI_FAILED;
}

/* What an earlier write left out is known by the stream's mark only, without its reason. */
bool wu_cli_flush(void)
{
    static bool told;

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;

    if (!told)
        wu_cli_complain("cannot write standard output%s%s", errno ? ": " : "",
                        errno ? strerror(errno) : "");
    told = true;
    return false;
}
