/*
 * The personalities: device, configuration and string descriptors.
 *
 * standard        0: bulk 81 01 (source, sink), bulk 82 02 (loopback), interrupt 83 03
 *                 1: alt 0 none; 1 isochronous 84 04; 2 the same, high bandwidth; 3 bulk 85 05
 *                    (loopback); 4 isochronous 84 04, every ms (full speed: every 4 ms)
 * composite       function A: 0 bulk 81 01; 1 alt 0 none, alt 1 interrupt 83
 *                 function B: 2 bulk 82 02; 3 alt 0 bulk 85 05, alt 1 isochronous 84
 * configurations  composite, and a second configuration: 0 bulk 81 01
 * broken          0: bulk 81 01, 1: bulk 82 02, and one fault
 * fastboot, adb   0: bulk 81 01, of the subclass and protocol by which its programs know it
 */
#include "descriptors.h"

#include <string.h>

enum { DEVICE = 1, CONFIGURATION = 2, STRING = 3, INTERFACE = 4, ENDPOINT = 5, ASSOCIATION = 11 };
enum { ISOCHRONOUS = 1, BULK = 2, INTERRUPT = 3 };
enum { TOTAL_LENGTH = 2 }; /* where it is in a configuration */

/* --- Bytes ----------------------------------------------------------------------------------- */

void blob_put(struct blob *blob, const void *bytes, size_t size)
{
    memcpy(blob->bytes + blob->size, bytes, size);
    blob->size += size;
}

void blob_put8(struct blob *blob, unsigned value)
{
    blob->bytes[blob->size++] = (uint8_t)value;
}

void blob_put16(struct blob *blob, unsigned value)
{
    blob_put8(blob, value & 0xFF);
    blob_put8(blob, value >> 8);
}

void blob_put32(struct blob *blob, uint32_t value)
{
    blob_put16(blob, value & 0xFFFF);
    blob_put16(blob, value >> 16);
}

void blob_put_utf16(struct blob *blob, const char *ascii)
{
    while (*ascii)
        blob_put16(blob, (unsigned char)*ascii++);
}

void blob_set16(struct blob *blob, size_t position, size_t value)
{
    blob->bytes[position] = (uint8_t)value;
    blob->bytes[position + 1] = (uint8_t)(value >> 8);
}

/* --- Parts of a configuration ---------------------------------------------------------------- */

static void put_configuration(struct blob *blob, unsigned value, unsigned interfaces)
{
    const uint8_t bytes[] = { 9, CONFIGURATION, 0, 0, (uint8_t)interfaces, (uint8_t)value,
                              0, 0x80,          50 };

    blob_put(blob, bytes, sizeof(bytes));
}

static void
put_interface(struct blob *blob, unsigned number, unsigned alternate, unsigned endpoints)
{
    const uint8_t bytes[] = {
        9, INTERFACE, (uint8_t)number, (uint8_t)alternate, (uint8_t)endpoints, 0xFF, 0, 0, 0
    };

    blob_put(blob, bytes, sizeof(bytes));
}

static void put_android_interface(struct blob *blob, unsigned protocol)
{
    const uint8_t bytes[] = { 9, INTERFACE, 0, 0, 2, 0xFF, 0x42, (uint8_t)protocol, 0 };

    blob_put(blob, bytes, sizeof(bytes));
}

static void
put_endpoint(struct blob *blob, unsigned address, unsigned type, unsigned size, unsigned interval)
{
    blob_put8(blob, 7);
    blob_put8(blob, ENDPOINT);
    blob_put8(blob, address);
    blob_put8(blob, type);
    blob_put16(blob, size);
    blob_put8(blob, interval);
}

static void put_bulk_pair(struct blob *blob, unsigned number, bool high)
{
    put_endpoint(blob, 0x80 | number, BULK, high ? 512 : 64, 0);
    put_endpoint(blob, number, BULK, high ? 512 : 64, 0);
}

/* Polled every 4 ms. */
static void put_interrupt(struct blob *blob, unsigned address, bool high)
{
    put_endpoint(blob, address, INTERRUPT, 64, high ? 6 : 4);
}

