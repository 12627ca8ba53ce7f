/*
 * Names of functions: instance ids and interface paths. Pure.
 */
#ifndef WU_DEVICES_PATH_H
#define WU_DEVICES_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "devices/devices.h"

/**
 * Names functions by their device's serial number, in the characters that Windows allows there.
 *
 * @param instance  WU_INSTANCE_SIZE bytes, set on success
 * @return false when there is no serial number, or it has characters that do not fit
 */
bool wu_path_instance_from_serial(const char *serial, char *instance);

/** Names a function by the port where its device is, like Windows does: `5&1a2b3c4d&0&2`.
 *  @param instance  WU_INSTANCE_SIZE bytes */
void wu_path_instance_from_port(const struct wu_function *function, char *instance);

/** Compares texts without regard to case (of ASCII letters). */
bool wu_path_equal(const char *a, size_t length, const char *b);

/**
 * Reads `/dev/bus/usb/BBB/DDD`.
 *
 * @param bus_out      set on success
 * @param address_out  likewise
 */
bool wu_path_parse_node(const char *path, unsigned *bus_out, unsigned *address_out);

/**
 * Finds the name in an interface path: what stands behind `\\?\`, or behind `\\.\` or `\??\`, which
 * mean the same.
 *
 * @return part of @p path, from "usb#" in any case on; NULL when this is no interface path
 */
const char *wu_path_name(const char *path);

/** Tells whether a name, in any case, has these ids. */
bool wu_path_has_ids(const char *name, unsigned short vid, unsigned short pid);

/** Gives the length of a name without its last part, `#{guid}`, and the GUID; 0 when it has no such
 *  part. */
size_t wu_path_parse_interface(const char *name, GUID *guid_out);

#endif
