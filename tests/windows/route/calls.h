/*
 * A call of each function with a handle, for a macro: CALL(kind, name, arguments...). No two
 * arguments of a call are alike, and each has bits at both of its ends.
 */
#ifndef WU_TESTS_WINDOWS_ROUTE_CALLS_H
#define WU_TESTS_WINDOWS_ROUTE_CALLS_H

/* A pointer that nobody follows; on x64 both halves matter. */
#define POINTER(n) ((void *)(uintptr_t)(0x8123456700000001 + (n)*0x0100000000010000))
#define NUMBER(n) ((ULONG)(0x80000001 + (n)*0x00010100))
#define WORD_OF(n) ((USHORT)(0x8001 + (n)*0x0100))
#define BYTE_OF(n) ((UCHAR)(0x81 + (n)))
#define SETUP ((WINUSB_SETUP_PACKET){ 0x81, 0x92, 0xA3B4, 0xC5D6, 0xE7F8 })

/* clang-format off */

#define CALLS_OF_OLD(CALL)                                                                         \
    CALL(INTERFACE, WinUsb_AbortPipe, BYTE_OF(1))                                                  \
    CALL(INTERFACE, WinUsb_ControlTransfer, SETUP, POINTER(2), NUMBER(3), POINTER(4), POINTER(5))  \
    CALL(INTERFACE, WinUsb_FlushPipe, BYTE_OF(1))                                                  \
    CALL(INTERFACE, WinUsb_GetCurrentAlternateSetting, POINTER(1))                                 \
    CALL(INTERFACE, WinUsb_GetDescriptor, BYTE_OF(1), BYTE_OF(2), WORD_OF(3), POINTER(4),          \
         NUMBER(5), POINTER(6))                                                                    \
    CALL(INTERFACE, WinUsb_GetOverlappedResult, POINTER(1), POINTER(2), (BOOL)NUMBER(3))           \
    CALL(INTERFACE, WinUsb_GetPipePolicy, BYTE_OF(1), NUMBER(2), POINTER(3), POINTER(4))           \
    CALL(INTERFACE, WinUsb_GetPowerPolicy, NUMBER(1), POINTER(2), POINTER(3))                      \
    CALL(INTERFACE, WinUsb_QueryDeviceInformation, NUMBER(1), POINTER(2), POINTER(3))              \
    CALL(INTERFACE, WinUsb_QueryInterfaceSettings, BYTE_OF(1), POINTER(2))                         \
    CALL(INTERFACE, WinUsb_QueryPipe, BYTE_OF(1), BYTE_OF(2), POINTER(3))                          \
    CALL(INTERFACE, WinUsb_ReadPipe, BYTE_OF(1), POINTER(2), NUMBER(3), POINTER(4), POINTER(5))    \
    CALL(INTERFACE, WinUsb_ResetPipe, BYTE_OF(1))                                                  \
    CALL(INTERFACE, WinUsb_SetCurrentAlternateSetting, BYTE_OF(1))                                 \
    CALL(INTERFACE, WinUsb_SetPipePolicy, BYTE_OF(1), NUMBER(2), NUMBER(3), POINTER(4))            \
    CALL(INTERFACE, WinUsb_SetPowerPolicy, NUMBER(1), NUMBER(2), POINTER(3))                       \
    CALL(INTERFACE, WinUsb_WritePipe, BYTE_OF(1), POINTER(2), NUMBER(3), POINTER(4), POINTER(5))

#define CALLS_OF_8(CALL)                                                                           \
    CALL(INTERFACE, WinUsb_AbortPipeAsync, BYTE_OF(1), POINTER(2))                                 \
    CALL(INTERFACE, WinUsb_GetCurrentFrameNumber, POINTER(1), POINTER(2))                          \
    CALL(INTERFACE, WinUsb_QueryPipeEx, BYTE_OF(1), BYTE_OF(2), POINTER(3))                        \
    CALL(INTERFACE, WinUsb_ResetPipeAsync, BYTE_OF(1), POINTER(2))                                 \
    CALL(INTERFACE, WinUsb_SetCurrentAlternateSettingAsync, BYTE_OF(1), POINTER(2))

#define CALLS_OF_BUFFERS(CALL)                                                                     \
    CALL(BUFFER, WinUsb_ReadIsochPipe, NUMBER(1), NUMBER(2), POINTER(3), NUMBER(4), POINTER(5),    \
         POINTER(6))                                                                               \
    CALL(BUFFER, WinUsb_ReadIsochPipeAsap, NUMBER(1), NUMBER(2), (BOOL)NUMBER(3), NUMBER(4),       \
         POINTER(5), POINTER(6))                                                                   \
    CALL(BUFFER, WinUsb_WriteIsochPipe, NUMBER(1), NUMBER(2), POINTER(3), POINTER(4))              \
    CALL(BUFFER, WinUsb_WriteIsochPipeAsap, NUMBER(1), NUMBER(2), (BOOL)NUMBER(3), POINTER(4))

#define CALLS_OF_10(CALL)                                                                          \
    CALL(INTERFACE, WinUsb_GetCurrentFrameNumberAndQpc, POINTER(1))                                \
    CALL(INTERFACE, WinUsb_StartTrackingForTimeSync, POINTER(1))                                   \
    CALL(INTERFACE, WinUsb_StopTrackingForTimeSync, POINTER(1))

/* clang-format on */

#endif
