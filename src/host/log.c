#include "host/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    [WU_LOG_ERROR] = "error",
    [WU_LOG_WARN] = "warn",
    [WU_LOG_INFO] = "info",
    [WU_LOG_DEBUG] = "debug",
};

static bool asked_for(enum wu_log_level level)
{
    const char *least = wu_host_environment("WINUSB_LOG");

    if (least == NULL)
        return false;
    for (unsigned i = level; i <= WU_LOG_DEBUG; i++)
        if (strcmp(least, names[i]) == 0)
            return true;
    return false;
}

/* Written in one piece, so that lines of several threads do not mix. */
void wu_log(enum wu_log_level level, const char *format, ...)
{
    char text[400], line[sizeof text + 32];
    va_list arguments;

    if (!asked_for(level))
        return;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(line, sizeof line, "winusb: %s: %s\n", names[level], text);
    wu_host_write_line(line);
}
