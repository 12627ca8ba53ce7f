/*
 * Our files in a Wine prefix. Each has its place; what another had there is put aside, and back
 * when ours goes.
 */
#ifndef WU_WINE_INSTALL_H
#define WU_WINE_INSTALL_H

#include <limits.h>
#include <stdbool.h>

enum wu_place {
    WU_PLACE_SYSTEM32, /* winusb.dll */
    WU_PLACE_SYSWOW64, /* winusb.dll for the 32-bit programs of a 64-bit prefix */
    WU_PLACE_UNIX_64,  /* winusb-64.so */
    WU_PLACE_UNIX_32,  /* winusb-32.so */
    WU_PLACES,
};

/* What is at a place. */
enum wu_there {
    WU_THERE_NOTHING,
    WU_THERE_STUB,    /* Wine's own */
    WU_THERE_LINK,    /* a symbolic link, as Proton makes them to Wine's own */
    WU_THERE_OTHER,   /* somebody else's: Microsoft's */
    WU_THERE_CURRENT, /* ours */
    WU_THERE_OLD,     /* ours, but not what would be installed */
};

/** Gives the path of a place, from the prefix on. */
const char *wu_place_path(enum wu_place place);

/** Tells whether a prefix has the folder that a place is in; our own is made. */
bool wu_place_exists(const char *prefix, enum wu_place place);

/** Tells what is at a place. @param source  the file of ours; NULL or empty: any is current */
enum wu_there wu_there(const char *prefix, enum wu_place place, const char *source);

/** Tells whether what is there is ours. */
bool wu_there_is_ours(enum wu_there there);

/** Tells whether the winusb.dll at a place is an ELF file, as that of an earlier winusb. */
bool wu_there_is_elf(const char *prefix, enum wu_place place);

/** Reads the version of the winusb.dll of ours at a place; it becomes empty when there is none. */
void wu_there_version(const char *prefix, enum wu_place place, char version[32]);

/* What is to be at each place: a file of ours; empty: none of ours. */
struct wu_plan {
    char source[WU_PLACES][PATH_MAX];
};

/* A change that is not finished. */
struct wu_install {
    const char *prefix;
    int lock;
    bool is_first; /* there was nothing in our folder before */
    enum wu_there before[WU_PLACES];
    int done[WU_PLACES];
    enum wu_place failed; /* WU_PLACES: no single one */
};

/**
 * Does what a plan says: all of it, or nothing. Takes the prefix's lock until it is kept or undone.
 *
 * @return false with errno, and then there is nothing to be kept or undone; EWOULDBLOCK: somebody
 *         else has the lock; ENOEXEC: the source of a DLL is none of ours
 */
bool wu_install_begin(const char *prefix, const struct wu_plan *plan, struct wu_install *install);

/** Ends it well. */
void wu_install_keep(struct wu_install *install);

/** Makes the prefix what it was before wu_install_begin(). Leaves errno alone. */
void wu_install_undo(struct wu_install *install);

/** Removes our folder with all that is in it. @return false with errno */
bool wu_prefix_remove_folder(const char *prefix);

#endif
