#include "wine/choice.h"

#include <string.h>

static bool has(const struct wu_files *files, enum wu_part part)
{
    return files->path[part][0] != '\0';
}

/* --- What is missing -------------------------------------------------------------------------- */

/* The first of these that was not found; NULL: none. */
static const char *missing_of(const struct wu_files *files, enum wu_part dll, enum wu_part library)
{
    if (!has(files, dll))
        return wu_files_name(dll);
    return has(files, library) ? NULL : wu_files_name(library);
}

static const char *missing_for_64(const struct wu_files *files)
{
    return missing_of(files, WU_PART_DLL_64, WU_PART_UNIX_64);
}

static const char *missing_for_32(const struct wu_files *files, enum wu_wow wow)
{
    return missing_of(files, WU_PART_DLL_32, wow == WU_WOW_OLD ? WU_PART_UNIX_32 : WU_PART_UNIX_64);
}

/* --- The plan --------------------------------------------------------------------------------- */

static void
plan(const struct wu_files *files, struct wu_choice *choice, enum wu_place place, enum wu_part part)
{
    memcpy(choice->plan.source[place], files->path[part], PATH_MAX);
}

static void make_plan(const struct wu_files *files,
                      const char *prefix,
                      enum wu_prefix_kind kind,
                      enum wu_wow wow,
                      struct wu_choice *choice)
{
    plan(files, choice, WU_PLACE_SYSTEM32,
         kind == WU_PREFIX_WIN32 ? WU_PART_DLL_32 : WU_PART_DLL_64);
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
    choice_out->missing =
        kind == WU_PREFIX_WIN32 ? missing_for_32(files, wow) : missing_for_64(files);
    choice_out->serves = !choice_out->missing;
    if (!choice_out->serves)
        return;

    make_plan(files, prefix, kind, wow, choice_out);
    if (kind == WU_PREFIX_WIN64 && wow != WU_WOW_NONE)
        choice_out->missing = missing_for_32(files, wow);
}

const char *wu_choose_program(const struct wu_files *files, enum wu_prefix_kind kind)
{
    const enum wu_part part = kind == WU_PREFIX_WIN32 ? WU_PART_PROGRAM_32 : WU_PART_PROGRAM_64;

    return has(files, part) ? files->path[part] : NULL;
}
