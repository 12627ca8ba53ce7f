/*
 * Windows' tree of devices for tests, and what the kernel says of a HANDLE, described by the test.
 */
#ifndef WU_TESTS_DEVNODE_FAKE_H
#define WU_TESTS_DEVNODE_FAKE_H

#include <stdbool.h>
#include <windows.h>

#include "windows/devnode.h"

struct fake_devnode {
    const char *texts[WU_DEVNODE_LOCATION_PATHS + 1]; /* by enum wu_devnode_text; NULL: none */
    unsigned address;                                 /* 0: none */
    uint32_t parent;                                  /* 0: none */
    unsigned ordinal;                                 /* of a host controller; 0: it is none */
    bool gone;
};

extern struct fake_devnode fake_devnodes[16];
extern DWORD fake_devnode_error; /* of wu_devnode_list_get() */
extern int fake_devnode_lists;   /* not freed yet */

/* What wu_identity_get() gives of each handle. */
extern DWORD fake_identity_error;
extern const char *fake_identity_name;
extern bool fake_identity_overlapped;

extern bool fake_usbdk; /* what wu_usbdk_is_wanted() tells */

/** Cuts all down. Every handle is overlapped then, and has no name. */
void fake_devnode_reset(void);

/** Adds a node below another.
 *  @param parent  0: below none
 *  @return its number, [1..] */
uint32_t fake_devnode_add(uint32_t parent, const char *instance, unsigned port);

/** Gives a node its object and its driver. */
void fake_devnode_drive(uint32_t node, const char *object, const char *driver);

#endif
