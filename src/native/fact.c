#include "native/fact.h"

#include <stdint.h>
#include <string.h>

/* --- Texts ----------------------------------------------------------------------------------- */

enum { REPLACEMENT = 0xFFFD };

/* Gives how many bytes follow the first one of a character; none follow what is no beginning. */
static unsigned count_following(unsigned char first)
{
    if (first >= 0xF0 && first < 0xF8)
        return 3;
    if (first >= 0xE0 && first < 0xF0)
        return 2;
    return first >= 0xC0 && first < 0xE0 ? 1 : 0;
}

/* Reads a character. @return how many bytes it has */
static size_t read_character(const unsigned char *text, size_t size, uint32_t *character_out)
{
    const unsigned following = count_following(*text);
    uint32_t character = following > 0 ? *text & (0x3Fu >> following) : *text;

    *character_out = REPLACEMENT;
    if (following >= size || (following == 0 && *text >= 0x80))
        return 1;
    for (unsigned i = 1; i <= following; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 1;
        character = character << 6 | (text[i] & 0x3F);
    }

    if (character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF))
        *character_out = character;
    return following + 1;
}

static size_t put_character(uint32_t character, WCHAR *wide)
{
    if (character < 0x10000) {
        wide[0] = (WCHAR)character;
        return 1;
    }

    wide[0] = (WCHAR)(0xD800 + ((character - 0x10000) >> 10));
    wide[1] = (WCHAR)(0xDC00 + ((character - 0x10000) & 0x3FF));
    return 2;
}

size_t wu_fact_widen(const char *text, size_t size, WCHAR *wide)
{
    size_t count = 0;
    uint32_t character;

    for (size_t at = 0; at < size;) {
        at += read_character((const unsigned char *)text + at, size - at, &character);
        count += put_character(character, wide + count);
    }
    return count;
}

bool wu_fact_narrow(const WCHAR *wide, char *text, size_t size)
{
    for (size_t i = 0; wide && i < size; i++) {
        if (wide[i] >= 0x80)
            return false;
        text[i] = (char)wide[i];
        if (wide[i] == 0)
            return true;
    }

    return false;
}

/* --- Facts ----------------------------------------------------------------------------------- */

static void set_text(struct wu_fact *fact, const char *text, size_t size, enum wu_fact_form form)
{
    if (form == WU_FACT_ANSI) {
        memcpy(fact->is.text, text, size);
        fact->size = (DWORD)size;
    } else {
        fact->size = (DWORD)(wu_fact_widen(text, size, fact->is.wide) * sizeof(WCHAR));
    }
}

void wu_fact_of_text(const char *text, enum wu_fact_form form, struct wu_fact *fact_out)
{
    fact_out->type = form == WU_FACT_PROPERTY ? DEVPROP_TYPE_STRING : REG_SZ;
    set_text(fact_out, text, strlen(text) + 1, form);
}

static void set_texts(struct wu_fact *fact, const char *texts, enum wu_fact_form form)
{
    fact->type = form == WU_FACT_PROPERTY ? DEVPROP_TYPE_STRING_LIST : REG_MULTI_SZ;
    set_text(fact, texts, wu_node_texts_size(texts), form);
}

static void set_guid(struct wu_fact *fact, const char *text, enum wu_fact_form form)
{
    if (form != WU_FACT_PROPERTY || !wu_guid_parse(text, strlen(text), &fact->is.guid)) {
        wu_fact_of_text(text, form, fact);
        return;
    }
    fact->type = DEVPROP_TYPE_GUID;
    fact->size = sizeof(fact->is.guid);
}

static void set_number(struct wu_fact *fact, DWORD number, enum wu_fact_form form)
{
    fact->type = form == WU_FACT_PROPERTY ? DEVPROP_TYPE_UINT32 : REG_DWORD;
    fact->size = sizeof(number);
    fact->is.number = number;
}

static void set_flag(struct wu_fact *fact, bool flag)
{
    fact->type = DEVPROP_TYPE_BOOLEAN;
    fact->size = sizeof(fact->is.flag);
    fact->is.flag = flag ? DEVPROP_TRUE : DEVPROP_FALSE;
}

bool wu_fact_tell(const struct wu_node *node,
                  const struct wu_node_fact *fact,
                  enum wu_fact_form form,
                  struct wu_fact *fact_out)
{
    struct wu_node_value value;

    if (!fact || !wu_node_tell(node, fact, &value))
        return false;

    switch (fact->type) {
    case WU_NODE_TEXT:
        wu_fact_of_text(value.text, form, fact_out);
        break;
    case WU_NODE_TEXTS:
        set_texts(fact_out, value.text, form);
        break;
    case WU_NODE_GUID:
        set_guid(fact_out, value.text, form);
        break;
    case WU_NODE_NUMBER:
        set_number(fact_out, value.number, form);
        break;
    case WU_NODE_FLAG:
        set_flag(fact_out, value.number != 0);
        break;
    }
    return true;
}

bool wu_fact_of_interface(const struct wu_node *node,
                          const GUID *class_guid,
                          const DEVPROPKEY *key,
                          struct wu_fact *fact_out)
{
    char id[WU_NODE_ID_SIZE];

    switch (wu_node_interface_fact(&key->fmtid, key->pid)) {
    case WU_NODE_INTERFACE_ID:
        wu_node_id(node, id);
        wu_fact_of_text(id, WU_FACT_PROPERTY, fact_out);
        return true;
    case WU_NODE_INTERFACE_CLASS:
        fact_out->type = DEVPROP_TYPE_GUID;
        fact_out->size = sizeof(*class_guid);
        fact_out->is.guid = *class_guid;
        return true;
    case WU_NODE_INTERFACE_ENABLED:
        set_flag(fact_out, true);
        return true;
    default:
        return false;
    }
}