static void put_isochronous_pair(struct blob *blob,
                                 unsigned number,
                                 unsigned size_in,
                                 unsigned size_out,
                                 unsigned interval)
{
    put_endpoint(blob, 0x80 | number, ISOCHRONOUS, size_in, interval);
    put_endpoint(blob, number, ISOCHRONOUS, size_out, interval);
}

static void put_association(struct blob *blob, unsigned first, unsigned count)
{
    const uint8_t bytes[] = { 8, ASSOCIATION, (uint8_t)first, (uint8_t)count, 0xFF, 0, 0, 0 };

    blob_put(blob, bytes, sizeof(bytes));
}

static void finish(struct blob *blob)
{
    blob_set16(blob, TOTAL_LENGTH, blob->size);
}

/* --- Configurations -------------------------------------------------------------------------- */

static void build_standard(struct blob *blob, bool high)
{
    put_configuration(blob, 1, 2);
    put_interface(blob, 0, 0, 6);
    put_bulk_pair(blob, 1, high);
    put_bulk_pair(blob, 2, high);
    put_interrupt(blob, 0x83, high);
    put_interrupt(blob, 0x03, high);
    put_interface(blob, 1, 0, 0);
    put_interface(blob, 1, 1, 2);
    put_isochronous_pair(blob, 4, high ? 1024 : 256, high ? 1024 : 256, 1);
    put_interface(blob, 1, 2, 2);
    put_isochronous_pair(blob, 4, high ? 0x1400 : 512, 512, 1); /* 3 x 1024 */
    put_interface(blob, 1, 3, 2);
    put_bulk_pair(blob, 5, high);
    put_interface(blob, 1, 4, 2);
    put_isochronous_pair(blob, 4, 64, 64, high ? 4 : 3);
    finish(blob);
}

static void build_android(struct blob *blob, unsigned protocol, bool high)
{
    put_configuration(blob, 1, 1);
    put_android_interface(blob, protocol);
    put_bulk_pair(blob, 1, high);
    finish(blob);
}

static void build_composite(struct blob *blob, bool high)
{
    put_configuration(blob, 1, 4);
    put_association(blob, 0, 2);
    put_interface(blob, 0, 0, 2);
    put_bulk_pair(blob, 1, high);
    put_interface(blob, 1, 0, 0);
    put_interface(blob, 1, 1, 1);
    put_interrupt(blob, 0x83, high);
    put_association(blob, 2, 2);
    put_interface(blob, 2, 0, 2);
    put_bulk_pair(blob, 2, high);
    put_interface(blob, 3, 0, 2);
    put_bulk_pair(blob, 5, high);
    put_interface(blob, 3, 1, 1);
    put_endpoint(blob, 0x84, ISOCHRONOUS, 256, 1);
    finish(blob);
}

static void build_second(struct blob *blob, bool high)
{
    put_configuration(blob, 2, 1);
    put_interface(blob, 0, 0, 2);
    put_bulk_pair(blob, 1, high);
    finish(blob);
}

/* The faults that are additions; where @p fault is another one this is all right. */
static void put_broken_interfaces(struct blob *blob, enum labdev_fault fault, bool high)
{
    const unsigned extra = fault == LABDEV_MISSING_ENDPOINT || fault == LABDEV_SHORT_ENDPOINT ||
                           fault == LABDEV_DUPLICATE_ENDPOINT;

    if (fault == LABDEV_WRONG_ASSOCIATION)
        put_association(blob, 5, 3);
    put_interface(blob, 0, 0, 2 + extra);
    put_bulk_pair(blob, 1, high);
    if (fault == LABDEV_SHORT_ENDPOINT)
        blob_put(blob, (const uint8_t[]){ 5, ENDPOINT, 0x83, INTERRUPT, 64 }, 5);
    if (fault == LABDEV_DUPLICATE_ENDPOINT)
        put_endpoint(blob, 0x81, BULK, high ? 512 : 64, 0);
    if (fault == LABDEV_ZERO_LENGTH)
        blob_put16(blob, 0);
    put_interface(blob, fault == LABDEV_MISSING_INTERFACE ? 2 : 1, 0, 2);
    put_bulk_pair(blob, 2, high);
}

