#include "wine/inf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "wine/inf_file.h"
#include "wine/inf_target.h"
#include "wine/inf_text.h"

/* A hardware id, and what the device has. */
struct model {
    unsigned short vid, pid;
    int part;
    const struct wu_guids *guids; /* one of the notes' */
    size_t order;                 /* in the file */
};

/* What is known of a section; each is read once in each of its meanings. */
struct note {
    bool models_read;
    struct wu_guids *registry; /* owned; NULL: not read as values of the registry yet */
    struct wu_guids *hardware; /* owned; NULL: not read as what is done to a device yet */
};

struct reading {
    struct wu_inf_file file;
    struct note *notes;   /* owned; one a section */
    struct model *models; /* owned; room for one a field, of sections that are read once */
    size_t count;
    DWORD error; /* the first */
};

static void fail(struct reading *reading, DWORD error)
{
    if (reading->error == ERROR_SUCCESS)
        reading->error = error;
}

static struct note *note_of(struct reading *reading, const struct wu_inf_section *section)
{
    return &reading->notes[section - reading->file.sections];
}

static bool is(const char *text, const char *word)
{
    return strcasecmp(text, word) == 0;
}

/* --- GUIDs ---------------------------------------------------------------------------------- */

static void add_guid(struct reading *reading, struct wu_guids *guids, const GUID *guid)
{
    if (!wu_guids_add(guids, guid))
        fail(reading, ERROR_MORE_DATA);
}

static void add_guids(struct reading *reading, struct wu_guids *guids, const struct wu_guids *more)
{
    for (unsigned i = 0; i < more->count; i++)
        add_guid(reading, guids, &more->guid[i]);
}

/* An empty set in its place ends the circles of sections that need each other. */
static bool begin_guids(struct reading *reading, struct wu_guids **guids)
{
    *guids = calloc(1, sizeof(**guids));
    if (!*guids)
        fail(reading, ERROR_NOT_ENOUGH_MEMORY);
    return *guids != NULL;
}

/* --- Values of the registry ----------------------------------------------------------------- */

enum { ROOT = 1, SUBKEY, NAME, FLAGS, VALUE };

enum { FLAG_BINARY = 0x1, FLAG_DELETE = 0x4, FLAG_KEY_ALONE = 0x10 };

static bool
field_is(struct reading *reading, const struct wu_inf_line *line, size_t i, const char *word)
{
    char text[WU_INF_FIELD_SIZE];

    return wu_inf_field(&reading->file, line, i, text) && is(text, word);
}

static bool sets_text(struct reading *reading, const struct wu_inf_line *line)
{
    char flags[WU_INF_FIELD_SIZE];

    return wu_inf_field(&reading->file, line, FLAGS, flags) &&
           (strtoul(flags, NULL, 0) & (FLAG_BINARY | FLAG_DELETE | FLAG_KEY_ALONE)) == 0;
}

/* HKR,,DeviceInterfaceGUIDs,0x10000,"{...}","{...}" */
static void
read_value(struct reading *reading, const struct wu_inf_line *line, struct wu_guids *guids)
{
    char text[WU_INF_FIELD_SIZE];
    GUID guid;

    if (!field_is(reading, line, ROOT, "HKR") || !field_is(reading, line, SUBKEY, "") ||
        !sets_text(reading, line) ||
        !(field_is(reading, line, NAME, "DeviceInterfaceGUIDs") ||
          field_is(reading, line, NAME, "DeviceInterfaceGUID")))
        return;

    for (size_t i = VALUE; i < line->count; i++)
        if (wu_inf_field(&reading->file, line, i, text) && wu_guid_parse(text, strlen(text), &guid))
            add_guid(reading, guids, &guid);
}

static const struct wu_guids *
read_registry(struct reading *reading, const struct wu_inf_section *section, unsigned depth)
{
    struct note *note = note_of(reading, section);
    struct wu_inf_place place = { section, 0 };
    const struct wu_inf_line *line;

    (void)depth;
    if (!note->registry && begin_guids(reading, &note->registry))
        while ((line = wu_inf_next_line(&reading->file, &place)) != NULL)
            read_value(reading, line, note->registry);
    return note->registry;
}

/* --- What is done to a device ---------------------------------------------------------------- */

/* Gives the GUIDs of a section; NULL after failure. @depth: how many sections on the way to it need
 * the next. */
typedef const struct wu_guids *
read_section(struct reading *reading, const struct wu_inf_section *section, unsigned depth);

static read_section read_hardware;

/* What counts in a section that installs. Include names other files, which are Windows' own. */
static const struct {
    const char *key;
    read_section *read;
} directives[] = {
    { "AddReg", read_registry },
    { "Needs", read_hardware },
};

