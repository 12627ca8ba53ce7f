#include "devices/known.h"

#include <string.h>

#include "host/host.h"
#include "usb/usb_notes.h"

enum { PLACES = 64 }; /* for more devices the oldest give way, and their notes are read again */

struct place {
    uint64_t stay; /* 0: empty */
    struct wu_known known;
};

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct place places[PLACES]; /* [lock] */
static unsigned next;               /* [lock] place to use when none is a device's own */

static struct place *find_locked(uint64_t stay)
{
    for (unsigned i = 0; i < PLACES; i++)
        if (places[i].stay == stay)
            return &places[i];

    return NULL;
}

static void put_locked(uint64_t stay, const struct wu_known *known)
{
    struct place *place = find_locked(stay);

    if (!place)
        place = &places[next++ % PLACES];
    place->stay = stay;
    place->known = *known;
}

static bool recall(uint64_t stay, struct wu_known *known_out)
{
    const struct place *place;

    wu_host_mutex_lock(&lock);
    place = find_locked(stay);
    if (place)
        *known_out = place->known;
    wu_host_mutex_unlock(&lock);
    return place != NULL;
}

static void remember(uint64_t stay, const struct wu_known *known)
{
    wu_host_mutex_lock(&lock);
    put_locked(stay, known);
    wu_host_mutex_unlock(&lock);
}

/* --- Notes ----------------------------------------------------------------------------------- */

/* The numbers in a note are what a file says. The size of a note tells whether it is of this
 * version. */
struct note {
    struct wu_known known;
    uint64_t version;
};

enum { VERSION = 1 };
_Static_assert(sizeof(struct note) <= WU_USB_NOTE_MAX, "a note is too small");

static bool read_note(const struct wu_usb_info *info, uint64_t stay, struct wu_known *known_out)
{
    struct note note;

    if (!wu_usb_notes_read(info, stay, &note, sizeof(note)) || note.version != VERSION ||
        note.known.said.count > WU_MSOS_GUIDS_MAX || note.known.name > WU_NAME_PORT)
        return false;

    *known_out = note.known;
    return true;
}

void wu_known_get(const struct wu_usb_info *info, uint64_t stay, struct wu_known *known_out)
{
    memset(known_out, 0, sizeof(*known_out));
    if (stay != 0 && !recall(stay, known_out) && read_note(info, stay, known_out))
        remember(stay, known_out);
}

void wu_known_set(const struct wu_usb_info *info, uint64_t stay, const struct wu_known *known)
{
    struct note note;

    if (stay == 0)
        return;

    memset(&note, 0, sizeof(note));
    note.known = *known;
    note.version = VERSION;
    remember(stay, known);
    wu_usb_notes_write(info, stay, &note, sizeof(note));
}

/* --- Configurations -------------------------------------------------------------------------- */

static uint64_t hash(uint64_t start, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        start = (start ^ bytes[i]) * UINT64_C(1099511628211); /* FNV-1a */

    return start;
}

uint64_t wu_known_configuration(const struct wu_usb_info *info)
{
    const uint64_t device =
        hash(UINT64_C(14695981039346656037), info->device, sizeof(info->device));
    const uint64_t all =
        info->configuration ? hash(device, info->configuration, info->configuration_size) : device;

    return all != 0 ? all : 1;
}