static void build_broken(struct blob *blob, enum labdev_fault fault, bool high)
{
    put_configuration(blob, 1, fault == LABDEV_MISSING_INTERFACE ? 3 : 2);
    put_broken_interfaces(blob, fault, high);
    finish(blob);
    if (fault == LABDEV_TOTAL_BEYOND)
        blob_set16(blob, TOTAL_LENGTH, blob->size + 100);
    if (fault == LABDEV_TOTAL_SHORT)
        blob_set16(blob, TOTAL_LENGTH, blob->size -= 3);
    if (fault == LABDEV_OVERLONG)
        blob->bytes[blob->size - 7] = 9;
}

/* --- The whole ------------------------------------------------------------------------------- */

static void put_version_and_class(struct blob *blob, bool composite)
{
    blob_put16(blob, 0x0210);                 /* there is a BOS */
    blob_put8(blob, composite ? 0xEF : 0xFF); /* with 0, Windows would call it composite */
    blob_put8(blob, composite ? 2 : 0);
    blob_put8(blob, composite ? 1 : 0);
    blob_put8(blob, 64);
}

static void build_device(struct descriptors *all, unsigned personality, bool composite)
{
    struct blob *blob = &all->device;

    blob_put8(blob, 18);
    blob_put8(blob, DEVICE);
    put_version_and_class(blob, composite);
    blob_put16(blob, LABDEV_VENDOR);
    blob_put16(blob, LABDEV_PRODUCT_ID + personality);
    blob_put16(blob, 0x0100);
    blob_put8(blob, 1);
    blob_put8(blob, 2);
    blob_put8(blob, 3);
    blob_put8(blob, (unsigned)all->configuration_count);
}

static void build_qualifier(struct descriptors *all, bool composite)
{
    struct blob *blob = &all->qualifier;

    blob_put8(blob, 10);
    blob_put8(blob, 6);
    put_version_and_class(blob, composite);
    blob_put8(blob, 1);
    blob_put8(blob, 0);
}

void descriptors_build(struct descriptors *descriptors, const struct labdev_replug *identity)
{
    const bool high = identity->speed == LABDEV_HIGH_SPEED;
    const bool composite =
        identity->personality == LABDEV_COMPOSITE || identity->personality == LABDEV_CONFIGURATIONS;
    struct blob *first = &descriptors->configurations[0];

    memset(descriptors, 0, sizeof(*descriptors));
    descriptors->configuration_count = identity->personality == LABDEV_CONFIGURATIONS ? 2 : 1;
    if (composite)
        build_composite(first, high);
    else if (identity->personality == LABDEV_BROKEN)
        build_broken(first, identity->variant, high);
    else if (identity->personality == LABDEV_FASTBOOT)
        build_android(first, 3, high);
    else if (identity->personality == LABDEV_ADB)
        build_android(first, 1, high);
    else
        build_standard(first, high);
    if (descriptors->configuration_count == 2)
        build_second(&descriptors->configurations[1], high);
    build_device(descriptors, identity->personality, composite);
    if (high)
        build_qualifier(descriptors, composite);
    msos_build(descriptors, identity);
}

bool descriptors_string(uint8_t index, struct blob *string_out)
{
    static const char *const texts[] = { "", "OpenWinUSB", LABDEV_PRODUCT, LABDEV_SERIAL };

    memset(string_out, 0, sizeof(*string_out));
    blob_put16(string_out, STRING << 8);
    if (index == 0)
        blob_put16(string_out, 0x0409);
    else if (index < sizeof(texts) / sizeof(texts[0]))
        blob_put_utf16(string_out, texts[index]);
    else if (index == 0xEE)
        blob_put_utf16(string_out, "MSFT100");
    else
        return false;
    if (index == 0xEE)
        blob_put16(string_out, LABDEV_MSOS);
    string_out->bytes[0] = (uint8_t)string_out->size;
    return true;
}
