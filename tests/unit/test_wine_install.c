/* wine/install.c, choice.c, files.c and serving.c: our files in a Wine prefix. They are stand-ins.
 */
#define _XOPEN_SOURCE 700

#include "cmocka_all.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "prefix_fixture.h"
#include "wine/choice.h"
#include "wine/override.h"
#include "wine/prefix.h"
#include "wine/serving.h"
#include "wine/stamp.h"

#define SYSTEM32 "prefix/drive_c/windows/system32"
#define SYSWOW64 "prefix/drive_c/windows/syswow64"

/* A build folder with all files; each says what it is, and its version. */
static const char make_files[] =
    "mkdir -p tool/wine/x64 tool/wine/x86 && "
    "printf 'MZ x64 \\0" WU_STAMP "%d\\0' >tool/wine/x64/winusb.dll && "
    "printf 'MZ x86 \\0" WU_STAMP "%d\\0' >tool/wine/x86/winusb.dll && "
    "echo so64 %d >tool/wine/winusb-64.so && echo so32 %d >tool/wine/winusb-32.so";

static struct wu_files files;
static struct wu_choice choice;

static int set_up(void **state)
{
    if (prefix_set_up(state) != 0)
        return -1;

    prefix_run(make_files, 1, 1, 1, 1);
    return 0;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, prefix_tear_down)

static void find(void)
{
    char folder[96];

    snprintf(folder, sizeof(folder), "%s/tool", fixture_folder);
    wu_files_find(folder, "../installed", &files);
}

static const char *choose(enum wu_prefix_kind kind, enum wu_wow wow)
{
    find();
    wu_choose(&files, fixture_prefix, kind, wow, &choice);
    return choice.missing ? choice.missing : "";
}

/* What a place is planned to get, from the tool's folder on. */
static const char *planned(enum wu_place place)
{
    const char *source = choice.plan.source[place];

    return *source != '\0' ? strstr(source, "/tool/") + 6 : "";
}

static bool begin(struct wu_install *install)
{
    return wu_install_begin(fixture_prefix, &choice.plan, install);
}

static void install_all(enum wu_prefix_kind kind, enum wu_wow wow)
{
    struct wu_install install;

    choose(kind, wow);
    assert_true(begin(&install));
    wu_install_keep(&install);
}

static void uninstall_all(void)
{
    static const struct wu_plan nothing;
    struct wu_install install;

    assert_true(wu_install_begin(fixture_prefix, &nothing, &install));
    wu_install_keep(&install);
    assert_true(wu_prefix_remove_folder(fixture_prefix));
}

/* What there is in the prefix, but for times and our lock. */
static void note(const char *name)
{
    prefix_run("(cd prefix; find . ! -path ./winusb/lock -printf '%%p %%y %%l\\n' | sort; "
               "find . -type f ! -path ./winusb/lock | sort | xargs -d '\\n' cksum) >%s",
               name);
}

static void assert_as_noted(const char *name)
{
    note("now");
    prefix_run("diff %s now >&2", name);
}

static enum wu_there there(enum wu_place place)
{
    return wu_there(fixture_prefix, place, choice.plan.source[place]);
}

/* --- Where the files are found -----------------------------------------------------------------
 */

static void files_are_found_in_a_build_installed_and_in_an_archive(void **state)
{
    static const char *const moves[] = {
        "true",
        "mkdir -p installed/x64 && cd tool && mv wine/x64/winusb.dll ../installed/x64",
        "mkdir -p wine linux/bin && mv installed/x64 wine && rm -r tool && mkdir -p tool/bin",
    };
    char folder[96];

    (void)state;
    for (int i = 0; i < 3; i++) {
        prefix_run("%s", moves[i]);
        snprintf(folder, sizeof(folder), "%s/tool%s", fixture_folder, i == 2 ? "/bin" : "");
        wu_files_find(folder, "../installed", &files);
        assert_int_equal(access(files.path[WU_PART_DLL_64], R_OK), 0);
        assert_string_equal(files.path[WU_PART_PROGRAM_64], "");
    }
}

