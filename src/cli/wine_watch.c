/* The command `winusb wine watch`. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/interrupt.h"
#include "cli/wine_parts.h"
#include "wine/mark.h"
#include "wine/prefix.h"

/* The kernel tells through udev, which may not be there; its files can be looked at always. */
static const double interval = 0.25; /* [s] */

static uint64_t look(const char *prefix)
{
    char *rules = wu_prefix_read(prefix, WU_PREFIX_RULES);
    const uint64_t mark = wu_mark(rules ? rules : "");

    free(rules);
    return mark;
}

/* What has been published is what was there then, and not what was there when we looked: a device
 * that had come by then may have gone again, which looks as before. */
static uint64_t seen(const char *prefix)
{
    char *text = wu_prefix_read(prefix, WU_PREFIX_SEEN);
    const uint64_t mark = text ? strtoull(text, NULL, 16) : 0;

    free(text);
    return mark;
}

/* Keeps the prefix in step. What fails has been said; the next change may go well. */
static bool follow(const struct wu_wine_settings *settings, uint64_t *mark)
{
    unsigned changes;

    if (!wu_wine_sync(settings, &changes))
        return false;
    *mark = seen(settings->prefix);
    return true;
}

/* Waits until things have changed, and then have stayed so for an interval: a device comes in
 * pieces. */
static bool await_change(const char *prefix, uint64_t *mark)
{
    uint64_t before = *mark;

    while (!wu_interrupted_within(interval)) {
        const uint64_t now = look(prefix);

        if (now != *mark && now == before) {
            *mark = now;
            return true;
        }
        before = now;
    }

    return false;
}

enum wu_cli_exit wu_wine_watch(const struct wu_wine_settings *settings)
{
    uint64_t mark;

    if (!wu_wine_check_prefix(settings->prefix))
        return WU_CLI_FAILED;

    wu_interrupts_hold();
    if (!follow(settings, &mark))
        return wu_interrupted() ? WU_CLI_OK : WU_CLI_FAILED;

    printf("watching for devices; Ctrl-C ends it\n");
    while (wu_cli_flush() && await_change(settings->prefix, &mark)) {
        if (!wu_wine_check_prefix(settings->prefix)) /* which Wine would make anew */
            return WU_CLI_FAILED;
        follow(settings, &mark);
    }
    return WU_CLI_OK;
}
