/* src/windows/devnode.c alone, over the doubles of cfgmgr32.dll and setupapi.dll. */
#include "windows/devnode.h"

#include <stdio.h>

#include "double.h"
#include "failing_memory.h"

static int failures;

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static void expect(bool holds, const char *condition, int line)
{
    if (holds)
        return;
    printf("line %d: not so: %s\n", line, condition);
    failures++;
}

/* @return the node of the double's device */
static uint32_t nodes_are_listed(void)
{
    struct wu_devnode_list list;
    uint32_t node = 0;

    EXPECT(wu_devnode_list_get(&list) == ERROR_SUCCESS);
    EXPECT(list.count == 4); /* without the host controller, which USB has not found */
    for (size_t i = 0; i < list.count; i++) {
        char text[WU_DEVNODE_TEXT_SIZE];

        EXPECT(wu_devnode_text(list.nodes[i], WU_DEVNODE_INSTANCE, text));
        if (strcmp(text, DOUBLE_INSTANCE) == 0)
            node = list.nodes[i];
    }
    wu_devnode_list_free(&list);
    EXPECT(node != 0);
    return node;
}

static void texts_are_given(uint32_t node)
{
    char text[WU_DEVNODE_TEXT_SIZE] = "before";

    EXPECT(wu_devnode_text(node, WU_DEVNODE_OBJECT, text));
    EXPECT(strcmp(text, DOUBLE_OBJECT) == 0);
    EXPECT(!wu_devnode_text(node, WU_DEVNODE_UPPER_FILTERS, text) && text[0] == '\0');
    EXPECT(!wu_devnode_text(99, WU_DEVNODE_INSTANCE, text) && text[0] == '\0');

    _putenv(DOUBLE_STATE "=filtered");
    EXPECT(wu_devnode_text(node, WU_DEVNODE_UPPER_FILTERS, text));
    EXPECT(strcmp(text, "another;libusb0") == 0);
    _putenv(DOUBLE_STATE "=");

    _putenv(DOUBLE_DRIVER "=\xE9"); /* not ASCII */
    EXPECT(!wu_devnode_text(node, WU_DEVNODE_DRIVER, text) && text[0] == '\0');
    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, DOUBLE_DRIVER "=", sizeof(DOUBLE_DRIVER));
    _putenv(text); /* too long */
    EXPECT(!wu_devnode_text(node, WU_DEVNODE_DRIVER, text) || strlen(text) < sizeof(text) - 2);
    _putenv(DOUBLE_DRIVER "=");
}

static void way_to_the_controller_is_given(uint32_t node)
{
    unsigned address = 0;
    uint32_t parent = node;
    int levels = 0;

    EXPECT(wu_devnode_address(node, &address) && address == 4);
    while (wu_devnode_parent(parent, &parent))
        levels++;
    EXPECT(levels == 3 && parent == DOUBLE_CONTROLLER);
    EXPECT(wu_devnode_controller_ordinal(parent) == 2);
    EXPECT(wu_devnode_controller_ordinal(node) == 0);
}

static void memory_may_run_out(void)
{
    struct wu_devnode_list list;
    int nth = 1;

    for (; nth < 10; nth++) {
        failing_memory_at(nth);
        if (wu_devnode_list_get(&list) == ERROR_SUCCESS)
            break;
        EXPECT(failing_memory_has_failed() && failing_memory_live() == 0);
    }
    EXPECT(nth == 3);
    wu_devnode_list_free(&list);
    EXPECT(failing_memory_live() == 0);
}

int main(void)
{
    const uint32_t node = nodes_are_listed();

    texts_are_given(node);
    way_to_the_controller_is_given(node);
    memory_may_run_out();
    return failures == 0 ? 0 : 1;
}
