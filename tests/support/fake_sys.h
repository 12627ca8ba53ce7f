/*
 * A /sys in a temporary folder, for tests of what reads it.
 *
 * Paths are relative to that /sys. Every function fails the running test when it cannot do its
 * work.
 */
#ifndef WU_TESTS_FAKE_SYS_H
#define WU_TESTS_FAKE_SYS_H

#include <stddef.h>

#include "frame/controller.h"

/* Of a test: an empty tree before it, none after it. */
int fake_sys_set_up(void **state);
int fake_sys_tear_down(void **state);

/** Writes a file, anew or over the beginning of what is there, and makes the folders it is in. */
void fake_sys_write(const char *path, const void *bytes, size_t size);
void fake_sys_write_text(const char *path, const char *text);

void fake_sys_remove(const char *path);
void fake_sys_truncate(const char *path);     /* to nothing */
void fake_sys_make_private(const char *path); /* only root may open it */

/** Puts a controller into the tree: a PCI function with its class, active, and one root hub. */
void fake_sys_add_pci(unsigned bus, const char *id, const char *class_code);

/** Puts a bus into the tree, whose controller is a folder there: "devices/platform/vhci_hcd.0". */
void fake_sys_add_root_hub(unsigned bus, const char *folder);

/** Gives such a controller without the search for it. */
struct wu_controller fake_sys_controller(enum wu_controller_kind kind, const char *id);

/** Writes BAR 0: a page of registers, and the line that says where it is on the bus.
 *  @param start  [bytes] offset of the first register in its page */
void fake_sys_add_registers(const char *id, size_t start, const void *bytes, size_t size);

/** Goes on as an unprivileged user, where the test runs as root; and back. */
void fake_sys_drop_root(void);
void fake_sys_regain_root(void);

#endif
