/*
 * WinUSB: USB devices from user mode, by Microsoft's interface.
 *
 * Unless a comment says otherwise:
 * - a function returns TRUE on success, and FALSE on failure; GetLastError() then says why;
 * - outputs are set on success only;
 * - any thread may call any function, also several on one handle at a time;
 * - every interface handle of a function serves, not only the first;
 * - ERROR_INVALID_HANDLE means that the handle is NULL, made up, or not open any more: such a
 *   handle is always told from an open one;
 * - "unconfirmed on Windows" marks what Microsoft does not document.
 */
#ifndef __WUSB_H__
#define __WUSB_H__

#include <windows.h>
#include <winusbio.h>
#include <usb100.h>
#include <usbtimesync.h>

/* One interface of a USB function; opaque, never NULL or INVALID_HANDLE_VALUE while open. */
typedef PVOID WINUSB_INTERFACE_HANDLE, *PWINUSB_INTERFACE_HANDLE;

/* A buffer for isochronous transfers; opaque, likewise. */
typedef PVOID WINUSB_ISOCH_BUFFER_HANDLE, *PWINUSB_ISOCH_BUFFER_HANDLE;

/* The eight bytes that begin a control transfer. */
#pragma pack(push, 1)
typedef struct _WINUSB_SETUP_PACKET {
    UCHAR RequestType;
    UCHAR Request;
    USHORT Value;
    USHORT Index;
    USHORT Length; /* [bytes] of the data stage */
} WINUSB_SETUP_PACKET, *PWINUSB_SETUP_PACKET;
#pragma pack(pop)

