/*
 * USB 1.0, as the SDK divides it; all of it is in usbspec.h.
 */
#ifndef __USB100_H__
#define __USB100_H__

#include <usbspec.h>

#endif
