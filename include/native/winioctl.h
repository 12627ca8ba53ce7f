/*
 * How IOCTL numbers are made. They are here for the sake of the headers; nothing answers them.
 */
#ifndef _WINIOCTL_
#define _WINIOCTL_

#include <windef.h>

#define FILE_DEVICE_UNKNOWN 0x00000022
#define METHOD_BUFFERED 0
#define FILE_ANY_ACCESS 0

#define CTL_CODE(type, function, method, access) \
    (((type) << 16) | ((access) << 14) | ((function) << 2) | (method))

#endif
