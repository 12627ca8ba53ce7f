#include "wine/sync.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wine/links.h"
#include "wine/mark.h"
#include "wine/prefix.h"
#include "wine/registry.h"
#include "wine/rules.h"

enum { SEEN_SIZE = 24, PLACE_SIZE = 24, ROUNDS = 5 /* at most, should it never end */ };

struct sync {
    const char *prefix;
    wu_sync_tell *tell;
    struct wu_rules rules;
    struct wu_function_list functions;
    struct wu_hub_list hubs; /* empty when they are not wanted */
    struct wu_links wanted;
    struct wu_links present; /* when it began */
    bool changed;            /* in this round */
    bool failed;
};

/* --- Failures ------------------------------------------------------------------------------- */

static bool fail(struct sync *sync, const char *what, const char *why)
{
    sync->failed = true;
    sync->tell(WU_SYNC_FAILED, what, why);
    return false;
}

static bool check_file(struct sync *sync, bool done, const char *what)
{
    return done || fail(sync, what, wu_prefix_error());
}

static bool check_memory(struct sync *sync, bool done, const char *what)
{
    return done || fail(sync, what, "there is not enough memory");
}

static bool check_registry(struct sync *sync, DWORD error, const char *what)
{
    char why[48];

    if (error == ERROR_SUCCESS)
        return true;

    snprintf(why, sizeof(why), "the registry reports error %lu", (unsigned long)error);
    return fail(sync, what, why);
}

/* --- What is wanted, and what is there ------------------------------------------------------- */

static void place_of(unsigned bus, unsigned address, char place[PLACE_SIZE])
{
    snprintf(place, PLACE_SIZE, "%03u/%03u", bus, address);
}

static bool has_hubs(const struct sync *sync)
{
    return sync->hubs.count > 0;
}

/* Where the device is that an interface belongs to; false: it is not there. */
static bool place_of_name(const struct sync *sync, const char *name, char place[PLACE_SIZE])
{
    const struct wu_function *own = wu_link_function(&sync->functions, name);
    const struct wu_function *function = own ? own : wu_link_part(&sync->functions, name);
    const struct wu_hub *hub = wu_link_hub(&sync->hubs, name);

    if (function)
        place_of(function->bus, function->address, place);
    else if (hub)
        place_of(hub->bus, hub->address, place);
    return function || hub;
}

/* Drivers have them, and not devices: which a function has is known in any case. */
static bool has_drivers_guid(const char *name)
{
    const char *text = wu_link_guid(name);
    GUID guid;

    return wu_guid_parse(text, strlen(text), &guid) &&
           (wu_guid_equal(&guid, &wu_guid_usb_device) || wu_guid_equal(&guid, &wu_guid_winusb));
}

/* What a device says that a program has in use may not be known: what is published of it stays. */
static bool keep_function(struct sync *sync, const struct wu_function *function)
{
    for (size_t i = 0; i < sync->present.count; i++) {
        const char *name = sync->present.links[i].name;

        if (wu_link_function(&sync->functions, name) == function && !has_drivers_guid(name) &&
            !check_memory(sync, wu_links_add(&sync->wanted, name), name))
            return false;
    }
    return true;
}

static bool want_composite(struct sync *sync, const struct wu_function *function)
{
    char name[WU_LINK_SIZE];

    wu_link_name_of_composite(function, name);
    return wu_links_contain(&sync->wanted, name) ||
           check_memory(sync, wu_links_add(&sync->wanted, name), name);
}

static bool want_function(struct sync *sync, const struct wu_function *function)
{
    struct wu_guids guids;
    char name[WU_LINK_SIZE];

    if (!wu_rules_want(&sync->rules, function, &guids))
        return true;
    if (has_hubs(sync) && function->composite && !want_composite(sync, function))
        return false;

    for (unsigned i = 0; i < guids.count; i++) {
        wu_link_name(function, &guids.guid[i], name);
        if (!check_memory(sync, wu_links_add(&sync->wanted, name), name))
            return false;
    }
    return function->is_asked || keep_function(sync, function);
}