/* --- Which go into which prefix ----------------------------------------------------------------
 */

static void a_64_bit_prefix_takes_both_dlls(void **state)
{
    (void)state;
    assert_string_equal(choose(WU_PREFIX_WIN64, WU_WOW_OLD), "");
    assert_true(choice.serves);
    assert_string_equal(planned(WU_PLACE_SYSTEM32), "wine/x64/winusb.dll");
    assert_string_equal(planned(WU_PLACE_SYSWOW64), "wine/x86/winusb.dll");
    assert_string_equal(planned(WU_PLACE_UNIX_64), "wine/winusb-64.so");
    assert_string_equal(planned(WU_PLACE_UNIX_32), "wine/winusb-32.so");
}

static void a_32_bit_prefix_takes_the_32_bit_dll(void **state)
{
    (void)state;
    assert_string_equal(choose(WU_PREFIX_WIN32, WU_WOW_OLD), "");
    assert_string_equal(planned(WU_PLACE_SYSTEM32), "wine/x86/winusb.dll");
    assert_string_equal(planned(WU_PLACE_SYSWOW64), "");
    assert_string_equal(planned(WU_PLACE_UNIX_32), "wine/winusb-32.so");
}

static void new_wow64_has_no_use_for_the_32_bit_library(void **state)
{
    (void)state;
    prefix_run("rm tool/wine/winusb-32.so");
    assert_string_equal(choose(WU_PREFIX_WIN64, WU_WOW_NEW), "");
    assert_string_equal(planned(WU_PLACE_UNIX_64), "wine/winusb-64.so");
    assert_string_equal(choose(WU_PREFIX_WIN64, WU_WOW_OLD), "winusb-32.so");
    assert_string_equal(planned(WU_PLACE_SYSTEM32), "wine/x64/winusb.dll");
    prefix_run("echo so32 >tool/wine/winusb-32.so");
    choose(WU_PREFIX_WIN64, WU_WOW_NEW);
    assert_string_equal(planned(WU_PLACE_UNIX_32), "");
    choose(WU_PREFIX_WIN64, WU_WOW_UNKNOWN); /* in doubt */
    assert_string_equal(planned(WU_PLACE_UNIX_32), "wine/winusb-32.so");
}

static void without_syswow64_nothing_goes_there(void **state)
{
    (void)state;
    prefix_run("rm -r " SYSWOW64);
    assert_string_equal(choose(WU_PREFIX_WIN64, WU_WOW_NONE), "");
    assert_string_equal(planned(WU_PLACE_SYSWOW64), "");
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    prefix_run("rm tool/wine/winusb*");
    assert_string_equal(choose(WU_PREFIX_WIN64, WU_WOW_OLD), "winusb-64.so");
    assert_false(choice.serves);
    assert_string_equal(planned(WU_PLACE_SYSTEM32), "");
    assert_string_equal(choose(WU_PREFIX_WIN32, WU_WOW_OLD), "winusb-32.so");
    prefix_run("rm -r tool");
    assert_string_equal(choose(WU_PREFIX_WIN64, WU_WOW_OLD), "x64/winusb.dll");
}

/* --- Installing ------------------------------------------------------------------------------- */

static void a_prefix_ends_as_it_began(void **state)
{
    static const enum wu_prefix_kind kinds[] = { WU_PREFIX_WIN64, WU_PREFIX_WIN32 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        note("before");
        install_all(kinds[i], WU_WOW_OLD);
        install_all(kinds[i], WU_WOW_OLD);
        assert_int_equal(there(WU_PLACE_SYSTEM32), WU_THERE_CURRENT);
        prefix_run("cmp %s " SYSTEM32 "/winusb.dll", choice.plan.source[WU_PLACE_SYSTEM32]);
        prefix_run("cmp tool/wine/winusb-32.so prefix/winusb/winusb-32.so");
        prefix_run("! ls prefix/winusb/*.new prefix/winusb/*.before 2>/dev/null");
        uninstall_all();
        assert_as_noted("before");
    }
}

