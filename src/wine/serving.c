#include "wine/serving.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool refuse(struct wu_serving *serving, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(serving->why, sizeof(serving->why), format, arguments);
    va_end(arguments);
    return false;
}

/* --- The DLL ---------------------------------------------------------------------------------- */

static bool has_dll(struct wu_serving *serving)
{
    static const char *const why[] = {
        [WU_THERE_NOTHING] = "winusb.dll is not installed",
        [WU_THERE_STUB] = "winusb.dll is Wine's own, which does nothing",
        [WU_THERE_LINK] = "winusb.dll is a symbolic link, as a rule to Wine's own",
        [WU_THERE_OTHER] = "winusb.dll is none of ours",
    };

    return wu_there_is_ours(serving->there) || refuse(serving, "%s", why[serving->there]);
}

/* --- The override ----------------------------------------------------------------------------- */

/* Wine takes an ELF file as soon as it may load any. */
static bool is_loaded(struct wu_serving *serving, const struct wu_override *override, bool elf)
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
static bool has_library(struct wu_serving *serving,
                        const char *prefix,
                        const struct wu_plan *plan,
                        enum wu_place place)
{
    const enum wu_there there = wu_there(prefix, place, plan->source[place]);

    if (there == WU_THERE_NOTHING)
        return refuse(serving, "%s is missing", wu_place_path(place));
    if (!wu_there_is_ours(there))
        return refuse(serving, "%s is no file of ours", wu_place_path(place));
    if (there != serving->there)
        return refuse(serving, "%s is of another version than winusb.dll", wu_place_path(place));
    return true;
}

/* --- All of it -------------------------------------------------------------------------------- */

static bool is_served(struct wu_serving *serving,
                      const char *prefix,
                      enum wu_place place,
                      enum wu_place library,
                      const struct wu_plan *plan,
                      const struct wu_override *override)
{
    const bool elf = wu_there_is_elf(prefix, place);

    serving->there = wu_there(prefix, place, plan->source[place]);
    if (!has_dll(serving))
        return false;

    wu_there_version(prefix, place, serving->version);
    return is_loaded(serving, override, elf) &&
           (elf || has_library(serving, prefix, plan, library));
}

void wu_serving_get(const char *prefix,
                    enum wu_prefix_kind kind,
                    enum wu_wow wow,
                    const struct wu_plan *plan,
                    const struct wu_override *override,
                    int bits,
                    struct wu_serving *serving_out)
{
    const bool other = kind == WU_PREFIX_WIN64 && bits == 32; /* than the prefix itself */
    const enum wu_place place = other ? WU_PLACE_SYSWOW64 : WU_PLACE_SYSTEM32;
    const enum wu_place library =
        bits == 32 && wow == WU_WOW_OLD ? WU_PLACE_UNIX_32 : WU_PLACE_UNIX_64;

    *serving_out = (struct wu_serving){ .runs = true };
    serving_out->served = is_served(serving_out, prefix, place, library, plan, override);
    if (kind == WU_PREFIX_WIN32 && bits == 64) {
        *serving_out = (struct wu_serving){ .runs = false };
        refuse(serving_out, "a 32-bit prefix runs none");
    } else if (other && (wow == WU_WOW_NONE || !wu_place_exists(prefix, place))) {
        serving_out->runs = serving_out->served = false;
        refuse(serving_out, wow == WU_WOW_NONE ? "this Wine runs none" : "this prefix runs none");
    } else if (other && !wu_there_is_ours(serving_out->there) &&
               wu_there_is_elf(prefix, WU_PLACE_SYSTEM32)) {
        refuse(serving_out, "the winusb.dll that is installed serves 64-bit programs alone");
    }
}
