/*
 * The tree of device nodes in a Wine prefix's registry: reading what is said of a node, and which
 * nodes are below another. IDs are instance IDs, of ASCII.
 */
#ifndef WU_WINE_TREE_H
#define WU_WINE_TREE_H

#include <stdbool.h>
#include <windows.h>

#include "devices/node.h"

/* Wine marks the types of properties so, to tell them from the registry's own. */
#define WU_TREE_PROPERTY 0xFFFF0000u

enum { /* DEVPROP_TYPE_... */
       WU_TREE_NUMBER = 0x07,
       WU_TREE_GUID = 0x0D,
       WU_TREE_FLAG = 0x11,
       WU_TREE_TEXT = 0x12,
       WU_TREE_TEXTS = 0x2012,
};

/** Opens a node's key. @return NULL when there is no such node */
HKEY wu_tree_open(const char *id);

/** Tells whether there is a node of that ID which we have published. */
bool wu_tree_is_ours(const char *id);

/**
 * Reads a property of a node.
 *
 * @param type_out  DEVPROP_TYPE_...
 * @param size      [bytes] in: of the buffer; out: of the property, also when it does not fit
 * @return ERROR_SUCCESS; ERROR_MORE_DATA; ERROR_FILE_NOT_FOUND: no such node or property; others
 */
DWORD wu_tree_property(const char *id,
                       const GUID *set,
                       DWORD number,
                       DWORD *type_out,
                       void *data,
                       DWORD *size);

/** Tells which node is above one that we have published. @param parent  WU_NODE_ID_SIZE bytes */
bool wu_tree_parent(const char *id, char *parent);

/** Tells whether a node is one that we have published for itself, not for those below it. */
bool wu_tree_has_interface(const char *id);

/** Tells whether a node is below another, as both say; both are ours. */
bool wu_tree_is_below(const char *id, const char *parent);

/** Tells which node follows another below their parent; which is the first when that is NULL.
 *  @return false when there are no more */
bool wu_tree_next_child(const char *parent, const char *child, char next[WU_NODE_ID_SIZE]);

/** Puts a node into the list of those below another. @return Win32 code */
DWORD wu_tree_add_child(const char *parent, const char *child);

/** Takes a node from the list of those below one that we have published.
 *  @return whether it was the last */
bool wu_tree_remove_child(const char *parent, const char *child);

#endif
