/*
 * The 37 functions of winusb.dll, as lists to be made into other things by a macro:
 *
 *     FUNCTION(result, name, (parameters), arguments...)
 *
 * The first parameter of the first three lists is the handle that the function is about; the
 * arguments are the other ones. The lists differ in what becomes of a call for the system's DLL.
 */
#ifndef WU_WINDOWS_FUNCTIONS_H
#define WU_WINDOWS_FUNCTIONS_H

#include <windows.h>

#include "winusb.h"

/* clang-format off */

/* Of an interface: handed on, its handle exchanged for the system's. */
#define WU_INTERFACE_FUNCTIONS(FUNCTION)                                                          \
    FUNCTION(BOOL, WinUsb_AbortPipe, (HANDLE handle, UCHAR pipe), pipe)                           \
    FUNCTION(BOOL, WinUsb_ControlTransfer,                                                        \
             (HANDLE handle, WINUSB_SETUP_PACKET setup, PUCHAR buffer, ULONG length,              \
              PULONG transferred, LPOVERLAPPED overlapped),                                       \
             setup, buffer, length, transferred, overlapped)                                      \
    FUNCTION(BOOL, WinUsb_FlushPipe, (HANDLE handle, UCHAR pipe), pipe)                           \
    FUNCTION(BOOL, WinUsb_GetCurrentAlternateSetting, (HANDLE handle, PUCHAR setting), setting)   \
    FUNCTION(BOOL, WinUsb_GetCurrentFrameNumber,                                                  \
             (HANDLE handle, PULONG frame, LARGE_INTEGER *time), frame, time)                     \
    FUNCTION(BOOL, WinUsb_GetDescriptor,                                                          \
             (HANDLE handle, UCHAR type, UCHAR index, USHORT language, PUCHAR buffer,             \
              ULONG length, PULONG transferred),                                                  \
             type, index, language, buffer, length, transferred)                                  \
    FUNCTION(BOOL, WinUsb_GetOverlappedResult,                                                    \
             (HANDLE handle, LPOVERLAPPED overlapped, LPDWORD transferred, BOOL wait),            \
             overlapped, transferred, wait)                                                       \
    FUNCTION(BOOL, WinUsb_GetPipePolicy,                                                          \
             (HANDLE handle, UCHAR pipe, ULONG policy, PULONG length, PVOID value),               \
             pipe, policy, length, value)                                                         \
    FUNCTION(BOOL, WinUsb_GetPowerPolicy,                                                         \
             (HANDLE handle, ULONG policy, PULONG length, PVOID value), policy, length, value)    \
    FUNCTION(BOOL, WinUsb_QueryDeviceInformation,                                                 \
             (HANDLE handle, ULONG type, PULONG length, PVOID buffer), type, length, buffer)      \
    FUNCTION(BOOL, WinUsb_QueryInterfaceSettings,                                                 \
             (HANDLE handle, UCHAR index, PUSB_INTERFACE_DESCRIPTOR setting), index, setting)     \
    FUNCTION(BOOL, WinUsb_QueryPipe,                                                              \
             (HANDLE handle, UCHAR setting, UCHAR index, PWINUSB_PIPE_INFORMATION information),   \
             setting, index, information)                                                         \
    FUNCTION(BOOL, WinUsb_ReadPipe,                                                               \
             (HANDLE handle, UCHAR pipe, PUCHAR buffer, ULONG length, PULONG transferred,         \
              LPOVERLAPPED overlapped),                                                           \
             pipe, buffer, length, transferred, overlapped)                                       \
    FUNCTION(BOOL, WinUsb_ResetPipe, (HANDLE handle, UCHAR pipe), pipe)                           \
    FUNCTION(BOOL, WinUsb_SetCurrentAlternateSetting, (HANDLE handle, UCHAR setting), setting)    \
    FUNCTION(BOOL, WinUsb_SetPipePolicy,                                                          \
             (HANDLE handle, UCHAR pipe, ULONG policy, ULONG length, PVOID value),                \
             pipe, policy, length, value)                                                         \
    FUNCTION(BOOL, WinUsb_SetPowerPolicy,                                                         \
             (HANDLE handle, ULONG policy, ULONG length, PVOID value), policy, length, value)     \
    FUNCTION(BOOL, WinUsb_WritePipe,                                                              \
             (HANDLE handle, UCHAR pipe, PUCHAR buffer, ULONG length, PULONG transferred,         \
              LPOVERLAPPED overlapped),                                                           \
             pipe, buffer, length, transferred, overlapped)

