/*
 * USB 2.0, as the SDK divides it; all of it is in usbspec.h.
 */
#ifndef __USB200_H__
#define __USB200_H__

#include <usb100.h>

#endif
