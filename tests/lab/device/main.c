/*
 * labdevice: a USB device for tests that do with it what they like; see README.md.
 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model.h"

struct options {
    struct labdev_replug identity;
    bool silent;
    const char *folder; /* for what it keeps, or NULL */
};

static int wrong_usage(void)
{
    fputs("usage: labdevice [OPTION]... usbredir SOCKET\n"
          "       labdevice [OPTION]... usbip [PORT]\n"
          "  --personality NAME  standard, composite, configurations, broken:NUMBER, fastboot or "
          "adb\n"
          "  --speed NAME        full or high (default: high)\n"
          "  --silent            never answers when it is asked for string 0xEE\n"
          "  --keep FOLDER       where what fastboot and adb are sent goes\n",
          stderr);
    return 2;
}

static bool parse_personality(const char *text, struct labdev_replug *identity)
{
    static const char *const names[] = { "standard", "composite", "configurations",
                                         "broken:",  "fastboot",  "adb" };
    const size_t broken = strlen(names[LABDEV_BROKEN]);

    if (strncmp(text, names[LABDEV_BROKEN], broken) == 0) {
        identity->personality = LABDEV_BROKEN;
        identity->variant = (uint32_t)strtoul(text + broken, NULL, 10);
        return identity->variant < LABDEV_FAULT_COUNT;
    }
    for (uint32_t i = 0; i < LABDEV_PERSONALITIES; i++) {
        if (strcmp(text, names[i]) != 0)
            continue;
        identity->personality = i;
        return true;
    }
    return false;
}

static bool parse_speed(const char *text, struct labdev_replug *identity)
{
    const bool full = strcmp(text, "full") == 0;

    identity->speed = full ? LABDEV_FULL_SPEED : LABDEV_HIGH_SPEED;
    return full || strcmp(text, "high") == 0;
}

static bool parse(int count, char **words, struct options *is)
{
    static const struct option options[] = { { "personality", required_argument, NULL, 'p' },
                                             { "speed", required_argument, NULL, 's' },
                                             { "silent", no_argument, NULL, 'q' },
                                             { "keep", required_argument, NULL, 'k' },
                                             { NULL, 0, NULL, 0 } };
    int option;

    while ((option = getopt_long(count, words, "", options, NULL)) != -1) {
        if (option == 'q')
            is->silent = true;
        else if (option == 'k')
            is->folder = optarg;
        else if (option == 'p' ? !parse_personality(optarg, &is->identity)
                               : option != 's' || !parse_speed(optarg, &is->identity))
            return false;
    }
    return true;
}

static struct transport *open_transport(struct model *model, int count, char **words)
{
    if (count == 2 && strcmp(words[0], "usbredir") == 0)
        return usbredir_open(model, words[1]);
    if ((count == 1 || count == 2) && strcmp(words[0], "usbip") == 0)
        return usbip_open(model, count == 2 ? (unsigned)strtoul(words[1], NULL, 10) : 0);
    exit(wrong_usage());
}

static int64_t clock_now(void) /* [ns] */
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Until when to wait, as ppoll() wants it. */
static const struct timespec *duration(int64_t wake, int64_t now, struct timespec *span)
{
    const int64_t left = wake > now ? wake - now : 0;

    if (wake == MODEL_IDLE)
        return NULL;
    *span = (struct timespec){ .tv_sec = left / 1000000000, .tv_nsec = left % 1000000000 };
    return span;
}

/* Until the host is gone. */
static void serve(struct model *model, struct transport *transport)
{
    const int64_t start = clock_now();
    bool connected = true;

    while (connected) {
        const int64_t now = clock_now() - start;
        const int64_t streams = transport->ops->run(transport, now);
        const int64_t wake = model_run(model, now);
        struct pollfd wait = transport->ops->wait_for(transport);
        struct timespec span;

        ppoll(&wait, 1, duration(streams < wake ? streams : wake, now, &span), NULL);
        model_run(model, clock_now() - start);
        if (wait.revents && transport->ops->wait_for(transport).fd == wait.fd) /* not unplugged */
            connected = transport->ops->io(transport);
    }
}

int main(int count, char **words)
{
    static struct model model;
    struct options is = { .identity = { .speed = LABDEV_HIGH_SPEED } };
    struct transport *transport;

    if (!parse(count, words, &is))
        return wrong_usage();
    signal(SIGPIPE, SIG_IGN);
    transport = open_transport(&model, count - optind, words + optind);
    if (!transport)
        return 1;
    model_init(&model, transport, &is.identity);
    model.silent = is.silent;
    model.fastboot.folder = is.folder;
    model.adb.folder = is.folder;
    serve(&model, transport);
    model_finish(&model);
    return 0;
}
