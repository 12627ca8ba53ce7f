#include "wine/serving.h"

#include <stdarg.h>
#include <stdio.h>

#include "wine/prefix.h"

static bool refuse(struct wu_serving *serving, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(serving->why, sizeof(serving->why), format, arguments);
    va_end(arguments);
    return false;
}

/* Programs of other bits than the prefix has. */
static bool are_second(const struct wu_serving_facts *facts, int bits)
{
    return facts->kind == WU_PREFIX_WIN64 && bits == 32;
}

static bool can_run(const struct wu_serving_facts *facts, int bits, struct wu_serving *serving)
{
    if (facts->kind == WU_PREFIX_WIN32 && bits == 64)
        return refuse(serving, "a 32-bit prefix runs none");
    if (are_second(facts, bits) && facts->wow == WU_WOW_NONE)
        return refuse(serving, "this Wine runs none");
    if (are_second(facts, bits) && !wu_place_exists(facts->prefix, WU_PLACE_SYSWOW64))
        return refuse(serving, "this prefix runs none");
    return true;
}

/* --- The DLL ---------------------------------------------------------------------------------- */

static bool has_dll(const struct wu_serving_facts *facts, int bits, struct wu_serving *serving)
{
    static const char *const why[] = {
        [WU_THERE_NOTHING] = "winusb.dll is not installed",
        [WU_THERE_STUB] = "winusb.dll is Wine's own, which does nothing",
        [WU_THERE_LINK] = "winusb.dll is a symbolic link, as a rule to Wine's own",
        [WU_THERE_OTHER] = "winusb.dll is none of ours",
    };

    if (wu_there_is_ours(serving->there))
        return true;
    if (are_second(facts, bits) && wu_there_is_elf(facts->prefix, WU_PLACE_SYSTEM32))
        return refuse(serving, "the winusb.dll that is installed serves 64-bit programs alone");
    return refuse(serving, "%s", why[serving->there]);
}

/* --- The override ----------------------------------------------------------------------------- */

/* Wine takes an ELF file as soon as it may load any. */
static bool is_loaded(const struct wu_override *override, bool elf, struct wu_serving *serving)
{
    const char *where = override->by_environment ? "WINEDLLOVERRIDES" : "the registry";

    if (override->way == WU_OVERRIDE_DISABLED)
        return refuse(serving, "an override in %s disables winusb.dll", where);
    if (elf || override->way == WU_OVERRIDE_NATIVE)
        return true;
    if (override->way == WU_OVERRIDE_NONE)
        return refuse(serving, "there is no override, without which Wine loads its own");
    return refuse(serving, "an override in %s has Wine load its own: winusb=%.30s", where,
                  override->value);
}

/* --- The Linux library ------------------------------------------------------------------------ */

/* It has to come from the same installation as the DLL. */
static bool has_library(const struct wu_serving_facts *facts, int bits, struct wu_serving *serving)
{
    const enum wu_place place =
        bits == 32 && facts->wow == WU_WOW_OLD ? WU_PLACE_UNIX_32 : WU_PLACE_UNIX_64;
    const enum wu_there there = wu_there(facts->prefix, place, facts->plan->source[place]);

    if (there == WU_THERE_NOTHING)
        return refuse(serving, "%s is missing", wu_place_path(place));
    if (!wu_there_is_ours(there))
        return refuse(serving, "%s is no file of ours", wu_place_path(place));
    if (there != serving->there)
        return refuse(serving, "%s is of another version than winusb.dll", wu_place_path(place));
    if (!wu_prefix_is_executable(facts->prefix))
        return refuse(serving, "the prefix is mounted noexec, so %s cannot be loaded",
                      wu_place_path(place));
    return true;
}

/* --- All of it -------------------------------------------------------------------------------- */

void wu_serving_get(const struct wu_serving_facts *facts, int bits, struct wu_serving *serving_out)
{
    const enum wu_place place = are_second(facts, bits) ? WU_PLACE_SYSWOW64 : WU_PLACE_SYSTEM32;
    const bool elf = wu_there_is_elf(facts->prefix, place);

    *serving_out = (struct wu_serving){ .served = false };
    if (facts->kind == WU_PREFIX_WIN64 || bits == 32)
        serving_out->there = wu_there(facts->prefix, place, facts->plan->source[place]);
    if (wu_there_is_ours(serving_out->there))
        wu_there_version(facts->prefix, place, serving_out->version);

    serving_out->served = can_run(facts, bits, serving_out) && has_dll(facts, bits, serving_out) &&
                          is_loaded(&facts->override, elf, serving_out) &&
                          (elf || has_library(facts, bits, serving_out));
}