/* Another one's, as of a Wine that has hubs of its own, would be the same hubs once more. */
static bool want_hubs(struct sync *sync)
{
    char name[WU_LINK_SIZE];

    if (!wu_rules_want_hubs(&sync->rules) || wu_registry_has_foreign(&wu_guid_usb_hub))
        return true;
    if (!check_memory(sync, wu_hub_list_get(&sync->hubs) == ERROR_SUCCESS, "the list of hubs"))
        return false;

    for (size_t i = 0; i < sync->hubs.count; i++) {
        wu_link_name_of_hub(&sync->hubs.hubs[i], name);
        if (!check_memory(sync, wu_links_add(&sync->wanted, name), name))
            return false;
    }
    return true;
}

/* As on Windows, where the bus has the composite device found as a USB device, and winusb.sys its
 * functions by what they name, or else by a GUID of its own. */
static void leave_to_composite(struct wu_function *function)
{
    const struct wu_guids all = function->guids;

    function->guids.count = 0;
    for (unsigned i = 0; i < all.count; i++)
        if (!wu_guid_equal(&all.guid[i], &wu_guid_usb_device))
            wu_guids_add(&function->guids, &all.guid[i]);
    if (function->guids.count == 0)
        wu_guids_add(&function->guids, &wu_guid_winusb);
}

static void leave_all_to_composites(struct sync *sync)
{
    for (size_t i = 0; i < sync->functions.count && has_hubs(sync); i++)
        if (sync->functions.functions[i].composite)
            leave_to_composite(&sync->functions.functions[i]);
}

static bool look_around(struct sync *sync)
{
    const DWORD error = wu_function_list_get(&sync->functions);

    if (!check_memory(sync, error == ERROR_SUCCESS, "the list of devices") || !want_hubs(sync))
        return false;
    leave_all_to_composites(sync);
    if (!check_file(sync, wu_links_get(sync->prefix, &sync->present), sync->prefix))
        return false;

    for (size_t i = 0; i < sync->functions.count; i++)
        if (!want_function(sync, &sync->functions.functions[i]))
            return false;

    return true;
}

/* --- Withdrawing ------------------------------------------------------------------------------ */

static void remove_device(struct sync *sync, const char *name)
{
    char device[WU_LINK_SIZE];

    wu_link_device(name, device);
    if (check_registry(sync, wu_registry_remove_device(name), device))
        check_file(sync, wu_token_remove(sync->prefix, device), device);
}

/* The link goes last: whoever comes after a failure in between sees that there is work left. */
static void withdraw(struct sync *sync, const char *name)
{
    char device[WU_LINK_SIZE];

    sync->changed = true;
    wu_link_device(name, device);
    if (!check_registry(sync, wu_registry_remove_interface(name), name))
        return;
    if (!wu_links_have_device(&sync->wanted, device))
        remove_device(sync, name);
    if (check_file(sync, wu_link_remove(sync->prefix, name), name))
        sync->tell(WU_SYNC_WITHDRAWN, name, NULL);
}

/* Plugged out and in, so quickly that it was not seen to be gone: programs have to hear of it. */
static bool has_come_back(const struct sync *sync, const char *name)
{
    char device[WU_LINK_SIZE], place[PLACE_SIZE];

    if (!place_of_name(sync, name, place))
        return false;

    wu_link_device(name, device);
    return !wu_token_is_at(sync->prefix, device, place);
}

static void withdraw_all(struct sync *sync)
{
    for (size_t i = 0; i < sync->present.count; i++) {
        const char *name = sync->present.links[i].name;

        if (!wu_links_contain(&sync->wanted, name) || has_come_back(sync, name))
            withdraw(sync, name);
    }
}

/* --- Publishing ------------------------------------------------------------------------------- */

