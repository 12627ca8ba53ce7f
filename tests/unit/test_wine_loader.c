/* wine/loader.c: the Wine that a prefix belongs to. */
#define _XOPEN_SOURCE 700

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "prefix_fixture.h"
#include "wine/loader.h"

static struct wu_loader loader;
static char home[96];

/* An environment in which no Wine is found but those of the test. */
static int set_up(void **state)
{
    char path[160];

    if (prefix_set_up(state) != 0)
        return -1;

    snprintf(home, sizeof(home), "%s/home", fixture_folder);
    snprintf(path, sizeof(path), "%s/path:/usr/bin:/bin", fixture_folder);
    setenv("HOME", home, 1);
    setenv("PATH", path, 1);
    unsetenv("WINE");
    unsetenv("WINELOADER");
    prefix_run("mkdir path home");
    return 0;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, prefix_tear_down)

/* Makes programs of one Wine, "proton/files", and the wine.inf that it has. */
static void make_wine(const char *folder, const char *programs)
{
    prefix_run(
        "mkdir -p '%s/bin' '%s/share/wine' && touch '%s/share/wine/wine.inf' && "
        "for name in %s; do printf '#!/bin/sh\\n' >'%s'/bin/$name && chmod +x '%s'/bin/$name; "
        "done",
        folder, folder, folder, programs, folder, folder);
}

static void in_folder(char path[PATH_MAX], const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", fixture_folder, name);
}

/* Finds it for the prefix of this name. */
static const char *found(const char *prefix, enum wu_prefix_kind kind, const char *wish)
{
    char path[PATH_MAX];

    in_folder(path, prefix);
    if (!wu_loader_find(path, kind, wish, &loader))
        return "";
    in_folder(path, "");
    return strncmp(loader.path, path, strlen(path)) == 0 ? loader.path + strlen(path) : loader.path;
}

/* --- What is said ----------------------------------------------------------------------------- */

static void what_is_given_counts_in_its_order(void **state)
{
    char wish[PATH_MAX], by_wine[PATH_MAX], by_loader[PATH_MAX];

    (void)state;
    make_wine("one", "wine64");
    make_wine("two", "wine64");
    make_wine("three", "wine");
    in_folder(wish, "one/bin/wine64");
    in_folder(by_wine, "two/bin/wine64");
    in_folder(by_loader, "three/bin/wine");
    setenv("WINELOADER", by_loader, 1);
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "three/bin/wine");
    assert_string_equal(loader.why, "named by WINELOADER");
    setenv("WINE", by_wine, 1);
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "two/bin/wine64");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, wish), "one/bin/wine64");
    assert_string_equal(loader.why, "named by --wine");
}

/* Another in its place would not be what was asked for. */
static void what_is_given_and_not_there_is_missing(void **state)
{
    (void)state;
    make_wine("path/..", "wine");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, "/nonexistent/wine"), "");
    assert_string_equal(loader.path, "/nonexistent/wine");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, "no-such-wine"), "");
    assert_string_equal(loader.path, "no-such-wine");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, "/tmp"), "");
}

static void a_name_is_looked_up_in_path(void **state)
{
    (void)state;
    make_wine("one", "my-wine");
    prefix_run("mv one/bin/my-wine path");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, "my-wine"), "path/my-wine");
}

/* --- What the prefix tells ---------------------------------------------------------------------
 */

static void make_proton_prefix(const char *folder)
{
    prefix_run(
        "mkdir -p steamapps/compatdata/12 && mv prefix steamapps/compatdata/12/pfx && "
        "printf '11.0-100\\n%%s/%s/files/share/fonts/\\n%%s/%s/files/lib/\\n' \"$PWD\" \"$PWD\" "
        ">steamapps/compatdata/12/config_info",
        folder, folder);
}

static void protons_prefix_names_its_proton(void **state)
{
    static const char prefix[] = "steamapps/compatdata/12/pfx";

    (void)state;
    make_wine("Proton 9.0 (Beta)/files", "wine wine64");
    make_proton_prefix("Proton 9.0 (Beta)");
    assert_string_equal(found(prefix, WU_PREFIX_WIN64, NULL), "Proton 9.0 (Beta)/files/bin/wine64");
    assert_string_equal(found(prefix, WU_PREFIX_WIN32, NULL), "Proton 9.0 (Beta)/files/bin/wine");
    prefix_run("rm 'Proton 9.0 (Beta)/files/bin/wine64'"); /* as of Proton 11 */
    assert_string_equal(found(prefix, WU_PREFIX_WIN64, NULL), "Proton 9.0 (Beta)/files/bin/wine");
    assert_non_null(strstr(loader.why, "config_info"));
}