#ifdef __cplusplus
extern "C" {
#endif

/* --- Opening and closing ------------------------------------------------------------------- */

/**
 * Opens the first interface of the USB function behind a file handle.
 *
 * Blocks for a few control transfers. All pipe policies are at their defaults afterwards.
 *
 * @param DeviceHandle     of CreateFile() with FILE_FLAG_OVERLAPPED; stays the caller's. A second
 *                         call with the same one gives an independent handle (unconfirmed on
 *                         Windows)
 * @param InterfaceHandle  set to the handle, the caller's until WinUsb_Free(); to NULL on failure
 *                         (unconfirmed on Windows)
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     DeviceHandle is not open or lacks FILE_FLAG_OVERLAPPED;
 *         ERROR_INVALID_PARAMETER  InterfaceHandle is NULL (unconfirmed on Windows);
 *         ERROR_NOT_ENOUGH_MEMORY  no memory, or, on Windows, another driver's device;
 *         ERROR_BAD_DEVICE         the device has no such interface descriptor;
 *         ERROR_BAD_COMMAND        the device is unplugged
 */
BOOL WINAPI WinUsb_Initialize(HANDLE DeviceHandle, PWINUSB_INTERFACE_HANDLE InterfaceHandle);

/**
 * Closes an interface handle.
 *
 * Ends the time tracking that was started with it, and returns when nothing of it runs any more.
 * May come after CloseHandle() of the file.
 *
 * @param InterfaceHandle  of WinUsb_Initialize() or WinUsb_GetAssociatedInterface(); others, NULL
 *                         and INVALID_HANDLE_VALUE among them, are ignored
 *
 * @return TRUE always
 */
BOOL WINAPI WinUsb_Free(WINUSB_INTERFACE_HANDLE InterfaceHandle);

/**
 * Opens another interface of the same function.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle            of WinUsb_Initialize()
 * @param AssociatedInterfaceIndex   0: the interface after the first one, 1: the next, and so on
 * @param AssociatedInterfaceHandle  set to the handle, the caller's until WinUsb_Free()
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_GetAssociatedInterface(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                          UCHAR AssociatedInterfaceIndex,
                                          PWINUSB_INTERFACE_HANDLE AssociatedInterfaceHandle);

/* --- Descriptors and settings -------------------------------------------------------------- */

/**
 * Reads a descriptor of the device.
 *
 * Device and configuration descriptors come from memory; others by a control transfer, for which
 * the call blocks, 5 s at most. A buffer that is too small gets the descriptor's beginning, as by
 * the USB request (Microsoft documents that nothing is copied then, which programs contradict).
 *
 * @param InterfaceHandle    an interface of the device
 * @param DescriptorType     USB_DEVICE_DESCRIPTOR_TYPE, and so on; types 4 and 5 are answered from
 *                           the configuration (unconfirmed on Windows)
 * @param Index              which one of this type
 * @param LanguageID         of a string; 0 otherwise
 * @param Buffer             filled in on success; may be NULL when BufferLength is 0
 * @param BufferLength       [bytes]
 * @param LengthTransferred  [bytes] set to how many were written
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  a pointer is NULL (unconfirmed on Windows);
 *         ERROR_GEN_FAILURE        the device has no such descriptor;
 *         ERROR_SEM_TIMEOUT        the device did not answer;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_GetDescriptor(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR DescriptorType,
                                 UCHAR Index,
                                 USHORT LanguageID,
                                 PUCHAR Buffer,
                                 ULONG BufferLength,
                                 PULONG LengthTransferred);

/**
 * Gives the descriptor of one alternate setting of an interface.
 *
 * Answers from memory.
 *
 * @param InterfaceHandle           the interface
 * @param AlternateInterfaceNumber  [0..] which setting, in the order of the configuration; need
 *                                  not be the current one
 * @param UsbAltInterfaceDescriptor  filled in on success
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  the pointer is NULL (unconfirmed on Windows);
 *         ERROR_NO_MORE_ITEMS      there are fewer settings
 */
BOOL WINAPI WinUsb_QueryInterfaceSettings(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                          UCHAR AlternateInterfaceNumber,
                                          PUSB_INTERFACE_DESCRIPTOR UsbAltInterfaceDescriptor);

/**
 * Tells the speed of the device.
 *
 * Answers from memory.
 *
 * @param InterfaceHandle  an interface of the device
 * @param InformationType  DEVICE_SPEED
 * @param BufferLength     [bytes] in: of Buffer, 1 at least; out: written, 1
 * @param Buffer           a UCHAR, set to LowSpeed (0x01) for full speed and below, and to
 *                         HighSpeed (0x03) for high speed and above; never to FullSpeed
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE       InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER    another type, or a pointer is NULL (unconfirmed on Windows);
 *         ERROR_INSUFFICIENT_BUFFER  BufferLength is 0 (unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_QueryDeviceInformation(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                          ULONG InformationType,
                                          PULONG BufferLength,
                                          PVOID Buffer);

/**
 * Selects an alternate setting of an interface.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  the interface
 * @param SettingNumber    bAlternateSetting
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_SetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                              UCHAR SettingNumber);

/**
 * Selects an alternate setting of an interface, overlapped.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED. Exported by Microsoft's without a
 * header; the parameters are inferred (unconfirmed on Windows).
 *
 * @param InterfaceHandle  the interface
 * @param SettingNumber    bAlternateSetting
 * @param Overlapped       NULL: block; otherwise the caller's until the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_SetCurrentAlternateSettingAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                   UCHAR SettingNumber,
                                                   LPOVERLAPPED Overlapped);

/**
 * Tells the current alternate setting of an interface.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  the interface
 * @param SettingNumber    set to bAlternateSetting
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_GetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                              PUCHAR SettingNumber);

/**
 * Describes a pipe of an interface.
 *
 * Answers from memory.
 *
 * @param InterfaceHandle           the interface
 * @param AlternateInterfaceNumber  [0..] which setting; need not be the current one
 * @param PipeIndex                 [0..] which endpoint of it, in the order of the configuration
 * @param PipeInformation           filled in on success; MaximumPacketSize without the bits for
 *                                  additional transactions (unconfirmed on Windows)
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  no such setting, or the pointer is NULL;
 *         ERROR_NO_MORE_ITEMS      the setting has fewer endpoints
 */
BOOL WINAPI WinUsb_QueryPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                             UCHAR AlternateInterfaceNumber,
                             UCHAR PipeIndex,
                             PWINUSB_PIPE_INFORMATION PipeInformation);

