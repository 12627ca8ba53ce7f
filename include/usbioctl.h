/*
 * IOCTLs of the USB stack, as far as WinUSB has to do with them: time synchronization.
 */
#ifndef __USBIOCTL_H__
#define __USBIOCTL_H__

#include <windows.h>
#include <usb200.h>
#include <usbiodef.h>
#include <usbtimesync.h>

#define IOCTL_USB_START_TRACKING_FOR_TIME_SYNC USB_CTL(USB_START_TRACKING_FOR_TIME_SYNC)
#define IOCTL_USB_GET_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC \
    USB_CTL(USB_GET_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC)
#define IOCTL_USB_STOP_TRACKING_FOR_TIME_SYNC USB_CTL(USB_STOP_TRACKING_FOR_TIME_SYNC)

#endif
