/*
 * What is told of a device node, as the bytes that a program gets.
 */
#ifndef WU_NATIVE_FACT_H
#define WU_NATIVE_FACT_H

#include <windows.h>
#include <devpropdef.h>

#include "devices/node.h"

/* How a program asks. */
enum wu_fact_form {
    WU_FACT_ANSI, /* by number, texts in UTF-8 */
    WU_FACT_WIDE, /* by number, texts in UTF-16 */
    WU_FACT_PROPERTY,
};

struct wu_fact {
    DWORD type; /* REG_* or DEVPROP_TYPE_* */
    DWORD size; /* [bytes] */
    union {
        char text[WU_NODE_TEXT_SIZE];
        WCHAR wide[WU_NODE_TEXT_SIZE];
        DWORD number;
        GUID guid;
        DEVPROP_BOOLEAN flag;
    } is;
};

/** Tells a fact of a node. @return false when the node has none; NULL is a fact that none has */
bool wu_fact_tell(const struct wu_node *node,
                  const struct wu_node_fact *fact,
                  enum wu_fact_form form,
                  struct wu_fact *fact_out);

/** Makes a fact that is a text, such as a property of an interface. */
void wu_fact_of_text(const char *text, enum wu_fact_form form, struct wu_fact *fact_out);

/** Tells what property an interface has, whose node is @p node. @return false: none */
bool wu_fact_of_interface(const struct wu_node *node,
                          const GUID *class_guid,
                          const DEVPROPKEY *key,
                          struct wu_fact *fact_out);

/**
 * Turns UTF-8 into UTF-16.
 *
 * @param size  [bytes] of the text, NULs included
 * @param wide  room for as many characters
 * @return how many there are
 */
size_t wu_fact_widen(const char *text, size_t size, WCHAR *wide);

/** Turns a name of ASCII from UTF-16. @return false when it is NULL, too long, or has others */
bool wu_fact_narrow(const WCHAR *wide, char *text, size_t size);

#endif
