/*
 * Waits, for a script, until the lab's device has what the script goes on with.
 *
 *     labdevice_await PIPE bytes|held COUNT
 *
 * bytes: so many have been moved since LABDEV_CLEAR; held: so many transfers wait there now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/device/script.h"
#include "lab/machine.h"

static const int64_t poll_pause = 10000000;   /* [ns] */
static const int64_t patience = 120000000000; /* [ns] then it is taken for never */

static uint64_t seen(const struct labdev_status *status, const char *what)
{
    return strcmp(what, "held") == 0 ? status->held : status->bytes;
}

static bool await(const struct labdev *device, uint8_t pipe, const char *what, uint64_t count)
{
    const int64_t start = lab_now();
    struct labdev_status status;

    while (labdev_status(device, pipe, &status)) {
        if (seen(&status, what) >= count)
            return true;
        if (lab_now() - start > patience) {
            fprintf(stderr, "lab: %llu instead of %llu %s at pipe 0x%02x\n",
                    (unsigned long long)seen(&status, what), (unsigned long long)count, what, pipe);
            return false;
        }
        lab_sleep(poll_pause);
    }
    return false;
}

int main(int argc, char **argv)
{
    struct lab_device where;
    struct labdev device;

    if (argc != 4 || !lab_find(LABDEV_PRODUCT, &where) || !labdev_open(&device, where.node))
        return 1;

    const bool came =
        await(&device, (uint8_t)strtoul(argv[1], NULL, 0), argv[2], strtoull(argv[3], NULL, 0));
    labdev_close(&device);
    return came ? 0 : 1;
}
