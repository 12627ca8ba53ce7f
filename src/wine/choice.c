#include "wine/choice.h"

#include <stdio.h>
#include <string.h>

static bool has(const struct wu_files *files, enum wu_set set, enum wu_part part)
{
    return files->path[set][part][0] != '\0';
}

/* --- What is missing -------------------------------------------------------------------------- */

/* The first of these that a set should have, but that was not found; NULL: none. */
static const char *
missing_of(const struct wu_files *files, enum wu_set set, const enum wu_part parts[2])
{
    for (int i = 0; i < 2; i++)
        if (wu_files_have(set, parts[i]) && !has(files, set, parts[i]))
            return wu_files_name(set, parts[i]);

    return NULL;
}

static const char *missing_for_64(const struct wu_files *files, enum wu_set set)
{
    return missing_of(files, set, (enum wu_part[]){ WU_PART_DLL_64, WU_PART_UNIX_64 });
}

static const char *missing_for_32(const struct wu_files *files, enum wu_set set, enum wu_wow wow)
{
    const enum wu_part library = wow == WU_WOW_OLD ? WU_PART_UNIX_32 : WU_PART_UNIX_64;

    return missing_of(files, set, (enum wu_part[]){ WU_PART_DLL_32, library });
}

/* --- The set ---------------------------------------------------------------------------------- */

static enum wu_part main_dll(enum wu_prefix_kind kind)
{
    return kind == WU_PREFIX_WIN32 ? WU_PART_DLL_32 : WU_PART_DLL_64;
}

static const char *missing_for(const struct wu_files *files,
                               enum wu_set set,
                               enum wu_prefix_kind kind,
                               enum wu_wow wow)
{
    return kind == WU_PREFIX_WIN32 ? missing_for_32(files, set, wow) : missing_for_64(files, set);
}

/* What is missing of a set of which there is a DLL tells more than that another is not there. */
static void choose_set(const struct wu_files *files,
                       enum wu_prefix_kind kind,
                       enum wu_wow wow,
                       struct wu_choice *choice)
{
    const enum wu_part dll = main_dll(kind);

    for (int i = 0; i < WU_SETS; i++) {
        const enum wu_set set = (enum wu_set)i;
        const char *missing = missing_for(files, set, kind, wow);

        if (wu_files_have(set, dll) && !missing) {
            choice->set = set;
            choice->missing = NULL;
            return;
        }
        if (wu_files_have(set, dll) && (!choice->missing || has(files, set, dll)))
            choice->missing = missing;
    }
}

/* --- The plan --------------------------------------------------------------------------------- */

static void
plan(const struct wu_files *files, struct wu_choice *choice, enum wu_place place, enum wu_part part)
{
    memcpy(choice->plan.source[place], files->path[choice->set][part], PATH_MAX);
}

static void make_plan(const struct wu_files *files,
                      const char *prefix,
                      enum wu_prefix_kind kind,
                      enum wu_wow wow,
                      struct wu_choice *choice)
{
    plan(files, choice, WU_PLACE_SYSTEM32, main_dll(kind));
    if (kind == WU_PREFIX_WIN64 && wu_place_exists(prefix, WU_PLACE_SYSWOW64))
        plan(files, choice, WU_PLACE_SYSWOW64, WU_PART_DLL_32);
    plan(files, choice, WU_PLACE_UNIX_64, WU_PART_UNIX_64);
    if (wow != WU_WOW_NEW)
        plan(files, choice, WU_PLACE_UNIX_32, WU_PART_UNIX_32);
}

void wu_choose(const struct wu_files *files,
               const char *prefix,
               enum wu_prefix_kind kind,
               enum wu_wow wow,
               struct wu_choice *choice_out)
{
    memset(choice_out, 0, sizeof(*choice_out));
    choice_out->set = WU_SETS;
    choose_set(files, kind, wow, choice_out);
    if (choice_out->set == WU_SETS)
        return;

    make_plan(files, prefix, kind, wow, choice_out);
    if (kind == WU_PREFIX_WIN64 && wow != WU_WOW_NONE)
        choice_out->missing = missing_for_32(files, choice_out->set, wow);
}

const char *wu_choose_program(const struct wu_files *files, enum wu_prefix_kind kind)
{
    const enum wu_part part = kind == WU_PREFIX_WIN32 ? WU_PART_PROGRAM_32 : WU_PART_PROGRAM_64;

    for (int set = 0; set < WU_SETS; set++)
        if (has(files, (enum wu_set)set, part))
            return files->path[set][part];

    return NULL;
}