static void links_are_put_aside_and_put_back(void **state)
{
    (void)state;
    prefix_run("echo keep >victim && ln -sf ../../../../victim " SYSTEM32 "/winusb.dll");
    note("before");

    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_int_equal(there(WU_PLACE_SYSTEM32), WU_THERE_LINK);
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);

    prefix_run("test ! -L " SYSTEM32 "/winusb.dll && echo keep | cmp - victim");
    uninstall_all();
    assert_as_noted("before");
}

/* As earlier versions of ours installed it. */
static void put_elf_file(void)
{
    prefix_run("mkdir -p prefix/winusb/devices && touch prefix/winusb/lock && mv " SYSTEM32
               "/winusb.dll prefix/winusb/winusb.dll.aside && "
               "printf '\\177ELF ours' >" SYSTEM32 "/winusb.dll");
}

static void the_elf_file_of_earlier_versions_is_replaced_without_a_trace(void **state)
{
    (void)state;
    note("before");
    put_elf_file();
    assert_true(wu_there_is_elf(fixture_prefix, WU_PLACE_SYSTEM32));
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_int_equal(there(WU_PLACE_SYSTEM32), WU_THERE_OLD);

    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);

    assert_int_equal(there(WU_PLACE_SYSTEM32), WU_THERE_CURRENT);
    uninstall_all();
    assert_as_noted("before");
}

static void a_newer_version_replaces_ours(void **state)
{
    char version[32];

    (void)state;
    note("before");
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    prefix_run(make_files, 2, 2, 2, 2);
    assert_int_equal(there(WU_PLACE_SYSWOW64), WU_THERE_OLD);
    assert_int_equal(there(WU_PLACE_UNIX_32), WU_THERE_OLD);

    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);

    for (int i = 0; i < WU_PLACES; i++)
        assert_int_equal(there((enum wu_place)i), WU_THERE_CURRENT);
    wu_there_version(fixture_prefix, WU_PLACE_SYSTEM32, version);
    assert_string_equal(version, "2");
    uninstall_all();
    assert_as_noted("before");
}

static void what_another_puts_over_ours_is_kept(void **state)
{
    (void)state;
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    prefix_run("printf '%%-64sWine builtin DLL newer' MZ >" SYSTEM32 "/winusb.dll");

    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    uninstall_all();

    prefix_run("grep -q newer " SYSTEM32 "/winusb.dll");
}

static void what_is_undone_never_was(void **state)
{
    struct wu_install install;

    (void)state;
    for (int i = 0; i < 3; i++) { /* from nothing, an earlier version, and its ELF file */
        note("before");
        choose(WU_PREFIX_WIN64, WU_WOW_OLD);
        assert_true(begin(&install));
        wu_install_undo(&install);
        assert_as_noted("before");

        if (i == 0)
            install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
        else if (i == 1) {
            uninstall_all();
            put_elf_file();
        }
        prefix_run(make_files, i + 2, i + 2, i + 2, i + 2);
    }
}

static void taking_out_may_be_undone(void **state)
{
    static const struct wu_plan nothing;
    struct wu_install install;

    (void)state;
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    note("before");

    assert_true(wu_install_begin(fixture_prefix, &nothing, &install));
    assert_int_equal(there(WU_PLACE_SYSTEM32), WU_THERE_STUB);
    wu_install_undo(&install);

    assert_as_noted("before");
}

/* As when the process is killed: nothing is kept or undone, and the lock goes with it. */
static void what_is_cut_short_is_finished_by_the_next(void **state)
{
    struct wu_install install;

    (void)state;
    note("before");
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_true(begin(&install));
    wu_prefix_unlock(install.lock);
    prefix_run("rm " SYSWOW64 "/winusb.dll"); /* between its two moves */

    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);

    for (int i = 0; i < WU_PLACES; i++)
        assert_int_equal(there((enum wu_place)i), WU_THERE_CURRENT);
    uninstall_all();
    assert_as_noted("before");
}

