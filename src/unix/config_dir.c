#include "unix/config_dir.h"

#include <string.h>

static const WCHAR SYSTEM[] = { '\\', '?', '?', '\\', 0 }; /* what the system's names begin with */
static const WCHAR PROGRAM[] = { '\\', '\\', '?', '\\', 0 }; /* and programs' that are no drive's */
static const WCHAR LINUX[] = { 'u', 'n', 'i', 'x', '\\', 0 };

static size_t length_of(const WCHAR *text)
{
    size_t length = 0;

    while (text[length] != 0)
        length++;
    return length;
}

static bool begins_with(const WCHAR *text, const WCHAR *head)
{
    for (; *head != 0; text++, head++)
        if (*text != *head)
            return false;
    return true;
}

static bool is_letter(WCHAR c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* From the root on: what follows a drive alone is from that drive's current folder on. */
static bool is_on_drive(const WCHAR *name)
{
    return is_letter(name[0]) && name[1] == ':' && name[2] == '\\';
}

/* @return false when it does not fit */
static bool join(const WCHAR *head, const WCHAR *tail, WCHAR *path, size_t size)
{
    const size_t first = length_of(head);
    const size_t second = length_of(tail) + 1;

    if (first + second > size)
        return false;
    memcpy(path, head, first * sizeof(*path));
    memcpy(path + first, tail, second * sizeof(*path));
    return true;
}

bool wu_config_dir_path(const WCHAR *text, WCHAR *path, size_t size)
{
    static const WCHAR nothing[] = { 0 };
    const WCHAR *name;

    if (!begins_with(text, SYSTEM))
        return false;

    name = text + length_of(SYSTEM);
    if (is_on_drive(name))
        return join(nothing, name, path, size);
    return begins_with(name, LINUX) && join(PROGRAM, name, path, size);
}