/**
 * Describes a pipe of an interface, with the bytes it may carry per service interval.
 *
 * Answers from memory.
 *
 * @param InterfaceHandle         the interface
 * @param AlternateSettingNumber  [0..] which setting; need not be the current one
 * @param PipeIndex               [0..] which endpoint of it, in the order of the configuration
 * @param PipeInformationEx       filled in on success; MaximumBytesPerInterval [bytes] counts the
 *                                additional transactions of high speed and the companion of
 *                                SuperSpeed; for bulk it is MaximumPacketSize (unconfirmed on
 *                                Windows)
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives the errors of
 *         WinUsb_QueryPipe()
 */
BOOL WINAPI WinUsb_QueryPipeEx(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                               UCHAR AlternateSettingNumber,
                               UCHAR PipeIndex,
                               PWINUSB_PIPE_INFORMATION_EX PipeInformationEx);

/**
 * Finds an interface descriptor in a configuration.
 *
 * Looks at memory only; descriptors with a length of 0, or beyond wTotalLength, end the search.
 * Leaves the last error alone (unconfirmed on Windows).
 *
 * @param ConfigurationDescriptor  with the wTotalLength bytes that it says; the caller's
 * @param StartPosition            where to begin, within them
 * @param InterfaceNumber          bInterfaceNumber asked for; -1: any
 * @param AlternateSetting         bAlternateSetting asked for; -1: any
 * @param InterfaceClass           bInterfaceClass asked for; -1: any
 * @param InterfaceSubClass        bInterfaceSubClass asked for; -1: any
 * @param InterfaceProtocol        bInterfaceProtocol asked for; -1: any
 *
 * @return the first that matches, inside the caller's memory; NULL when none does, or when a
 *         pointer is NULL
 */
PUSB_INTERFACE_DESCRIPTOR WINAPI
WinUsb_ParseConfigurationDescriptor(PUSB_CONFIGURATION_DESCRIPTOR ConfigurationDescriptor,
                                    PVOID StartPosition,
                                    LONG InterfaceNumber,
                                    LONG AlternateSetting,
                                    LONG InterfaceClass,
                                    LONG InterfaceSubClass,
                                    LONG InterfaceProtocol);

/**
 * Finds a descriptor of a type in a chain of descriptors.
 *
 * Looks at memory only; as WinUsb_ParseConfigurationDescriptor().
 *
 * @param DescriptorBuffer  the chain; the caller's
 * @param TotalLength       [bytes] of it
 * @param StartPosition     where to begin, within it; what stands there may be the result
 * @param DescriptorType    bDescriptorType asked for
 *
 * @return the first of this type, inside the caller's memory; NULL when there is none, or when a
 *         pointer is NULL
 */
PUSB_COMMON_DESCRIPTOR WINAPI WinUsb_ParseDescriptors(PVOID DescriptorBuffer,
                                                      ULONG TotalLength,
                                                      PVOID StartPosition,
                                                      LONG DescriptorType);

/* --- Policies ------------------------------------------------------------------------------ */

/**
 * Sets a policy of a pipe.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param PolicyType       SHORT_PACKET_TERMINATE .. RESET_PIPE_ON_RESUME
 * @param ValueLength      [bytes] of Value: 1, or 4 for a timeout
 * @param Value            the caller's
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_SetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR PipeID,
                                 ULONG PolicyType,
                                 ULONG ValueLength,
                                 PVOID Value);

/**
 * Tells a policy of a pipe.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param PolicyType       SHORT_PACKET_TERMINATE .. RESET_PIPE_ON_RESUME
 * @param ValueLength      [bytes] in: of Value; out: written
 * @param Value            filled in on success
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_GetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR PipeID,
                                 ULONG PolicyType,
                                 PULONG ValueLength,
                                 PVOID Value);

/**
 * Sets a power policy of the device.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  of WinUsb_Initialize()
 * @param PolicyType       AUTO_SUSPEND or SUSPEND_DELAY
 * @param ValueLength      [bytes] of Value: 1 and 4
 * @param Value            the caller's
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_SetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  ULONG PolicyType,
                                  ULONG ValueLength,
                                  PVOID Value);

/**
 * Tells a power policy of the device.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  of WinUsb_Initialize()
 * @param PolicyType       AUTO_SUSPEND or SUSPEND_DELAY
 * @param ValueLength      [bytes] in: of Value; out: written
 * @param Value            filled in on success
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_GetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  ULONG PolicyType,
                                  PULONG ValueLength,
                                  PVOID Value);

/* --- Transfers ----------------------------------------------------------------------------- */