static void a_proton_that_has_gone_is_not_taken(void **state)
{
    (void)state;
    make_wine("path/x", "wine");
    prefix_run("mv path/x/bin/wine path");
    make_proton_prefix("Proton 8.0");
    assert_string_equal(found("steamapps/compatdata/12/pfx", WU_PREFIX_WIN64, NULL), "path/wine");
}

/* Whoever may write to the folder above could have us run a program of his. */
static void what_another_has_laid_beside_a_prefix_is_not_believed(void **state)
{
    (void)state;
    make_wine("Proton/files", "wine64");
    make_wine("path/x", "wine");
    prefix_run("mv path/x/bin/wine path");
    make_proton_prefix("Proton");
    prefix_run("cd steamapps/compatdata/12 && mv config_info real && ln -s real config_info");
    assert_string_equal(found("steamapps/compatdata/12/pfx", WU_PREFIX_WIN64, NULL), "path/wine");
    prefix_run("cd steamapps/compatdata/12 && rm config_info && mkfifo config_info");
    assert_string_equal(found("steamapps/compatdata/12/pfx", WU_PREFIX_WIN64, NULL), "path/wine");
    prefix_run("cd steamapps/compatdata/12 && rm config_info && mv real config_info");
    assert_string_equal(found("steamapps/compatdata/12/pfx", WU_PREFIX_WIN64, NULL),
                        "Proton/files/bin/wine64");
    if (geteuid() != 0)
        return;
    prefix_run("chown 12345 steamapps/compatdata/12/config_info");
    assert_string_equal(found("steamapps/compatdata/12/pfx", WU_PREFIX_WIN64, NULL), "path/wine");
}

static void a_bottle_names_its_runner(void **state)
{
    static const char prefix[] = "data/bottles/bottles/Work";

    (void)state;
    make_wine("data/bottles/runners/soda-9.0-1", "wine wine64");
    make_wine("data/bottles/runners/ge-proton9/files", "wine wine64");
    make_wine("data/evil", "wine wine64");
    make_wine("path/x", "wine");
    prefix_run("mv path/x/bin/wine path && mkdir -p data/bottles/bottles && mv prefix %s", prefix);
    prefix_run("printf 'Arch: win64\\nRunner: soda-9.0-1\\nState: 0\\n' >%s/bottle.yml", prefix);
    assert_string_equal(found(prefix, WU_PREFIX_WIN64, NULL) + strlen(prefix),
                        "/../../runners/soda-9.0-1/bin/wine64");
    assert_string_equal(loader.why, "named by bottle.yml");
    prefix_run("echo \"Runner: 'ge-proton9'\" | tr -d \"'\" >%s/bottle.yml", prefix);
    assert_string_equal(found(prefix, WU_PREFIX_WIN64, NULL) + strlen(prefix),
                        "/../../runners/ge-proton9/files/bin/wine64");
    prefix_run("echo 'Runner: sys-wine-9.0' >%s/bottle.yml", prefix);
    assert_string_equal(found(prefix, WU_PREFIX_WIN64, NULL), "path/wine");
    prefix_run("echo 'Runner: ../../evil' >%s/bottle.yml", prefix);
    assert_string_equal(found(prefix, WU_PREFIX_WIN64, NULL), "path/wine");
}

/* Its server works in a folder with numbers of the prefix in its name. */
static void what_runs_in_a_prefix_is_its_wine(void **state)
{
    (void)state;
    make_wine("running", "wine wine64");
    make_wine("path/x", "wine");
    prefix_run("mv path/x/bin/wine path");
    prefix_start_server("running/bin");

    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "running/bin/wine64");
    assert_string_equal(loader.why, "which runs in this prefix now");
    assert_string_equal(found("home", WU_PREFIX_WIN64, NULL), "path/wine");

    prefix_end_server();
}