static bool is_published(const struct sync *sync, const char *name, const struct wu_node *node)
{
    return wu_links_contain(&sync->present, name) && wu_link_leads_to_token(sync->prefix, name) &&
           wu_registry_has_interface(name) && wu_registry_is_in_place(node);
}

static void publish(struct sync *sync, const char *name, const char *place)
{
    sync->changed = true;
    if (check_file(sync, wu_link_make(sync->prefix, name, place), name) &&
        check_registry(sync, wu_registry_add_interface(name), name))
        sync->tell(WU_SYNC_PUBLISHED, name, NULL);
}

/* The tree with hubs says other things of a function than the one without. */
static bool is_of_this_tree(const struct sync *sync,
                            const struct wu_function *function,
                            const struct wu_guids *guids)
{
    char name[WU_LINK_SIZE];

    wu_link_name(function, &wu_guid_usb_device, name);
    return wu_links_contain(&sync->present, name) == wu_guids_contain(guids, &wu_guid_usb_device);
}

static void publish_composite(struct sync *sync, const struct wu_function *function)
{
    const struct wu_guids guids = { .guid = { wu_guid_usb_device }, .count = 1 };
    const struct wu_node node = { WU_NODE_COMPOSITE, function,
                                  wu_hub_list_above(&sync->hubs, function) };
    char name[WU_LINK_SIZE], place[PLACE_SIZE];

    wu_link_name_of_composite(function, name);
    place_of(function->bus, function->address, place);
    if (!is_published(sync, name, &node) &&
        check_registry(sync, wu_registry_add_device(&node, &guids), name))
        publish(sync, name, place);
}

/* Its functions stand behind one another in their list; any that is wanted will do. */
static void publish_composites(struct sync *sync)
{
    char last[WU_LINK_SIZE] = "", name[WU_LINK_SIZE];

    for (size_t i = 0; i < sync->functions.count; i++) {
        const struct wu_function *function = &sync->functions.functions[i];

        wu_link_name_of_composite(function, name);
        if (!function->composite || !wu_links_contain(&sync->wanted, name) ||
            strcmp(name, last) == 0)
            continue;
        publish_composite(sync, function);
        strcpy(last, name);
    }
}

/* The values of the device name its GUIDs, so they are written anew with each of them. */
static void publish_function(struct sync *sync, const struct wu_function *function)
{
    const struct wu_node node = { WU_NODE_FUNCTION, function,
                                  wu_hub_list_above(&sync->hubs, function) };
    struct wu_guids guids;
    char name[WU_LINK_SIZE], place[PLACE_SIZE];

    if (!wu_rules_want(&sync->rules, function, &guids))
        return;

    place_of(function->bus, function->address, place);
    for (unsigned i = 0; i < guids.count; i++) {
        wu_link_name(function, &guids.guid[i], name);
        if ((!is_published(sync, name, &node) || !is_of_this_tree(sync, function, &guids)) &&
            check_registry(sync, wu_registry_add_device(&node, &guids), name))
            publish(sync, name, place);
    }
}

static void publish_hub(struct sync *sync, const struct wu_hub *hub)
{
    const struct wu_node node = wu_node_of_hub(hub);
    char name[WU_LINK_SIZE], place[PLACE_SIZE];

    wu_link_name_of_hub(hub, name);
    place_of(hub->bus, hub->address, place);
    if (!is_published(sync, name, &node) &&
        check_registry(sync, wu_registry_add_device(&node, NULL), name))
        publish(sync, name, place);
}

/* Those above come first; hubs stand in their list behind those above them. */
static void publish_all(struct sync *sync)
{
    for (size_t i = 0; i < sync->hubs.count; i++)
        publish_hub(sync, &sync->hubs.hubs[i]);
    publish_composites(sync);
    for (size_t i = 0; i < sync->functions.count; i++)
        publish_function(sync, &sync->functions.functions[i]);
}

