#define _XOPEN_SOURCE 700 /* realpath */

#include "wine/loader.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wine/prefix.h"
#include "wine/server.h"

enum { LINE_SIZE = PATH_MAX + 64 };

/* A prefix, whose Wine is looked for. */
struct owned {
    const char *path;
    enum wu_prefix_kind kind;
    long long made; /* [s] time of the wine.inf by which it was made or updated; 0: unknown */
};

/* --- Programs --------------------------------------------------------------------------------- */

static bool is_program(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool find_in_path(const char *name, char path[PATH_MAX])
{
    const char *folders = getenv("PATH");

    while (folders && *folders != '\0') {
        const int length = (int)strcspn(folders, ":");

        if (length > 0 && snprintf(path, PATH_MAX, "%.*s/%s", length, folders, name) < PATH_MAX &&
            is_program(path))
            return true;
        folders += length + (folders[length] == ':');
    }

    return false;
}

/* Makes a wish the path of the program that it names; where there is none, it stays. */
static bool is_wish(char path[PATH_MAX])
{
    char found[PATH_MAX];

    if (strchr(path, '/'))
        return is_program(path);
    if (!find_in_path(path, found))
        return false;
    strcpy(path, found);
    return true;
}

/* Where Wine has two, `wine64` needs nothing of 32 bits, and `wine` runs 32-bit prefixes. */
static bool
take_folder(const char *folder, const char *bin, enum wu_prefix_kind kind, char path[PATH_MAX])
{
    static const char *const programs[][2] = { { "wine64", "wine" }, { "wine", "wine64" } };

    for (int i = 0; i < 2; i++)
        if (snprintf(path, PATH_MAX, "%s%s/%s", folder, bin, programs[kind == WU_PREFIX_WIN32][i]) <
                PATH_MAX &&
            is_program(path))
            return true;

    return false;
}

/* --- What runs, and what Proton and Bottles note ---------------------------------------------- */

static void end_at(char *line, const char *end)
{
    line[strcspn(line, end)] = '\0';
}

/* A file that says which program to run has to be our user's own, wherever it is. */
static FILE *open_own(const char *path)
{
    const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    FILE *stream = NULL;

    if (file < 0)
        return NULL;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid())
        stream = fdopen(file, "r");
    if (!stream)
        close(file);
    return stream;
}

/* Proton's prefix is `compatdata/ID/pfx`. Beside it is a file whose second line is the folder of
 * fonts of the Proton that has used it last. */
static bool take_proton(const struct owned *prefix, char path[PATH_MAX])
{
    static const char fonts[] = "/share/fonts/";
    const char *slash = strrchr(prefix->path, '/');
    char name[PATH_MAX + 16], line[LINE_SIZE] = "";
    char *end;
    FILE *file;

    if (!slash || strcmp(slash, "/pfx") != 0)
        return false;

    snprintf(name, sizeof(name), "%.*s/config_info", (int)(slash - prefix->path), prefix->path);
    file = open_own(name);
    for (int i = 0; file && i < 2; i++)
        if (!fgets(line, sizeof(line), file))
            *line = '\0';
    if (file)
        fclose(file);

    end_at(line, "\r\n");
    end = strstr(line, fonts);
    if (!end || end[sizeof(fonts) - 1] != '\0')
        return false;
    *end = '\0';
    return take_folder(line, "/bin", prefix->kind, path);
}

/* Another's programs could not talk to the server that runs in a prefix. */
static bool take_running(const struct owned *prefix, char path[PATH_MAX])
{
    char server[PATH_MAX];

    if (!wu_server_find(prefix->path, server))
        return false;
    *strrchr(server, '/') = '\0';
    return take_folder(server, "", prefix->kind, path);
}

/* A bottle says by its file which of the runners it uses, which are in a folder beside all bottles.
 * Those called sys-... are the system's own. */