/**
 * Reads from a bulk or interrupt pipe.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle    an interface of the function
 * @param PipeID             bEndpointAddress of an IN endpoint
 * @param Buffer             filled in; the caller's, when the request is done
 * @param BufferLength       [bytes]
 * @param LengthTransferred  [bytes] read; may be NULL with Overlapped, and says nothing then
 * @param Overlapped         NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_ReadPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                            UCHAR PipeID,
                            PUCHAR Buffer,
                            ULONG BufferLength,
                            PULONG LengthTransferred,
                            LPOVERLAPPED Overlapped);

/**
 * Writes to a bulk or interrupt pipe.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle    an interface of the function
 * @param PipeID             bEndpointAddress of an OUT endpoint
 * @param Buffer             not changed; the caller's, when the request is done
 * @param BufferLength       [bytes]; 0 sends an empty packet
 * @param LengthTransferred  [bytes] written; may be NULL with Overlapped, and says nothing then
 * @param Overlapped         NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_WritePipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                             UCHAR PipeID,
                             PUCHAR Buffer,
                             ULONG BufferLength,
                             PULONG LengthTransferred,
                             LPOVERLAPPED Overlapped);

/**
 * Makes a control transfer on endpoint 0.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle    an interface of the function; a request to an interface goes to this
 * one
 * @param SetupPacket        the request
 * @param Buffer             of the data stage; the caller's, when the request is done
 * @param BufferLength       [bytes]
 * @param LengthTransferred  [bytes] moved; may be NULL with Overlapped, and says nothing then
 * @param Overlapped         NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_ControlTransfer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                   WINUSB_SETUP_PACKET SetupPacket,
                                   PUCHAR Buffer,
                                   ULONG BufferLength,
                                   PULONG LengthTransferred,
                                   LPOVERLAPPED Overlapped);

/**
 * Clears the stall of a pipe and starts its data toggle anew.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_ResetPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID);

/**
 * Clears the stall of a pipe, overlapped.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED. Exported by Microsoft's without a
 * header; the parameters are inferred (unconfirmed on Windows).
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param Overlapped       NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_ResetPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  UCHAR PipeID,
                                  LPOVERLAPPED Overlapped);

/**
 * Cancels all that is pending on a pipe.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_AbortPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID);

/**
 * Cancels all that is pending on a pipe, overlapped.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED. Exported by Microsoft's without a
 * header; the parameters are inferred (unconfirmed on Windows).
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param Overlapped       NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_AbortPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  UCHAR PipeID,
                                  LPOVERLAPPED Overlapped);

/**
 * Discards what a pipe has read beyond what was asked for.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress of an IN endpoint
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_FlushPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID);

/**
 * Tells how an overlapped request ended, or waits for its end.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle             an interface of the function
 * @param lpOverlapped                the request
 * @param lpNumberOfBytesTransferred  [bytes] moved; always 0 for isochronous transfers
 * @param bWait                       whether to block until it is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_GetOverlappedResult(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       LPOVERLAPPED lpOverlapped,
                                       LPDWORD lpNumberOfBytesTransferred,
                                       BOOL bWait);

/* --- Isochronous transfers ----------------------------------------------------------------- */

/**
 * Registers a buffer for transfers on an isochronous pipe.
 *
 * Not implemented yet: fails with ERROR_CALL_NOT_IMPLEMENTED.
 *
 * @param InterfaceHandle    an interface of the function
 * @param PipeID             bEndpointAddress
 * @param Buffer             the caller's again after WinUsb_UnregisterIsochBuffer()
 * @param BufferLength       [bytes]
 * @param IsochBufferHandle  set to the handle, the caller's until WinUsb_UnregisterIsochBuffer()
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_CALL_NOT_IMPLEMENTED  always, for now
 */
BOOL WINAPI WinUsb_RegisterIsochBuffer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR PipeID,
                                       PUCHAR Buffer,
                                       ULONG BufferLength,
                                       PWINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle);

