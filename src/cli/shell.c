#include "cli/shell.h"

#include <stdio.h>
#include <string.h>

static const char plain[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+,:=@%";

/* Bytes of characters beyond ASCII mean nothing to a shell. */
static size_t plain_length(const char *path)
{
    size_t length = 0;

    while (path[length] != '\0' && (strchr(plain, path[length]) || (path[length] & 0x80)))
        length++;
    return length;
}

void wu_shell_quote(const char *path, char quoted[WU_SHELL_QUOTED_SIZE])
{
    char *to = quoted;

    if (path[plain_length(path)] == '\0') {
        snprintf(quoted, WU_SHELL_QUOTED_SIZE, "%s", path);
        return;
    }

    *to++ = '\'';
    for (; *path != '\0'; path++)
        if (*path == '\'') {
            memcpy(to, "'\\''", 4);
            to += 4;
        } else {
            *to++ = *path;
        }
    strcpy(to, "'");
}
