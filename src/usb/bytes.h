/* USB is little endian, and its fields lie at any address. */
#ifndef WU_USB_BYTES_H
#define WU_USB_BYTES_H

#include <stdint.h>

static inline uint16_t wu_get16(const unsigned char *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t wu_get32(const unsigned char *bytes)
{
    return wu_get16(bytes) | (uint32_t)wu_get16(bytes + 2) << 16;
}

#endif