static bool take_runner(const struct owned *prefix, const char *runner, char path[PATH_MAX])
{
    char folder[PATH_MAX];

    if (*runner == '\0' || strchr(runner, '/') || strncmp(runner, "sys-", 4) == 0)
        return false;
    return snprintf(folder, sizeof(folder), "%s/../../runners/%s", prefix->path, runner) <
               PATH_MAX &&
           (take_folder(folder, "/bin", prefix->kind, path) ||
            take_folder(folder, "/files/bin", prefix->kind, path));
}

static bool take_bottle(const struct owned *prefix, char path[PATH_MAX])
{
    FILE *file = wu_prefix_open(prefix->path, "bottle.yml");
    char line[LINE_SIZE];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file)) {
        if (strncmp(line, "Runner:", 7) != 0)
            continue;
        end_at(line, "\r\n#");
        found = take_runner(prefix, line + 7 + strspn(line + 7, " '\""), path);
    }
    if (file)
        fclose(file);
    return found;
}

/* --- Who made or updated it ------------------------------------------------------------------- */

/* Debian's, whose package of 64 bits alone has nothing in PATH in some releases. */
#define DEBIAN "/usr/lib/wine/wine64"
#define DEBIAN_FROM_10 "/usr/lib/x86_64-linux-gnu/wine/wine"

static const char *const in_path[] = { "wine", "wine64", "wine-stable", "wine64-stable" };

enum made { UNKNOWN, YES, NO };

/* Splits off the folder of a program that links may lead to. */
static bool folder_of(const char *program, char folder[PATH_MAX])
{
    if (!realpath(program, folder))
        return false;

    *strrchr(folder, '/') = '\0';
    return true;
}

/* Wine notes in a prefix the time of the wine.inf by which it made or updated it. */
static enum made has_made(const char *program, long long seconds)
{
    static const char *const places[] = { "..", "../..", "../../.." };
    char folder[PATH_MAX], path[PATH_MAX + 32];
    enum made made = UNKNOWN;
    struct stat status;

    if (seconds <= 0 || !folder_of(program, folder))
        return UNKNOWN;
    for (int i = 0; i < 3 && made != YES; i++) {
        snprintf(path, sizeof(path), "%s/%s/share/wine/wine.inf", folder, places[i]);
        if (stat(path, &status) == 0)
            made = (long long)status.st_mtime == seconds ? YES : NO;
    }
    return made;
}

static bool take_maker_of(const char *pattern, long long seconds, char path[PATH_MAX])
{
    const char *home = getenv("HOME");
    char full[PATH_MAX];
    glob_t found;
    bool taken = false;

    if (*pattern != '/' && !home)
        return false;
    if (snprintf(full, sizeof(full), "%s%s%s", *pattern == '/' ? "" : home,
                 *pattern == '/' ? "" : "/", pattern) >= PATH_MAX ||
        glob(full, 0, NULL, &found) != 0)
        return false;

    for (size_t i = 0; i < found.gl_pathc && !taken; i++) {
        taken = is_program(found.gl_pathv[i]) && has_made(found.gl_pathv[i], seconds) == YES &&
                snprintf(path, PATH_MAX, "%s", found.gl_pathv[i]) < PATH_MAX;
    }
    globfree(&found);
    return taken;
}

/* Other text than a number, as "disable", is no time. */
static long long time_of(const char *prefix)
{
    char *text = wu_prefix_read(prefix, ".update-timestamp");
    const long long seconds = text ? strtoll(text, NULL, 10) : 0;

    free(text);
    return seconds;
}

static bool take_maker(const struct owned *prefix, char path[PATH_MAX])
{
    static const char *const patterns[] = {
        DEBIAN,
        DEBIAN_FROM_10,
        "/opt/wine-*/bin/wine64",
        "/opt/wine-*/bin/wine",
        ".local/share/lutris/runners/wine/*/bin/wine64",
        ".local/share/lutris/runners/wine/*/bin/wine",
    };

    for (size_t i = 0; i < sizeof(in_path) / sizeof(*in_path); i++)
        if (find_in_path(in_path[i], path) && has_made(path, prefix->made) == YES)
            return true;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
        if (take_maker_of(patterns[i], prefix->made, path))
            return true;
    return false;
}