static void who_made_a_prefix_is_told_by_a_time(void **state)
{
    (void)state;
    make_wine("path/x", "wine");
    make_wine("home/.local/share/lutris/runners/wine/ge-8-26", "wine wine64");
    prefix_run("mv path/x/bin/wine path");
    prefix_run(
        "touch -d @1234567 home/.local/share/lutris/runners/wine/ge-8-26/share/wine/wine.inf");
    prefix_run("printf 1234567 >prefix/.update-timestamp");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL),
                        "home/.local/share/lutris/runners/wine/ge-8-26/bin/wine64");
    assert_non_null(strstr(loader.why, "made or updated"));
    prefix_run("printf 1234568 >prefix/.update-timestamp");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "path/wine");
    assert_string_equal(loader.why, "found in PATH");
    prefix_run("mkdir -p share/wine && touch share/wine/wine.inf");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "path/wine");
    assert_non_null(strstr(loader.why, "another one has made"));
    prefix_run("echo disable >prefix/.update-timestamp");
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "path/wine");
    assert_string_equal(loader.why, "found in PATH");
}

/* --- Which kind it is of -----------------------------------------------------------------------
 */

static enum wu_wow wow_with(const char *library)
{
    char path[PATH_MAX];

    prefix_run("mkdir -p \"$(dirname '%s')\" && touch '%s'", library, library);
    in_folder(path, "opt/bin/wine");
    assert_true(wu_loader_find(fixture_prefix, WU_PREFIX_WIN64, path, &loader));
    return loader.wow;
}

static void the_libraries_of_wine_tell_its_kind(void **state)
{
    (void)state;
    make_wine("opt", "wine");
    assert_int_equal(wow_with("opt/readme"), WU_WOW_UNKNOWN);
    assert_int_equal(wow_with("opt/lib64/wine/x86_64-unix/ntdll.so"), WU_WOW_NONE);
    assert_int_equal(wow_with("opt/lib/wine/i386-windows/zlib1.dll"), WU_WOW_NONE);
    assert_int_equal(wow_with("opt/lib/wine/i386-windows/ntdll.dll"), WU_WOW_NEW);
    assert_int_equal(wow_with("opt/lib/wine/i386-unix/ntdll.so"), WU_WOW_OLD);
}

/* /usr/lib/x86_64-linux-gnu/wine has the program and its libraries. */
static void debians_wine_10_is_among_its_libraries(void **state)
{
    char path[PATH_MAX];

    (void)state;
    prefix_run("mkdir -p usr/lib/multi/wine/x86_64-unix usr/lib/multi/wine/i386-windows "
               "usr/share/wine && touch -d @1234567 usr/share/wine/wine.inf && "
               "touch usr/lib/multi/wine/x86_64-unix/ntdll.so "
               "usr/lib/multi/wine/i386-windows/ntdll.dll usr/lib/multi/wine/wine && "
               "chmod +x usr/lib/multi/wine/wine && ln -s ../usr/lib/multi/wine/wine path/wine && "
               "echo 1234567 >prefix/.update-timestamp");
    in_folder(path, "usr/lib/multi/wine/wine");
    assert_true(wu_loader_find(fixture_prefix, WU_PREFIX_WIN64, path, &loader));
    assert_int_equal(loader.wow, WU_WOW_NEW);
    assert_string_equal(found("prefix", WU_PREFIX_WIN64, NULL), "path/wine");
    assert_non_null(strstr(loader.why, "which has made"));
    prefix_run("mkdir -p usr/lib/i386-linux-gnu/wine/i386-unix && "
               "touch usr/lib/i386-linux-gnu/wine/i386-unix/ntdll.so");
    assert_true(wu_loader_find(fixture_prefix, WU_PREFIX_WIN64, path, &loader));
    assert_int_equal(loader.wow, WU_WOW_OLD);
}

static void a_link_to_wine_leads_to_its_libraries(void **state)
{
    char path[PATH_MAX];

    (void)state;
    make_wine("opt", "wine");
    wow_with("opt/lib/wine/i386-unix/ntdll.so");
    prefix_run("ln -s ../opt/bin/wine path/wine");
    in_folder(path, "path/wine");
    assert_true(wu_loader_find(fixture_prefix, WU_PREFIX_WIN64, path, &loader));
    assert_int_equal(loader.wow, WU_WOW_OLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_given_counts_in_its_order),
        TEST(what_is_given_and_not_there_is_missing),
        TEST(a_name_is_looked_up_in_path),
        TEST(protons_prefix_names_its_proton),
        TEST(a_proton_that_has_gone_is_not_taken),
        TEST(what_another_has_laid_beside_a_prefix_is_not_believed),
        TEST(a_bottle_names_its_runner),
        TEST(what_runs_in_a_prefix_is_its_wine),
        TEST(who_made_a_prefix_is_told_by_a_time),
        TEST(the_libraries_of_wine_tell_its_kind),
        TEST(debians_wine_10_is_among_its_libraries),
        TEST(a_link_to_wine_leads_to_its_libraries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