/* --- Failing ---------------------------------------------------------------------------------- */

static void a_full_disk_leaves_the_prefix_alone(void **state)
{
    struct wu_install install;
    struct rlimit limit, usual;

    (void)state;
    prefix_run("head -c 100000 /dev/zero >>tool/wine/winusb-32.so");
    note("before");
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &usual);
    limit = usual;
    limit.rlim_cur = 50000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);

    assert_false(begin(&install));
    assert_int_equal(errno, EFBIG);
    assert_int_equal(install.failed, WU_PLACE_UNIX_32);

    setrlimit(RLIMIT_FSIZE, &usual);
    assert_as_noted("before");
}

static void a_source_that_cannot_be_read_leaves_the_prefix_alone(void **state)
{
    struct wu_install install;

    (void)state;
    note("before");
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    prefix_run("rm tool/wine/x86/winusb.dll && mkdir tool/wine/x86/winusb.dll");

    assert_false(begin(&install));
    assert_int_equal(errno, EISDIR);
    assert_int_equal(install.failed, WU_PLACE_SYSWOW64);

    assert_as_noted("before");
}

static void a_dll_that_is_not_ours_is_not_installed(void **state)
{
    struct wu_install install;

    (void)state;
    note("before");
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    prefix_run("echo MZ OpenWinUSB >tool/wine/x64/winusb.dll");

    assert_false(begin(&install));
    assert_int_equal(errno, ENOEXEC);

    assert_as_noted("before");
}

/* A folder cannot be put where a file is to be moved. */
static void a_move_that_fails_undoes_those_before(void **state)
{
    struct wu_install install;

    (void)state;
    prefix_run("mkdir -p prefix/winusb/devices prefix/winusb/winusb-64.so.before/x && "
               "echo x >prefix/winusb/winusb-64.so");
    note("before");
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);

    assert_false(begin(&install));
    assert_int_equal(install.failed, WU_PLACE_UNIX_64);

    assert_as_noted("before");
}

/* --- Who is served ---------------------------------------------------------------------------- */

static char why[128];

/* Empty: they are served. */
static const char *why_not(int bits, enum wu_prefix_kind kind, enum wu_wow wow)
{
    struct wu_serving_facts facts = { fixture_prefix, kind, wow, .plan = &choice.plan };
    struct wu_serving serving;

    wu_override_get(fixture_prefix, getenv("WINEDLLOVERRIDES"), &facts.override);
    wu_serving_get(&facts, bits, &serving);
    strcpy(why, serving.why);
    assert_int_equal(serving.served, why[0] == '\0');
    return why;
}

static void set_override(const char *value)
{
    prefix_run("printf '[Software\\\\\\\\Wine\\\\\\\\DllOverrides] 1\\n\"winusb\"=\"%s\"\\n' "
               ">prefix/user.reg",
               value);
}

