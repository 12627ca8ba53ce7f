#include "devnode_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usb/usb_usbdk.h"
#include "windows/identity.h"

enum { NODES = sizeof(fake_devnodes) / sizeof(fake_devnodes[0]) };

struct fake_devnode fake_devnodes[16];
DWORD fake_devnode_error;
int fake_devnode_lists;
DWORD fake_identity_error;
const char *fake_identity_name;
bool fake_identity_overlapped;
bool fake_usbdk;

static uint32_t count;

void fake_devnode_reset(void)
{
    memset(fake_devnodes, 0, sizeof(fake_devnodes));
    count = 0;
    fake_devnode_error = ERROR_SUCCESS;
    fake_devnode_lists = 0;
    fake_identity_error = ERROR_SUCCESS;
    fake_identity_name = "";
    fake_identity_overlapped = true;
    fake_usbdk = false;
}

static struct fake_devnode *node_of(uint32_t number)
{
    if (number == 0 || number > count)
        abort(); /* there is no such node */
    return &fake_devnodes[number - 1];
}

uint32_t fake_devnode_add(uint32_t parent, const char *instance, unsigned port)
{
    struct fake_devnode *node = &fake_devnodes[count++];

    node->texts[WU_DEVNODE_INSTANCE] = instance;
    node->address = port;
    node->parent = parent;
    return count;
}

void fake_devnode_drive(uint32_t number, const char *object, const char *driver)
{
    struct fake_devnode *node = node_of(number);

    node->texts[WU_DEVNODE_OBJECT] = object;
    node->texts[WU_DEVNODE_DRIVER] = driver;
}

/* --- devnode.h ------------------------------------------------------------------------------- */

DWORD wu_devnode_list_get(struct wu_devnode_list *list_out)
{
    struct wu_devnode_list list = { 0 };

    if (fake_devnode_error != ERROR_SUCCESS)
        return fake_devnode_error;

    list.nodes = calloc(NODES, sizeof(*list.nodes));
    if (!list.nodes)
        return ERROR_NOT_ENOUGH_MEMORY;

    for (uint32_t number = 1; number <= count; number++)
        if (!node_of(number)->gone &&
            strncmp(node_of(number)->texts[WU_DEVNODE_INSTANCE], "USB\\", 4) == 0)
            list.nodes[list.count++] = number;
    fake_devnode_lists++;
    *list_out = list;
    return ERROR_SUCCESS;
}

void wu_devnode_list_free(struct wu_devnode_list *list)
{
    free(list->nodes);
    fake_devnode_lists--;
}

bool wu_devnode_text(uint32_t number, enum wu_devnode_text which, char *text)
{
    const char *own = node_of(number)->texts[which];

    snprintf(text, WU_DEVNODE_TEXT_SIZE, "%s", own ? own : "");
    return text[0] != '\0';
}

bool wu_devnode_address(uint32_t number, unsigned *address_out)
{
    const unsigned address = node_of(number)->address;

    if (address == 0)
        return false;

    *address_out = address;
    return true;
}

bool wu_devnode_parent(uint32_t number, uint32_t *parent_out)
{
    const uint32_t parent = node_of(number)->parent;

    if (parent == 0)
        return false;

    *parent_out = parent;
    return true;
}

unsigned wu_devnode_controller_ordinal(uint32_t number)
{
    return node_of(number)->ordinal;
}

/* --- identity.h, usb_usbdk.h ----------------------------------------------------------------- */

DWORD wu_identity_get(HANDLE file, struct wu_identity *identity_out)
{
    UNREFERENCED_PARAMETER(file);
    if (fake_identity_error != ERROR_SUCCESS)
        return fake_identity_error;

    snprintf(identity_out->name, sizeof(identity_out->name), "%s", fake_identity_name);
    identity_out->overlapped = fake_identity_overlapped;
    return ERROR_SUCCESS;
}

bool wu_usbdk_is_wanted(void)
{
    return fake_usbdk;
}