/* --- Any at all ------------------------------------------------------------------------------- */

static bool take_any(const struct owned *prefix, char path[PATH_MAX])
{
    for (size_t i = 0; i < sizeof(in_path) / sizeof(*in_path); i++)
        if (find_in_path(in_path[i], path))
            return true;

    (void)prefix;
    strcpy(path, is_program(DEBIAN) ? DEBIAN : DEBIAN_FROM_10);
    return is_program(path);
}

static bool take_other(const struct owned *prefix, char path[PATH_MAX])
{
    return take_any(prefix, path) && has_made(path, prefix->made) == NO;
}

/* --- What kind it is of ----------------------------------------------------------------------- */

static bool has(const char *folder, const char *name)
{
    static const char *const places[] = {
        "../lib/wine",
        "../lib64/wine",
        "../lib32/wine",
        "../lib/x86_64-linux-gnu/wine",
        "../lib/i386-linux-gnu/wine",
        "../x86_64-linux-gnu/wine", /* from Debian's /usr/lib/wine */
        "../i386-linux-gnu/wine",
        ".", /* in Debian's /usr/lib/x86_64-linux-gnu/wine, from Wine 10 on */
        "../../i386-linux-gnu/wine",
    };
    char path[PATH_MAX + 64];

    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        snprintf(path, sizeof(path), "%s/%s/%s", folder, places[i], name);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

static enum wu_wow wow_of(const char *program)
{
    char folder[PATH_MAX];

    if (!folder_of(program, folder))
        return WU_WOW_UNKNOWN;
    if (has(folder, "i386-unix/ntdll.so"))
        return WU_WOW_OLD;
    if (!has(folder, "x86_64-unix/ntdll.so"))
        return WU_WOW_UNKNOWN;
    return has(folder, "i386-windows/ntdll.dll") ? WU_WOW_NEW : WU_WOW_NONE;
}

/* --- Finding ---------------------------------------------------------------------------------- */

static bool find_wish(const char *wish, struct wu_loader *loader)
{
    const struct {
        const char *wish, *why;
    } wishes[] = {
        { wish, "named by --wine" },
        { getenv("WINE"), "named by WINE" },
        { getenv("WINELOADER"), "named by WINELOADER" },
    };

    for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++)
        if (wishes[i].wish && *wishes[i].wish != '\0') {
            loader->why = wishes[i].why;
            snprintf(loader->path, PATH_MAX, "%s", wishes[i].wish);
            return true;
        }

    return false;
}

static bool find_of_prefix(const struct owned *prefix, struct wu_loader *loader)
{
    static const struct {
        bool (*take)(const struct owned *prefix, char path[PATH_MAX]);
        const char *why;
    } ways[] = {
        { take_running, "which runs in this prefix now" },
        { take_proton, "Proton's, named by config_info" },
        { take_bottle, "named by bottle.yml" },
        { take_maker, "which has made or updated this prefix" },
        { take_other, "found in PATH; another one has made or updated this prefix" },
        { take_any, "found in PATH" },
    };

    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
        if (ways[i].take(prefix, loader->path)) {
            loader->why = ways[i].why;
            return true;
        }

    loader->path[0] = '\0';
    return false;
}

bool wu_loader_find(const char *prefix,
                    enum wu_prefix_kind kind,
                    const char *wish,
                    struct wu_loader *loader_out)
{
    const struct owned owned = { prefix, kind, time_of(prefix) };
    const bool found = find_wish(wish, loader_out) ? is_wish(loader_out->path)
                                                   : find_of_prefix(&owned, loader_out);

    loader_out->wow = found ? wow_of(loader_out->path) : WU_WOW_UNKNOWN;
    return found;
}