#define assert_why_not(bits, kind, wow, words) \
    assert_non_null(strstr(why_not(bits, WU_PREFIX_##kind, WU_WOW_##wow), words))

static void programs_are_served_when_all_is_there(void **state)
{
    (void)state;
    set_override(WU_OVERRIDE);
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_string_equal(why_not(64, WU_PREFIX_WIN64, WU_WOW_OLD), "");
    assert_string_equal(why_not(32, WU_PREFIX_WIN64, WU_WOW_OLD), "");
    assert_string_equal(why_not(32, WU_PREFIX_WIN64, WU_WOW_NEW), "");
    prefix_run("rm prefix/winusb/winusb-32.so");
    assert_why_not(32, WIN64, OLD, "winusb/winusb-32.so is missing");
    assert_string_equal(why_not(32, WU_PREFIX_WIN64, WU_WOW_NEW), "");
    prefix_run("echo other >prefix/winusb/winusb-64.so");
    assert_why_not(64, WIN64, OLD, "winusb-64.so is of another version");
    prefix_run("ln -sf /etc/passwd prefix/winusb/winusb-64.so");
    assert_why_not(64, WIN64, OLD, "winusb-64.so is no file of ours");
}

static void the_dll_that_is_there_tells_why_not(void **state)
{
    (void)state;
    set_override(WU_OVERRIDE);
    choose(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_why_not(64, WIN64, OLD, "Wine's own");
    prefix_run("ln -sf x " SYSTEM32 "/winusb.dll");
    assert_why_not(64, WIN64, OLD, "symbolic link");
    prefix_run("rm " SYSTEM32 "/winusb.dll");
    assert_why_not(64, WIN64, OLD, "not installed");
    prefix_run("echo MZ Microsoft >" SYSTEM32 "/winusb.dll");
    assert_why_not(64, WIN64, OLD, "none of ours");
}

static void so_does_the_override(void **state)
{
    (void)state;
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_why_not(64, WIN64, OLD, "no override");
    set_override("builtin");
    assert_why_not(32, WIN64, OLD, "registry has Wine load its own: winusb=builtin");
    set_override("");
    assert_why_not(64, WIN64, OLD, "registry disables");
    setenv("WINEDLLOVERRIDES", "winusb=b", 1);
    assert_why_not(64, WIN64, OLD, "WINEDLLOVERRIDES has Wine load its own: winusb=b");
    unsetenv("WINEDLLOVERRIDES");
}

static void an_elf_file_serves_64_bit_programs_without_override(void **state)
{
    (void)state;
    put_elf_file();
    assert_string_equal(why_not(64, WU_PREFIX_WIN64, WU_WOW_OLD), "");
    assert_why_not(32, WIN64, OLD, "serves 64-bit programs alone");
    set_override("");
    assert_why_not(64, WIN64, OLD, "disables");
}

static void what_a_prefix_cannot_run_is_not_served(void **state)
{
    (void)state;
    set_override("native");
    install_all(WU_PREFIX_WIN64, WU_WOW_OLD);
    assert_why_not(32, WIN64, NONE, "this Wine runs none");
    prefix_run("rm -r " SYSWOW64);
    assert_why_not(32, WIN64, OLD, "this prefix runs none");
    install_all(WU_PREFIX_WIN32, WU_WOW_OLD);
    assert_why_not(64, WIN32, OLD, "a 32-bit prefix runs none");
    assert_string_equal(why_not(32, WU_PREFIX_WIN32, WU_WOW_OLD), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_found_in_a_build_installed_and_in_an_archive),
        TEST(a_64_bit_prefix_takes_both_dlls),
        TEST(a_32_bit_prefix_takes_the_32_bit_dll),
        TEST(new_wow64_has_no_use_for_the_32_bit_library),
        TEST(without_syswow64_nothing_goes_there),
        TEST(what_is_missing_is_named),
        TEST(a_prefix_ends_as_it_began),
        TEST(links_are_put_aside_and_put_back),
        TEST(the_elf_file_of_earlier_versions_is_replaced_without_a_trace),
        TEST(a_newer_version_replaces_ours),
        TEST(what_another_puts_over_ours_is_kept),
        TEST(what_is_undone_never_was),
        TEST(taking_out_may_be_undone),
        TEST(what_is_cut_short_is_finished_by_the_next),
        TEST(a_full_disk_leaves_the_prefix_alone),
        TEST(a_source_that_cannot_be_read_leaves_the_prefix_alone),
        TEST(a_dll_that_is_not_ours_is_not_installed),
        TEST(a_move_that_fails_undoes_those_before),
        TEST(programs_are_served_when_all_is_there),
        TEST(the_dll_that_is_there_tells_why_not),
        TEST(so_does_the_override),
        TEST(an_elf_file_serves_64_bit_programs_without_override),
        TEST(what_a_prefix_cannot_run_is_not_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