/**
 * Releases a buffer.
 *
 * Not implemented yet: as no buffer can be registered, no handle is open.
 *
 * @param IsochBufferHandle  of WinUsb_RegisterIsochBuffer()
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE  IsochBufferHandle is not open
 */
BOOL WINAPI WinUsb_UnregisterIsochBuffer(WINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle);

/**
 * Writes to an isochronous pipe from a given frame on.
 *
 * Not implemented yet: as no buffer can be registered, no handle is open.
 *
 * @param BufferHandle  of WinUsb_RegisterIsochBuffer()
 * @param Offset        [bytes] into the buffer
 * @param Length        [bytes]
 * @param FrameNumber   [frames] in: where to start; out: the one after the last used
 * @param Overlapped    NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE  BufferHandle is not open
 */
BOOL WINAPI WinUsb_WriteIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                  ULONG Offset,
                                  ULONG Length,
                                  PULONG FrameNumber,
                                  LPOVERLAPPED Overlapped);

/**
 * Reads from an isochronous pipe from a given frame on.
 *
 * Not implemented yet: as no buffer can be registered, no handle is open.
 *
 * @param BufferHandle          of WinUsb_RegisterIsochBuffer()
 * @param Offset                [bytes] into the buffer
 * @param Length                [bytes]
 * @param FrameNumber           [frames] in: where to start; out: the one after the last used
 * @param NumberOfPackets       of IsoPacketDescriptors
 * @param IsoPacketDescriptors  filled in; the caller's when the request is done
 * @param Overlapped            NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE  BufferHandle is not open
 */
BOOL WINAPI WinUsb_ReadIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                 ULONG Offset,
                                 ULONG Length,
                                 PULONG FrameNumber,
                                 ULONG NumberOfPackets,
                                 PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                 LPOVERLAPPED Overlapped);

/**
 * Writes to an isochronous pipe as soon as possible.
 *
 * Not implemented yet: as no buffer can be registered, no handle is open.
 *
 * @param BufferHandle    of WinUsb_RegisterIsochBuffer()
 * @param Offset          [bytes] into the buffer
 * @param Length          [bytes]
 * @param ContinueStream  TRUE: only without a gap after the last transfer
 * @param Overlapped      NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE  BufferHandle is not open
 */
BOOL WINAPI WinUsb_WriteIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                      ULONG Offset,
                                      ULONG Length,
                                      BOOL ContinueStream,
                                      LPOVERLAPPED Overlapped);

/**
 * Reads from an isochronous pipe as soon as possible.
 *
 * Not implemented yet: as no buffer can be registered, no handle is open.
 *
 * @param BufferHandle          of WinUsb_RegisterIsochBuffer()
 * @param Offset                [bytes] into the buffer
 * @param Length                [bytes]
 * @param ContinueStream        TRUE: only without a gap after the last transfer
 * @param NumberOfPackets       of IsoPacketDescriptors
 * @param IsoPacketDescriptors  filled in; the caller's when the request is done
 * @param Overlapped            NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE  BufferHandle is not open
 */
BOOL WINAPI WinUsb_ReadIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                     ULONG Offset,
                                     ULONG Length,
                                     BOOL ContinueStream,
                                     ULONG NumberOfPackets,
                                     PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                     LPOVERLAPPED Overlapped);

/* --- Frame numbers ------------------------------------------------------------------------- */

/**
 * Tells the current frame of the bus, and when that was.
 *
 * Needs no tracking: without, it reads the controller's counter, some microseconds long. A frame
 * lasts 1 ms at every speed of the bus.
 *
 * @param InterfaceHandle     an interface of a device on the bus
 * @param CurrentFrameNumber  [frames] set; the numbering of CurrentUSBFrameNumber of
 *                            WinUsb_GetCurrentFrameNumberAndQpc()
 * @param TimeStamp           [ticks of QueryPerformanceCounter] set to when it was read
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives (all but the first
 *         unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER     a pointer is NULL;
 *         ERROR_NOT_READY             the controller is suspended;
 *         ERROR_NOT_SUPPORTED         the controller has no counter we can read;
 *         ERROR_ACCESS_DENIED         it has one, which this process may not open;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_GetCurrentFrameNumber(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                         PULONG CurrentFrameNumber,
                                         LARGE_INTEGER *TimeStamp);

/**
 * Brings a frame number up to now.
 *
 * Adds the whole milliseconds that have passed since the time stamp (Microsoft's rounding is
 * unconfirmed); looks at no device. Calling it twice with one time stamp adds them twice.
 *
 * @param CurrentFrameNumber  [frames] in: of WinUsb_GetCurrentFrameNumber(); out: now, modulo 2^32
 * @param TimeStamp           [ticks of QueryPerformanceCounter] that came with it
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_PARAMETER  CurrentFrameNumber is NULL (unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_GetAdjustedFrameNumber(PULONG CurrentFrameNumber, LARGE_INTEGER TimeStamp);

/* --- Time synchronization ------------------------------------------------------------------ */

