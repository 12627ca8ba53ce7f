/*
 * What the registry says of a USB function, as values: pure, without the registry.
 */
#ifndef WU_WINE_RECORD_H
#define WU_WINE_RECORD_H

#include "devices/devices.h"
#include "wine/links.h"

enum { WU_RECORD_MAX = 32, WU_RECORD_TEXT_SIZE = WU_GUIDS_MAX * WU_GUID_TEXT_SIZE + 2 };

enum wu_record_type { WU_RECORD_TEXT, WU_RECORD_TEXTS, WU_RECORD_NUMBER };

/* A value below the key of the device. */
struct wu_record_value {
    const char *key;  /* a subkey, or "" */
    const char *name; /* "": the default value */
    enum wu_record_type type;
    bool property; /* its type is DEVPROP_TYPE_..., as Wine keeps device properties */
    char text[WU_RECORD_TEXT_SIZE]; /* UTF-8; of TEXTS each ends with a NUL, the last with two */
    DWORD number;
};

struct wu_record {
    struct wu_record_value values[WU_RECORD_MAX];
    size_t count;
};

/** Composes all values of a function that is found under these GUIDs. */
void wu_record_make(const struct wu_function *function,
                    const struct wu_guids *guids,
                    struct wu_record *record_out);

/** Writes the device's instance id, `USB\VID_1234&PID_5678\instance`, from its name in links.h. */
void wu_record_instance(const char *name, char instance[WU_LINK_SIZE]);

/** Writes the name of an interface's key: `##?#USB#VID_1234&PID_5678#instance#{guid}`. */
void wu_record_interface(const char *name, char key[WU_LINK_SIZE + 4]);

#endif