static void follow(struct reading *reading,
                   const struct wu_inf_line *line,
                   read_section *read,
                   unsigned depth,
                   struct wu_guids *guids)
{
    char name[WU_INF_FIELD_SIZE];

    for (size_t i = 1; i < line->count; i++) {
        const struct wu_inf_section *section =
            wu_inf_field(&reading->file, line, i, name) ? wu_inf_find(&reading->file, name) : NULL;
        const struct wu_guids *more = section ? read(reading, section, depth) : NULL;

        if (more)
            add_guids(reading, guids, more);
    }
}

static void read_directive(struct reading *reading,
                           const struct wu_inf_line *line,
                           unsigned depth,
                           struct wu_guids *guids)
{
    for (size_t i = 0; i < sizeof(directives) / sizeof(*directives); i++)
        if (field_is(reading, line, 0, directives[i].key))
            follow(reading, line, directives[i].read, depth, guids);
}

static const struct wu_guids *
read_hardware(struct reading *reading, const struct wu_inf_section *section, unsigned depth)
{
    struct note *note = note_of(reading, section);
    struct wu_inf_place place = { section, 0 };
    const struct wu_inf_line *line;

    if (depth > WU_INF_NEEDS_MAX)
        fail(reading, ERROR_INVALID_DATA);
    else if (!note->hardware && begin_guids(reading, &note->hardware))
        while ((line = wu_inf_next_line(&reading->file, &place)) != NULL)
            read_directive(reading, line, depth + 1, note->hardware);
    return note->hardware;
}

/* --- Models --------------------------------------------------------------------------------- */

static const struct wu_inf_section *
find_joined(struct reading *reading, const char *name, const char *more, const char *last)
{
    char joined[WU_INF_FIELD_SIZE];
    const int length = snprintf(joined, sizeof(joined), "%s%s%s", name, more, last);

    return length < (int)sizeof(joined) ? wu_inf_find(&reading->file, joined) : NULL;
}

/* The install section itself has values of the driver; those of the device are in NAME[.NT...].HW
 */
static const struct wu_guids *guids_of_install(struct reading *reading, const char *install)
{
    const struct wu_inf_section *section = NULL;

    for (const char *const *suffix = wu_inf_install_suffixes; *suffix && !section; suffix++)
        section = find_joined(reading, install, *suffix, ".HW");
    return section ? read_hardware(reading, section, 0) : NULL;
}

/* Takes a label and as many hexadecimal digits. */
static bool take_id(const char **text, const char *label, size_t digits, unsigned *id_out)
{
    const size_t length = strlen(label);
    const char *number = *text + length;

    if (strncasecmp(*text, label, length) != 0 ||
        strspn(number, "0123456789abcdefABCDEF") != digits)
        return false;

    *id_out = (unsigned)strtoul(number, NULL, 16);
    *text = number + digits;
    return true;
}

static bool parse_hardware_id(const char *text, struct model *model_out)
{
    unsigned vid, pid, release, part;

    if (!take_id(&text, "USB\\VID_", 4, &vid) || !take_id(&text, "&PID_", 4, &pid))
        return false;
    take_id(&text, "&REV_", 4, &release);

    const bool has_part = take_id(&text, "&MI_", 2, &part);
    if (*text != '\0')
        return false;

    *model_out = (struct model){
        .vid = (unsigned short)vid,
        .pid = (unsigned short)pid,
        .part = has_part ? (int)part : -1,
    };
    return true;
}

/* %Name% = Install, USB\VID_1234&PID_5678, more ids */
static void read_model(struct reading *reading, const struct wu_inf_line *line)
{
    char text[WU_INF_FIELD_SIZE];
    const bool has_ids = line->count > 2 && wu_inf_field(&reading->file, line, 1, text);
    const struct wu_guids *guids = has_ids ? guids_of_install(reading, text) : NULL;
    struct model model;

    if (!guids || guids->count == 0)
        return;

    for (size_t i = 2; i < line->count; i++)
        if (wu_inf_field(&reading->file, line, i, text) && parse_hardware_id(text, &model)) {
            model.guids = guids;
            model.order = reading->count;
            reading->models[reading->count++] = model;
        }
}

static void read_models(struct reading *reading, const struct wu_inf_section *section)
{
    struct note *note = note_of(reading, section);
    struct wu_inf_place place = { section, 0 };
    const struct wu_inf_line *line;

    if (note->models_read)
        return;

    note->models_read = true;
    while ((line = wu_inf_next_line(&reading->file, &place)) != NULL)
        read_model(reading, line);
}

/* --- Manufacturers -------------------------------------------------------------------------- */