/**
 * Starts to track the frame clock of a device's host controller.
 *
 * The first start on a controller starts a thread that watches its frame counter; later ones, and
 * other devices on it, share that. Each start is stopped for itself, by
 * WinUsb_StopTrackingForTimeSync(), by WinUsb_Free() of its interface or by CloseHandle() of its
 * file.
 *
 * Microsoft's may need up to 2.048 s until answers can be had; here it is some milliseconds.
 *
 * @param InterfaceHandle    an interface of the device
 * @param StartTrackingInfo  IsStartupDelayTolerable: TRUE returns at once, FALSE when the first
 *                           answer can be had, after 2.048 s at most. TimeTrackingHandle is set on
 *                           success, never to NULL, whatever it was; it is untouched on failure
 *
 * @return TRUE on success. FALSE on failure, nothing is tracked then; GetLastError() gives (all but
 *         the first unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open, or StartTrackingInfo is NULL;
 *         ERROR_NOT_SUPPORTED         the controller has no counter we can read;
 *         ERROR_ACCESS_DENIED         it has one, which this process may not open;
 *         ERROR_NOT_READY             waited, and the counter does not run;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged;
 *         ERROR_NOT_ENOUGH_MEMORY     no memory, or no thread
 */
BOOL WINAPI
WinUsb_StartTrackingForTimeSync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                PUSB_START_TRACKING_FOR_TIME_SYNC_INFORMATION StartTrackingInfo);

/**
 * Tells the current microframe and when it began, and when another one begins or began.
 *
 * Takes no lock and waits for nothing: it evaluates the model of the bus's clock that the tracking
 * keeps. Counter values are ticks of QueryPerformanceCounter, true within
 * PredictedAccuracyInMicroSeconds, which is a bound and not an estimate. It is rounded up from
 * nanoseconds; Microsoft's counts in steps of 125 us. It grows with the distance of the frame asked
 * for.
 *
 * @param InterfaceHandle  an interface of the device
 * @param FrameQpcInfo     in: TimeTrackingHandle; InputFrameNumber, of which the one nearest to now
 *                         is meant, and InputMicroFrameNumber [0..7], or both 0 to ask for none.
 *                         The other members are filled in on success, untouched on failure
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives (all but the first
 *         unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open, or FrameQpcInfo is NULL;
 *         ERROR_INVALID_PARAMETER     TimeTrackingHandle is unknown or stopped, or
 *                                     InputMicroFrameNumber is above 7;
 *         ERROR_NOT_READY             no bound stands yet, or the counter stopped or jumped: ask
 *                                     again later;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_GetCurrentFrameNumberAndQpc(
    WINUSB_INTERFACE_HANDLE InterfaceHandle,
    PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FrameQpcInfo);

/**
 * Ends what WinUsb_StartTrackingForTimeSync() started.
 *
 * The last end on a controller ends its thread before this returns, after some milliseconds at
 * most.
 *
 * @param InterfaceHandle   an interface of the device
 * @param StopTrackingInfo  TimeTrackingHandle of the start
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open, or StopTrackingInfo is NULL;
 *         ERROR_INVALID_PARAMETER  TimeTrackingHandle is unknown or stopped (unconfirmed on
 *                                  Windows)
 */
BOOL WINAPI
WinUsb_StopTrackingForTimeSync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                               PUSB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION StopTrackingInfo);

#ifdef __cplusplus
}
#endif

#endif