/* The same; where the system's DLL is older than they are, ours stand in for them. */
#define WU_YOUNGER_FUNCTIONS(FUNCTION)                                                            \
    FUNCTION(BOOL, WinUsb_AbortPipeAsync,                                                         \
             (HANDLE handle, UCHAR pipe, LPOVERLAPPED overlapped), pipe, overlapped)              \
    FUNCTION(BOOL, WinUsb_GetCurrentFrameNumberAndQpc,                                            \
             (HANDLE handle, PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info), info)     \
    FUNCTION(BOOL, WinUsb_QueryPipeEx,                                                            \
             (HANDLE handle, UCHAR setting, UCHAR index, PWINUSB_PIPE_INFORMATION_EX information),\
             setting, index, information)                                                         \
    FUNCTION(BOOL, WinUsb_ResetPipeAsync,                                                         \
             (HANDLE handle, UCHAR pipe, LPOVERLAPPED overlapped), pipe, overlapped)              \
    FUNCTION(BOOL, WinUsb_SetCurrentAlternateSettingAsync,                                        \
             (HANDLE handle, UCHAR setting, LPOVERLAPPED overlapped), setting, overlapped)        \
    FUNCTION(BOOL, WinUsb_StartTrackingForTimeSync,                                               \
             (HANDLE handle, PUSB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info), info)           \
    FUNCTION(BOOL, WinUsb_StopTrackingForTimeSync,                                                \
             (HANDLE handle, PUSB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info), info)

/* Of an isochronous buffer: handed on, its handle exchanged for the system's. */
#define WU_BUFFER_FUNCTIONS(FUNCTION)                                                             \
    FUNCTION(BOOL, WinUsb_ReadIsochPipe,                                                          \
             (HANDLE handle, ULONG offset, ULONG length, PULONG frame, ULONG packets,             \
              PUSBD_ISO_PACKET_DESCRIPTOR results, LPOVERLAPPED overlapped),                      \
             offset, length, frame, packets, results, overlapped)                                 \
    FUNCTION(BOOL, WinUsb_ReadIsochPipeAsap,                                                      \
             (HANDLE handle, ULONG offset, ULONG length, BOOL continues, ULONG packets,           \
              PUSBD_ISO_PACKET_DESCRIPTOR results, LPOVERLAPPED overlapped),                      \
             offset, length, continues, packets, results, overlapped)                             \
    FUNCTION(BOOL, WinUsb_WriteIsochPipe,                                                         \
             (HANDLE handle, ULONG offset, ULONG length, PULONG frame, LPOVERLAPPED overlapped),  \
             offset, length, frame, overlapped)                                                   \
    FUNCTION(BOOL, WinUsb_WriteIsochPipeAsap,                                                     \
             (HANDLE handle, ULONG offset, ULONG length, BOOL continues, LPOVERLAPPED overlapped),\
             offset, length, continues, overlapped)

/* Of no handle: all the same who answers. */
#define WU_FREE_FUNCTIONS(FUNCTION)                                                               \
    FUNCTION(BOOL, WinUsb_GetAdjustedFrameNumber, (PULONG frame, LARGE_INTEGER time), frame, time)\
    FUNCTION(PUSB_INTERFACE_DESCRIPTOR, WinUsb_ParseConfigurationDescriptor,                      \
             (PUSB_CONFIGURATION_DESCRIPTOR configuration, PVOID start, LONG number,              \
              LONG alternate, LONG class_code, LONG subclass, LONG protocol),                     \
             configuration, start, number, alternate, class_code, subclass, protocol)             \
    FUNCTION(PUSB_COMMON_DESCRIPTOR, WinUsb_ParseDescriptors,                                     \
             (PVOID descriptors, ULONG length, PVOID start, LONG type),                           \
             descriptors, length, start, type)

/* Those that give out handles and take them back. */
#define WU_HANDLE_FUNCTIONS(FUNCTION)                                                             \
    FUNCTION(BOOL, WinUsb_Free, (HANDLE handle), )                                                \
    FUNCTION(BOOL, WinUsb_GetAssociatedInterface,                                                 \
             (HANDLE handle, UCHAR index, HANDLE *handle_out), index, handle_out)                 \
    FUNCTION(BOOL, WinUsb_Initialize, (HANDLE file, HANDLE *handle_out), handle_out)              \
    FUNCTION(BOOL, WinUsb_RegisterIsochBuffer,                                                    \
             (HANDLE handle, UCHAR pipe, PUCHAR buffer, ULONG length, HANDLE *handle_out),        \
             pipe, buffer, length, handle_out)                                                    \
    FUNCTION(BOOL, WinUsb_UnregisterIsochBuffer, (HANDLE handle), )

#define WU_FUNCTIONS(FUNCTION)                                                                    \
    WU_INTERFACE_FUNCTIONS(FUNCTION)                                                              \
    WU_YOUNGER_FUNCTIONS(FUNCTION)                                                                \
    WU_BUFFER_FUNCTIONS(FUNCTION)                                                                 \
    WU_FREE_FUNCTIONS(FUNCTION)                                                                   \
    WU_HANDLE_FUNCTIONS(FUNCTION)

/* clang-format on */

#endif
