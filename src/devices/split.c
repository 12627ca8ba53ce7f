#include "devices/split.h"

enum { INTERFACE = 4, INTERFACE_SIZE = 9, ASSOCIATION = 0x0B, ASSOCIATION_SIZE = 8, AUDIO = 1 };

/* Gives the descriptor at *at and moves on; NULL at the end or where the lengths make no sense. */
static const unsigned char *next(const struct wu_usb_info *info, size_t *at)
{
    const unsigned char *found = info->configuration + *at;
    const size_t left = info->configuration_size - *at;

    if (!info->configuration || left < 2 || found[0] < 2 || found[0] > left)
        return NULL;

    *at += found[0];
    return found;
}

static bool is_interface(const unsigned char *found)
{
    return found[1] == INTERFACE && found[0] >= INTERFACE_SIZE && found[3] == 0;
}

static bool is_association(const unsigned char *found)
{
    return found[1] == ASSOCIATION && found[0] >= ASSOCIATION_SIZE && found[3] > 0;
}

static struct wu_span span_of(const unsigned char *found)
{
    const struct wu_span span = { found[2], found[2], 1, found[5], found[6], found[7] };

    return span;
}

static struct wu_span span_of_association(const unsigned char *found)
{
    const struct wu_span span = { found[2], found[2], found[3], found[4], found[5], found[6] };

    return span;
}

static void widen(struct wu_span *span, unsigned char number)
{
    const unsigned end = span->lowest + span->count;

    if (number >= end) {
        span->count = (unsigned short)(number + 1 - span->lowest);
    } else if (number < span->lowest) {
        span->count = (unsigned short)(end - number);
        span->lowest = number;
    }
}

struct wu_span wu_split_whole(const struct wu_usb_info *info)
{
    struct wu_span span = { 0 };
    const unsigned char *found;

    for (size_t at = 0; (found = next(info, &at)) != NULL;) {
        if (!is_interface(found))
            continue;
        if (span.count == 0)
            span = span_of(found);
        else
            widen(&span, found[2]);
    }

    return span;
}

bool wu_split_is_composite(const struct wu_usb_info *info)
{
    const unsigned char *device = info->device;
    const bool by_interface = device[4] == 0;
    const bool by_association = device[4] == 0xEF && device[5] == 2 && device[6] == 1;

    return (by_interface || by_association) && device[17] == 1 && wu_split_whole(info).count > 1;
}

static bool has_associations(const struct wu_usb_info *info)
{
    const unsigned char *found;

    for (size_t at = 0; (found = next(info, &at)) != NULL;)
        if (is_association(found))
            return true;

    return false;
}

static bool continues_audio(const struct wu_span *last, const unsigned char *found)
{
    return last->class_code == AUDIO && found[5] == AUDIO && found[6] != last->subclass &&
           found[2] == last->lowest + last->count;
}

/* The association announces interfaces that follow; what they are stands in the first of them. */
static struct wu_span *find_association(struct wu_span *spans, size_t count, unsigned number)
{
    for (size_t i = 0; i < count; i++)
        if (number >= spans[i].lowest && number - spans[i].lowest < spans[i].count)
            return &spans[i];

    return NULL;
}

size_t wu_split(const struct wu_usb_info *info, struct wu_span *spans)
{
    const bool by_audio = !has_associations(info);
    const unsigned char *found;
    size_t count = 0;

    spans[0] = wu_split_whole(info);
    if (!wu_split_is_composite(info))
        return 1;

    for (size_t at = 0; (found = next(info, &at)) != NULL && count < WU_SPLIT_MAX;) {
        if (is_association(found))
            spans[count++] = span_of_association(found);
        else if (!is_interface(found) || find_association(spans, count, found[2]))
            continue;
        else if (by_audio && count > 0 && continues_audio(&spans[count - 1], found))
            spans[count - 1].count++;
        else
            spans[count++] = span_of(found);
    }

    return count;
}