/* --- All together ----------------------------------------------------------------------------- */

static void format_seen(const char *rules, char seen[SEEN_SIZE])
{
    snprintf(seen, SEEN_SIZE, "%016" PRIx64 "\n", wu_mark(rules));
}

static bool parse_rules(struct sync *sync, const char *rules)
{
    char why[64];
    unsigned line;
    const DWORD error = wu_rules_parse(rules, &sync->rules, &line);

    if (error == ERROR_SUCCESS)
        return true;
    if (error == ERROR_NOT_ENOUGH_MEMORY)
        return fail(sync, WU_PREFIX_RULES, "there is not enough memory");

    snprintf(why, sizeof(why), "line %u is no rule", line);
    return fail(sync, WU_PREFIX_RULES, why);
}

static void forget(struct sync *sync)
{
    wu_links_free(&sync->present);
    wu_links_free(&sync->wanted);
    wu_function_list_free(&sync->functions);
    wu_hub_list_free(&sync->hubs);
    sync->functions = (struct wu_function_list){ 0 };
    sync->hubs = (struct wu_hub_list){ 0 };
}

static void sync_once(struct sync *sync, const char *rules, char seen[SEEN_SIZE])
{
    sync->changed = false;
    format_seen(rules, seen); /* first, so that a change in the meantime is seen again */
    if (look_around(sync)) {
        withdraw_all(sync);
        publish_all(sync);
    }
    forget(sync);
}

/* A device that comes and goes while it looks is published, though what was @seen before it came
 * and what is there after it are the same. So it looks again until there is nothing to do: then
 * what is published is what was seen, as a device that returns has another address. */
static void sync_by(struct sync *sync, const char *rules)
{
    char seen[SEEN_SIZE];
    int rounds = 0;

    if (!parse_rules(sync, rules))
        return;

    do
        sync_once(sync, rules, seen);
    while (sync->changed && !sync->failed && ++rounds < ROUNDS);
    if (!sync->failed)
        check_file(sync, wu_prefix_write(sync->prefix, WU_PREFIX_SEEN, seen), WU_PREFIX_SEEN);
    wu_rules_free(&sync->rules);
}

bool wu_sync(const char *prefix, int patience, wu_sync_tell *tell)
{
    struct sync sync = { .prefix = prefix, .tell = tell };
    char *rules;
    int lock;

    if (!check_file(&sync, wu_prefix_make_folder(prefix), prefix))
        return false;
    lock = wu_prefix_lock(prefix, patience);
    if (!check_file(&sync, lock >= 0, WU_PREFIX_LOCK))
        return false;

    rules = wu_prefix_read(prefix, WU_PREFIX_RULES);
    if (check_file(&sync, rules != NULL, WU_PREFIX_RULES))
        sync_by(&sync, rules);
    free(rules);
    wu_prefix_unlock(lock);
    return !sync.failed;
}

/* --- Whether it is due ------------------------------------------------------------------------ */

static bool has_all_interfaces(const char *prefix)
{
    struct wu_links links;
    bool all = true;

    if (!wu_links_get(prefix, &links))
        return true; /* nobody could do anything about it */

    for (size_t i = 0; i < links.count; i++)
        all = all && wu_registry_has_interface(links.links[i].name);
    wu_links_free(&links);
    return all;
}

static bool has_seen(const char *rules, const char *seen)
{
    char now[SEEN_SIZE];

    format_seen(rules, now);
    return strcmp(seen, now) == 0;
}

bool wu_sync_is_due(const char *prefix)
{
    char *rules = wu_prefix_read(prefix, WU_PREFIX_RULES);
    char *seen = wu_prefix_read(prefix, WU_PREFIX_SEEN);
    const bool is_up_to_date = rules && seen && has_seen(rules, seen) && has_all_interfaces(prefix);

    free(rules);
    free(seen);
    return !is_up_to_date;
}
