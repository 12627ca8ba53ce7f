#define _POSIX_C_SOURCE 200809L /* struct stat's st_mtim */

#include "wine/override.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wine/beneath.h"
#include "wine/prefix.h"
#include "wine/server.h"

#define NOTE WU_PREFIX_FOLDER "/override"

enum { VALUE_SIZE = sizeof(((struct wu_override *)0)->value) };

/* What is said under the two names that count: "winusb", and "*winusb" where there is none. */
struct values {
    bool has[2];
    char text[2][VALUE_SIZE];
};

/* Ways are words or their first letters, with commas and blanks between. */
static enum wu_override_way way_of(const char *value)
{
    switch (value[strspn(value, ", \t")]) {
    case 'n':
    case 'N':
        return WU_OVERRIDE_NATIVE;
    case 'b':
    case 'B':
        return WU_OVERRIDE_BUILTIN;
    default:
        return WU_OVERRIDE_DISABLED;
    }
}

/* Tells which of the two names this is. @return -1 when it is neither */
static int name_of(const char *name, size_t length)
{
    const bool star = length > 0 && *name == '*';

    name += star;
    length -= star;
    if ((length == 6 && strncasecmp(name, "winusb", 6) == 0) ||
        (length == 10 && strncasecmp(name, "winusb.dll", 10) == 0))
        return star;
    return -1;
}

static void
take(struct values *values, const char *name, size_t length, const char *value, size_t size)
{
    const int which = name_of(name, length);

    if (which < 0)
        return;
    values->has[which] = true;
    snprintf(values->text[which], VALUE_SIZE, "%.*s", (int)(size < VALUE_SIZE ? size : VALUE_SIZE),
             value);
}

/* --- WINEDLLOVERRIDES ------------------------------------------------------------------------- */

/* One of `a,b=n,b;winusb=`: names, and the way of all of them. */
static void take_entry(struct values *values, const char *entry, size_t length)
{
    const char *equals = memchr(entry, '=', length);

    if (!equals)
        return;

    for (const char *name = entry; name < equals;) {
        const size_t size = strcspn(name, ",=");

        take(values, name, size, equals + 1, length - (size_t)(equals + 1 - entry));
        name += size + 1;
    }
}

static void read_environment(struct values *values, const char *text)
{
    while (text && *text != '\0') {
        const size_t length = strcspn(text, ";");

        take_entry(values, text, length);
        text += length + (text[length] == ';');
    }
}

/* --- user.reg --------------------------------------------------------------------------------- */

static void take_line(struct values *values, const char *line)
{
    const char *end = strstr(line, "\"=\"");

    if (*line == '"' && end)
        take(values, line + 1, (size_t)(end - line - 1), end + 3, strcspn(end + 3, "\"\r\n"));
}

/* [Software\\Wine\\AppDefaults\\program.exe\\DllOverrides]: these are for one program. */
static void take_program(struct wu_override *override, const char *section, const char *line)
{
    struct values values = { 0 };
    const char *end = strstr(section, "\\\\");

    take_line(&values, line);
    if (!end || !(values.has[0] || values.has[1]) ||
        way_of(values.text[values.has[0] ? 0 : 1]) == WU_OVERRIDE_NATIVE)
        return;
    snprintf(override->program, sizeof(override->program), "%.*s", (int)(end - section), section);
}

static void read_registry(FILE *file, struct values *values, struct wu_override *override)
{
    static const char all[] = "[Software\\\\Wine\\\\DllOverrides]";
    static const char one[] = "[Software\\\\Wine\\\\AppDefaults\\\\";
    char line[1024], section[1024] = "";

    while (fgets(line, sizeof(line), file)) {
        if (*line == '[')
            memcpy(section, line, sizeof(section));
        else if (strncasecmp(section, all, sizeof(all) - 1) == 0)
            take_line(values, line);
        else if (strncasecmp(section, one, sizeof(one) - 1) == 0 &&
                 strstr(section, "\\\\DllOverrides]"))
            take_program(override, section + sizeof(one) - 1, line);
    }
}

/* --- The note --------------------------------------------------------------------------------- */

bool wu_override_note(const char *prefix)
{
    return wu_prefix_write(prefix, NOTE, "winusb=" WU_OVERRIDE "\n");
}

static bool has_key(const char *prefix)
{
    static const char section[] = "[Software\\\\" WU_OVERRIDE_KEY "]";
    FILE *file = wu_prefix_open(prefix, "user.reg");
    char line[1024];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file))
        found = strncasecmp(line, section, sizeof(section) - 1) == 0;
    if (file)
        fclose(file);
    return found;
}

bool wu_override_is_noted(const char *prefix)
{
    return wu_beneath_has_file(prefix, NOTE) || has_key(prefix);
}

bool wu_override_forget(const char *prefix)
{
    return wu_beneath_remove(prefix, NOTE);
}

static bool is_older(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec < b->st_mtim.tv_sec ||
           (a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec < b->st_mtim.tv_nsec);
}

static bool get_status(const char *prefix, const char *name, struct stat *status)
{
    const int file = wu_beneath_open_file(prefix, name, O_RDONLY);
    const bool got = file >= 0 && fstat(file, status) == 0;

    if (file >= 0)
        close(file);
    return got;
}

/* Wine's server may not have written yet what we had it set. One that has ended has written it, or
 * never will, as when the disk is full. */
static bool is_to_be_written(const char *prefix)
{
    struct stat note, registry;
    char server[PATH_MAX];

    return get_status(prefix, NOTE, &note) &&
           (!get_status(prefix, "user.reg", &registry) || is_older(&registry, &note)) &&
           wu_server_find(prefix, server);
}

/* --- What holds ------------------------------------------------------------------------------- */

void wu_override_get(const char *prefix, const char *environment, struct wu_override *override_out)
{
    struct values said = { 0 }, registry = { 0 };
    const bool to_be_written = is_to_be_written(prefix); /* before that ends, and the file is new */
    FILE *file = wu_prefix_open(prefix, "user.reg");

    *override_out = (struct wu_override){ .way = WU_OVERRIDE_NONE };
    read_environment(&said, environment);
    if (file) {
        read_registry(file, &registry, override_out);
        fclose(file);
    }
    if (to_be_written)
        take(&registry, "winusb", 6, WU_OVERRIDE, strlen(WU_OVERRIDE));

    for (int i = 0; i < 2; i++) {
        const struct values *values = said.has[i] ? &said : &registry;

        if (!values->has[i])
            continue;
        override_out->way = way_of(values->text[i]);
        override_out->by_environment = said.has[i];
        memcpy(override_out->value, values->text[i], VALUE_SIZE);
        return;
    }
}
