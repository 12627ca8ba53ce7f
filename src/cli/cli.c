#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

static void complain(const char *format, va_list arguments)
{
    fflush(stdout);
    fputs("winusb: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
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

const char *wu_cli_error_text(DWORD error)
{
    switch (error) {
    case ERROR_SUCCESS:
        return "yes";
    case ERROR_FILE_NOT_FOUND:
        return "not found";
    case ERROR_ACCESS_DENIED:
        return "no permission";
    case ERROR_NOT_ENOUGH_MEMORY:
        return "out of memory";
    case ERROR_NOT_READY:
        return "not ready";
    case ERROR_NOT_SUPPORTED:
        return "not supported";
    case ERROR_BUSY:
        return "in use";
    case ERROR_INVALID_PARAMETER:
        return "invalid";
    case ERROR_DEVICE_NOT_CONNECTED:
        return "unplugged";
    default:
        return "failed";
    }
}
