/*
 * Which interface paths a Wine prefix has of us: the files behind them (token.h).
 *
 * A link `PREFIX/dosdevices/NAME` into it makes CreateFile open the
 * interface path `\\?\NAME`; NAME is `usb#vid_1234&pid_5678[&mi_nn]#instance#{guid}`, or what a hub
 * or a controller is called. Without `&mi_nn` it may be that of a composite device as well.
 */
#ifndef WU_WINE_LINKS_H
#define WU_WINE_LINKS_H

#include <stdbool.h>
#include <stddef.h>

#include "devices/devices.h"
#include "devices/hubs.h"

enum { WU_LINK_SIZE = 256 }; /* of a name, with its NUL: as long as a file's may be */

struct wu_link {
    char name[WU_LINK_SIZE];
};

struct wu_links {
    struct wu_link *links; /* owned, in no order */
    size_t count;
};

/**
 * Lists the links into our folder.
 *
 * @param links_out  set on success; to be given to wu_links_free()
 * @return false with errno when the prefix cannot be read or there is no memory
 */
bool wu_links_get(const char *prefix, struct wu_links *links_out);

void wu_links_free(struct wu_links *links);

/** Adds a name. @return false when there is no memory or it is too long */
bool wu_links_add(struct wu_links *links, const char *name);

bool wu_links_contain(const struct wu_links *links, const char *name);

/** Tells whether any of the names is an interface of the device `usb#...#instance`. */
bool wu_links_have_device(const struct wu_links *links, const char *device);

/** Writes the name of a function's interface. @param name  WU_LINK_SIZE bytes */
void wu_link_name(const struct wu_function *function, const GUID *guid, char *name);

/** Writes the name of the interface of the composite device that a function is part of.
 *  @param name  WU_LINK_SIZE bytes */
void wu_link_name_of_composite(const struct wu_function *function, char *name);

/** Writes the name of a hub's or controller's interface. @param name  WU_LINK_SIZE bytes */
void wu_link_name_of_hub(const struct wu_hub *hub, char *name);

/** Finds the function whose interface has this name; NULL when it is not in the list. */
const struct wu_function *wu_link_function(const struct wu_function_list *list, const char *name);

/** Finds any function of the composite device whose interface has this name; NULL when none is in
 * the list. */
const struct wu_function *wu_link_part(const struct wu_function_list *list, const char *name);

/** Finds the hub or controller whose interface has this name; NULL when it is not in the list. */
const struct wu_hub *wu_link_hub(const struct wu_hub_list *list, const char *name);

/** Writes the part of a name that is its device's: all before the GUID. @param device  the same
 *  size; may be @p name */
void wu_link_device(const char *name, char device[WU_LINK_SIZE]);

/** Gives the part of a name that is its GUID, braces included. */
const char *wu_link_guid(const char *name);

/** Puts the link of a name into the prefix, and the token that it leads to.
 *  @param place  bus and address of the device, "001/002"
 *  @return false with errno */
bool wu_link_make(const char *prefix, const char *name, const char *place);

/** Tells whether the token is there that the link of a name leads to. */
bool wu_link_leads_to_token(const char *prefix, const char *name);

/** Removes the link of a name. @return false with errno */
bool wu_link_remove(const char *prefix, const char *name);

/** Tells whether a device was at this place when its token was made. */
bool wu_token_is_at(const char *prefix, const char *device, const char *place);

/** Removes the token of a device. @return false with errno */
bool wu_token_remove(const char *prefix, const char *device);

#endif