/* %Maker% = Models, NTamd64, NTx86: of the sections Models.NTamd64 and so on, one is for us. */
static void read_manufacturer(struct reading *reading, const struct wu_inf_line *line)
{
    char models[WU_INF_FIELD_SIZE], target[WU_INF_FIELD_SIZE];
    const struct wu_inf_section *best;
    uint64_t best_fit = wu_inf_target_fit("");

    if (!wu_inf_field(&reading->file, line, 1, models))
        return;

    best = wu_inf_find(&reading->file, models);
    for (size_t i = 2; i < line->count; i++) {
        const struct wu_inf_section *section = wu_inf_field(&reading->file, line, i, target)
                                                   ? find_joined(reading, models, ".", target)
                                                   : NULL;
        const uint64_t fit = section ? wu_inf_target_fit(target) : 0;

        if (fit > 0 && (!best || fit > best_fit)) {
            best = section;
            best_fit = fit;
        }
    }
    if (best)
        read_models(reading, best);
}

static void read_manufacturers(struct reading *reading)
{
    struct wu_inf_place place = { wu_inf_find(&reading->file, "Manufacturer"), 0 };
    const struct wu_inf_line *line;

    while ((line = wu_inf_next_line(&reading->file, &place)) != NULL)
        read_manufacturer(reading, line);
}

/* A part of a file that names no manufacturer may have models anywhere. */
static void read_all(struct reading *reading)
{
    if (wu_inf_find(&reading->file, "Manufacturer"))
        read_manufacturers(reading);
    else
        for (size_t i = 0; i < reading->file.index_count; i++)
            read_models(reading, reading->file.index[i]);
}

/* --- Devices -------------------------------------------------------------------------------- */

static int compare_ids(const struct model *a, const struct model *b)
{
    if (a->vid != b->vid)
        return a->vid - b->vid;
    return a->pid != b->pid ? a->pid - b->pid : a->part - b->part;
}

static int compare_models(const void *a, const void *b)
{
    const struct model *first = a, *second = b;
    const int difference = compare_ids(first, second);

    return difference ? difference : first->order < second->order ? -1 : 1;
}

static size_t count_devices(const struct reading *reading)
{
    size_t count = 0;

    for (size_t i = 0; i < reading->count; i++)
        count += i == 0 || compare_ids(&reading->models[i - 1], &reading->models[i]) != 0;
    return count;
}

/* A device may be named by several sections, and by its releases. */
static void make_devices(struct reading *reading, struct wu_inf_devices *devices)
{
    qsort(reading->models, reading->count, sizeof(*reading->models), compare_models);
    devices->devices = calloc(count_devices(reading) + 1, sizeof(*devices->devices));
    if (!devices->devices) {
        fail(reading, ERROR_NOT_ENOUGH_MEMORY);
        return;
    }

    for (size_t i = 0; i < reading->count; i++) {
        const struct model *model = &reading->models[i];
        const bool is_new = i == 0 || compare_ids(model - 1, model) != 0;
        struct wu_inf_device *device = &devices->devices[devices->count - !is_new];

        devices->count += is_new;
        device->vid = model->vid;
        device->pid = model->pid;
        device->part = model->part;
        add_guids(reading, &device->guids, model->guids);
    }
}

/* --- All together --------------------------------------------------------------------------- */

static bool begin(struct reading *reading, const unsigned char *bytes, size_t size)
{
    size_t length;
    char *text = wu_inf_text(bytes, size, &length);

    if (!text || !wu_inf_file_read(text, length, &reading->file))
        return false;

    reading->notes = calloc(reading->file.section_count + 1, sizeof(*reading->notes));
    reading->models = calloc(reading->file.field_count + 1, sizeof(*reading->models));
    return reading->notes && reading->models;
}

static void end(struct reading *reading)
{
    for (size_t i = 0; reading->notes && i < reading->file.section_count; i++) {
        free(reading->notes[i].registry);
        free(reading->notes[i].hardware);
    }
    free(reading->notes);
    free(reading->models);
    wu_inf_file_free(&reading->file);
}

DWORD
wu_inf_read(const unsigned char *bytes, size_t size, struct wu_inf_devices *devices_out)
{
    struct reading reading = { .error = ERROR_SUCCESS };
    struct wu_inf_devices devices = { .count = 0 };

    if (begin(&reading, bytes, size)) {
        read_all(&reading);
        make_devices(&reading, &devices);
        devices.steps = reading.file.steps;
    } else {
        fail(&reading, ERROR_NOT_ENOUGH_MEMORY);
    }
    end(&reading);

    if (reading.error == ERROR_SUCCESS)
        *devices_out = devices;
    else
        wu_inf_devices_free(&devices);
    return reading.error;
}

void wu_inf_devices_free(struct wu_inf_devices *devices)
{
    free(devices->devices);
    *devices = (struct wu_inf_devices){ .count = 0 };
}
