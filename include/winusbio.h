/*
 * Policies, information types and pipe information of WinUSB.
 */
#ifndef __WINUSBIO_H
#define __WINUSBIO_H

#include <windows.h>
#include <usb.h>

/* --- Pipe policies: WinUsb_SetPipePolicy ---------------------------------------------------- */

#define SHORT_PACKET_TERMINATE \
    0x01                      /* UCHAR; OUT: end with a short packet, if need be an empty one */
#define AUTO_CLEAR_STALL 0x02 /* UCHAR; IN: reset the pipe when a read fails */
#define PIPE_TRANSFER_TIMEOUT 0x03 /* ULONG [ms]; 0: never; at first 5000 on pipe 0, else 0 */
#define IGNORE_SHORT_PACKETS 0x04  /* UCHAR; IN: a short packet does not end a read */
#define ALLOW_PARTIAL_READS 0x05   /* UCHAR; IN: a read may ask for less than comes; at first on */
#define AUTO_FLUSH 0x06            /* UCHAR; IN: drop what a read did not ask for */
#define RAW_IO 0x07                /* UCHAR; IN: straight to the bus, whole packets only */
#define MAXIMUM_TRANSFER_SIZE 0x08 /* ULONG [bytes]; read-only */
#define RESET_PIPE_ON_RESUME 0x09  /* UCHAR; reset the pipe after the device has slept */

/* --- Power policies: WinUsb_SetPowerPolicy -------------------------------------------------- */

#define AUTO_SUSPEND 0x81  /* UCHAR */
#define SUSPEND_DELAY 0x83 /* ULONG [ms] */

/* --- WinUsb_QueryDeviceInformation ---------------------------------------------------------- */

#define DEVICE_SPEED 0x01

#define LowSpeed 0x01
#define FullSpeed 0x02
#define HighSpeed 0x03

/* --- Pipes ---------------------------------------------------------------------------------- */

typedef struct _WINUSB_PIPE_INFORMATION {
    USBD_PIPE_TYPE PipeType;
    UCHAR PipeId; /* bEndpointAddress */
    USHORT MaximumPacketSize;
    UCHAR Interval; /* bInterval */
} WINUSB_PIPE_INFORMATION, *PWINUSB_PIPE_INFORMATION;

typedef struct _WINUSB_PIPE_INFORMATION_EX {
    USBD_PIPE_TYPE PipeType;
    UCHAR PipeId; /* bEndpointAddress */
    USHORT MaximumPacketSize;
    UCHAR Interval;                /* bInterval */
    ULONG MaximumBytesPerInterval; /* [bytes] */
} WINUSB_PIPE_INFORMATION_EX, *PWINUSB_PIPE_INFORMATION_EX;

/* As in the SDK, this makes the GUIDs of headers that follow definitions. */
#include <initguid.h>
/* clang-format off */
DEFINE_GUID(WinUSB_TestGuid,
            0xda812bff, 0x12c3, 0x46a2, 0x8e, 0x2b, 0xdb, 0xd3, 0xb7, 0x83, 0x4c, 0x43);
/* clang-format on */

#endif
