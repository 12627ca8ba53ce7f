#include "cli/rate.h"

#include <inttypes.h>
#include <stdio.h>

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* @param rate  [bytes/s] */
static void format_rate(double rate, char *text, size_t size)
{
    if (rate >= 1e5)
        snprintf(text, size, ", %.2f MB/s", rate * 1e-6);
    else
        snprintf(text, size, ", %.3g kB/s", rate * 1e-3);
}

void wu_rate_format(const struct wu_amount *amount, char *text)
{
    const double seconds = (double)amount->time * 1e-9;
    const int length = snprintf(
        text, WU_RATE_SIZE, "%" PRIu64 " byte%s, %" PRIu64 " request%s, %.3f s", amount->bytes,
        plural(amount->bytes), amount->requests, plural(amount->requests), seconds);

    if (amount->time > 0 && amount->bytes > 0)
        format_rate((double)amount->bytes / seconds, text + length, WU_RATE_SIZE - (size_t)length);
}
