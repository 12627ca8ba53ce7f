/*
 * The structures of USB time synchronization; included by winusb.h and usbioctl.h.
 *
 * Packed to bytes, as in current SDKs. Some older ones had the natural layout, which differs in
 * 64-bit programs in nothing but padding at the end, which is never written.
 */
#ifndef __USB_TIME_SYNC_DEFINED
#define __USB_TIME_SYNC_DEFINED

#include <windows.h>

#pragma pack(push, 1)

/* WinUsb_StartTrackingForTimeSync */
typedef struct _USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION {
    HANDLE TimeTrackingHandle;       /* in: any; out: the tracking handle, never NULL */
    BOOLEAN IsStartupDelayTolerable; /* in: whether a start without an answer is one */
} USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION, *PUSB_START_TRACKING_FOR_TIME_SYNC_INFORMATION;

/* WinUsb_StopTrackingForTimeSync */
typedef struct _USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION {
    HANDLE TimeTrackingHandle; /* in */
} USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION, *PUSB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION;

/* WinUsb_GetCurrentFrameNumberAndQpc; counter values in ticks of QueryPerformanceCounter */
typedef struct _USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION {
    HANDLE TimeTrackingHandle;   /* in */
    ULONG InputFrameNumber;      /* in: [frames] as CurrentUSBFrameNumber; both 0: not asked */
    ULONG InputMicroFrameNumber; /* in: [0..7] */

    /* out: [ticks] when that microframe begins or began; 0 when none was asked for */
    LARGE_INTEGER QueryPerformanceCounterAtInputFrameOrMicroFrame;
    LARGE_INTEGER QueryPerformanceCounterFrequency; /* out: [ticks/s] */
    ULONG PredictedAccuracyInMicroSeconds;        /* out: [us] both counter values are this true */
    ULONG CurrentGenerationID;                    /* out: from 1; never mix values of several */
    LARGE_INTEGER CurrentQueryPerformanceCounter; /* out: [ticks] when the microframe below began */
    ULONG CurrentHardwareFrameNumber;             /* out: [0..2047] as in SOF packets on the bus */
    ULONG CurrentHardwareMicroFrameNumber;        /* out: [0..7] */
    ULONG CurrentUSBFrameNumber;                  /* out: [frames] 32 bits, the low 11 as above */
} USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION,
    *PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION;

#pragma pack(pop)

#endif
