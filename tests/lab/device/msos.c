/*
 * Microsoft's OS descriptors of the lab's device, versions 1.0 and 2.0: both name WinUSB and the
 * interface GUIDs.
 */
#include "descriptors.h"

#include <string.h>

enum { SET_HEADER, CONFIGURATION_SUBSET, FUNCTION_SUBSET, COMPATIBLE_ID, REGISTRY_PROPERTY };
enum { MULTI_SZ = 7, WINDOWS_8_1_HIGH = 0x0603 };

static const char property_name[] = "DeviceInterfaceGUIDs";

/* Sizes in UTF-16, with terminators; a list has one more. */
static size_t name_size(void)
{
    return 2 * sizeof(property_name);
}

static size_t guids_size(const char *guid)
{
    return 2 * (strlen(guid) + 2);
}

static void put_name(struct blob *blob)
{
    blob_put16(blob, (unsigned)name_size());
    blob_put_utf16(blob, property_name);
    blob_put16(blob, 0);
}

static void put_guid(struct blob *blob, const char *guid)
{
    blob_put_utf16(blob, guid);
    blob_put32(blob, 0);
}

static void put_compatible_id(struct blob *blob)
{
    blob_put(blob, "WINUSB\0\0\0\0\0\0\0\0\0", 16);
}

/* --- Version 1.0 ----------------------------------------------------------------------------- */

static void put_function_section(struct blob *blob, unsigned first_interface)
{
    blob_put8(blob, first_interface);
    blob_put8(blob, 1);
    put_compatible_id(blob);
    blob_put(blob, (const uint8_t[6]){ 0 }, 6);
}

static void build_compatible(struct blob *blob, bool composite)
{
    blob_put32(blob, composite ? 64 : 40);
    blob_put16(blob, 0x0100);
    blob_put16(blob, 4);
    blob_put(blob, (const uint8_t[8]){ composite ? 2 : 1 }, 8);
    put_function_section(blob, 0);
    if (composite)
        put_function_section(blob, 2);
}

static void build_properties(struct blob *blob, const char *guid)
{
    const size_t property = 14 + name_size() + guids_size(guid);

    blob_put32(blob, (uint32_t)(10 + property));
    blob_put16(blob, 0x0100);
    blob_put16(blob, 5);
    blob_put16(blob, 1);
    blob_put32(blob, (uint32_t)property);
    blob_put32(blob, MULTI_SZ);
    put_name(blob);
    blob_put32(blob, (uint32_t)guids_size(guid));
    put_guid(blob, guid);
}

/* --- Version 2.0 ----------------------------------------------------------------------------- */

static void put_features(struct blob *blob, const char *guid)
{
    blob_put16(blob, 20);
    blob_put16(blob, COMPATIBLE_ID);
    put_compatible_id(blob);
    blob_put16(blob, (unsigned)(10 + name_size() + guids_size(guid)));
    blob_put16(blob, REGISTRY_PROPERTY);
    blob_put16(blob, MULTI_SZ);
    put_name(blob);
    blob_put16(blob, (unsigned)guids_size(guid));
    put_guid(blob, guid);
}

static void put_function(struct blob *blob, unsigned first_interface, const char *guid)
{
    const size_t start = blob->size;

    blob_put16(blob, 8);
    blob_put16(blob, FUNCTION_SUBSET);
    blob_put8(blob, first_interface);
    blob_put8(blob, 0);
    blob_put16(blob, 0);
    put_features(blob, guid);
    blob_set16(blob, start + 6, blob->size - start);
}

static void put_functions(struct blob *blob)
{
    const size_t start = blob->size;

    blob_put16(blob, 8);
    blob_put16(blob, CONFIGURATION_SUBSET);
    blob_put16(blob, 0); /* index of the configuration */
    blob_put16(blob, 0);
    put_function(blob, 0, LABDEV_GUID_A);
    put_function(blob, 2, LABDEV_GUID_B);
    blob_set16(blob, start + 6, blob->size - start);
}

static void build_set(struct blob *blob, bool composite, const char *guid)
{
    blob_put16(blob, 10);
    blob_put16(blob, SET_HEADER);
    blob_put32(blob, (uint32_t)WINDOWS_8_1_HIGH << 16);
    blob_put16(blob, 0);
    if (composite)
        put_functions(blob);
    else
        put_features(blob, guid);
    blob_set16(blob, 8, blob->size);
}

static void build_bos(struct blob *blob, size_t set_size)
{
    static const uint8_t platform[] = { 0xDF, 0x60, 0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C,
                                        0x9C, 0xD2, 0x65, 0x9D, 0x9E, 0x64, 0x8A, 0x9F };

    blob_put(blob, (const uint8_t[]){ 5, 15, 33, 0, 1 }, 5);
    blob_put(blob, (const uint8_t[]){ 28, 16, 5, 0 }, 4);
    blob_put(blob, platform, sizeof(platform));
    blob_put32(blob, (uint32_t)WINDOWS_8_1_HIGH << 16);
    blob_put16(blob, (unsigned)set_size);
    blob_put8(blob, LABDEV_MSOS);
    blob_put8(blob, 0);
}

void msos_build(struct descriptors *descriptors, const struct labdev_replug *identity)
{
    const bool composite =
        identity->personality == LABDEV_COMPOSITE || identity->personality == LABDEV_CONFIGURATIONS;

    const bool android =
        identity->personality == LABDEV_FASTBOOT || identity->personality == LABDEV_ADB;
    const char *guid = composite ? LABDEV_GUID_A : android ? LABDEV_GUID_ANDROID : LABDEV_GUID;

    build_compatible(&descriptors->msos1_compatible, composite);
    build_properties(&descriptors->msos1_properties[0], guid);
    if (composite)
        build_properties(&descriptors->msos1_properties[2], LABDEV_GUID_B);
    build_set(&descriptors->msos2, composite, guid);
    build_bos(&descriptors->bos, descriptors->msos2.size);
}
