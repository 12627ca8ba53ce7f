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
 *         ERROR_ACCESS_DENIED      another program has the device, or this one may not open it; on
 *                                  Windows CreateFile() says so;
 *         ERROR_NOT_ENOUGH_MEMORY  no memory; on Windows, another driver's device; there and under
 *                                  Wine, a composite device as a whole;
 *         ERROR_BAD_DEVICE         the device has no such interface descriptor;
 *         ERROR_BAD_COMMAND        the device is unplugged;
 *         ERROR_NOT_SUPPORTED      on Windows: libusb cannot use the device's driver;
 *         ERROR_MOD_NOT_FOUND      on Windows: there is no libusb-1.0.dll; under Wine: no Unix
 *                                  library, winusb-64.so or winusb-32.so, that can be used
 */
BOOL WINAPI WinUsb_Initialize(HANDLE DeviceHandle, PWINUSB_INTERFACE_HANDLE InterfaceHandle);

/**
 * Closes an interface handle.
 *
 * Requests that were made with it are cancelled, each with its one completion, and the time
 * tracking and the isochronous buffers of the handle end. When the call returns, nothing touches
 * the program's buffers, OVERLAPPEDs and events any more (unconfirmed on Windows). The function's
 * interfaces go back to the kernel's drivers with its last handle. May come after CloseHandle() of
 * the file.
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
 * Its pipe policies are at their defaults afterwards.
 *
 * @param InterfaceHandle            of WinUsb_Initialize()
 * @param AssociatedInterfaceIndex   0: the interface after the first one in the configuration,
 *                                   1: the next, and so on
 * @param AssociatedInterfaceHandle  set to the handle, the caller's until WinUsb_Free()
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_NO_MORE_ITEMS      the function has no such interface;
 *         ERROR_ALREADY_EXISTS     its handle is out: there can be only one at a time;
 *         ERROR_INVALID_PARAMETER  the index is 0xFF, or the pointer is NULL (the latter
 *                                  unconfirmed on Windows);
 *         ERROR_NOT_ENOUGH_MEMORY;
 *         ERROR_BAD_COMMAND        the device is unplugged
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
 * @param BufferLength       [bytes] of any size; the device is asked for 4096 at most
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
 * Blocks for a control transfer. The policies of the interface's pipes are at their defaults
 * afterwards (unconfirmed on Windows).
 *
 * @param InterfaceHandle  the interface
 * @param SettingNumber    bAlternateSetting
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE  InterfaceHandle is not open;
 *         ERROR_BUSY            requests are under way on the interface (unconfirmed on Windows);
 *         ERROR_NOT_FOUND       there is no such setting;
 *         ERROR_GEN_FAILURE     the device refused;
 *         ERROR_BAD_COMMAND     the device is unplugged
 */
BOOL WINAPI WinUsb_SetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                              UCHAR SettingNumber);

/**
 * Selects an alternate setting of an interface, and tells so as an overlapped request does.
 *
 * Exported by Microsoft's without a header; the parameters are inferred (unconfirmed on Windows).
 * The work is done when the call returns.
 *
 * @param InterfaceHandle  the interface
 * @param SettingNumber    bAlternateSetting
 * @param Overlapped       NULL: as WinUsb_SetCurrentAlternateSetting(); otherwise the caller's
 *                         when the request is done
 *
 * @return as WinUsb_SetCurrentAlternateSetting(); FALSE and ERROR_IO_PENDING for an overlapped
 *         request, which then ends with the error
 */
BOOL WINAPI WinUsb_SetCurrentAlternateSettingAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                   UCHAR SettingNumber,
                                                   LPOVERLAPPED Overlapped);

/**
 * Tells the current alternate setting of an interface.
 *
 * Answers from memory.
 *
 * @param InterfaceHandle  the interface
 * @param SettingNumber    set to bAlternateSetting
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  the pointer is NULL (unconfirmed on Windows)
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
 * Sets a policy of a pipe; requests made from then on obey it.
 *
 * Of one byte each, 0 or not:
 * - SHORT_PACKET_TERMINATE (FALSE): a write of whole packets is followed by an empty one;
 * - AUTO_CLEAR_STALL (FALSE): a read that fails, but for cancelled and unplugged, resets the pipe
 *   before it completes, and the reads behind it carry on. The other overlapped requests of the
 *   device complete once the device has answered to that;
 * - IGNORE_SHORT_PACKETS (FALSE): a short packet does not end a read;
 * - ALLOW_PARTIAL_READS (TRUE): what a device sends beyond the end of a read is not an error;
 * - AUTO_FLUSH (FALSE): it is dropped then, instead of being kept for the next read;
 * - RAW_IO (FALSE): reads go to the device at once and as they are: WinUsb_ReadPipe() tells of
 *   their lengths;
 * - RESET_PIPE_ON_RESUME (FALSE): kept only, as nothing is ever suspended.
 * Of four bytes:
 * - PIPE_TRANSFER_TIMEOUT (0; 5000 for the control pipe) [ms]: how long a request may take from
 *   when its first transfer begins; 0: for ever;
 * - MAXIMUM_TRANSFER_SIZE [bytes]: read only; longer requests are split, which shows nowhere.
 * A policy that means nothing for a pipe is kept and does nothing.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param PolicyType       one of the above
 * @param ValueLength      [bytes] of Value
 * @param Value            the caller's
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  wrong ValueLength; unknown policy or pipe, a policy that is
 *                                  read only, or Value is NULL (all but the first unconfirmed
 *                                  on Windows)
 */
BOOL WINAPI WinUsb_SetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR PipeID,
                                 ULONG PolicyType,
                                 ULONG ValueLength,
                                 PVOID Value);

/**
 * Tells a policy of a pipe: see WinUsb_SetPipePolicy().
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param PolicyType       SHORT_PACKET_TERMINATE .. RESET_PIPE_ON_RESUME
 * @param ValueLength      [bytes] in: of Value; out: written, 1 or 4
 * @param Value            filled in on success; a flag is 0 or 1
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE       InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER    unknown policy or pipe, or a pointer is NULL;
 *         ERROR_INSUFFICIENT_BUFFER  Value is too small (both unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_GetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                 UCHAR PipeID,
                                 ULONG PolicyType,
                                 PULONG ValueLength,
                                 PVOID Value);

/**
 * Sets a power policy of the device.
 *
 * Policies are kept and told again, and do nothing: Linux keeps a device awake for as long as it is
 * open.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PolicyType       AUTO_SUSPEND (one byte, 0 or not) or SUSPEND_DELAY (four bytes [ms])
 * @param ValueLength      [bytes] of Value
 * @param Value            the caller's
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  wrong ValueLength; unknown policy, or Value is NULL (the
 *                                  latter two unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_SetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  ULONG PolicyType,
                                  ULONG ValueLength,
                                  PVOID Value);

/**
 * Tells a power policy of the device: AUTO_SUSPEND is FALSE and SUSPEND_DELAY 5000 ms until they
 * are set.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PolicyType       AUTO_SUSPEND or SUSPEND_DELAY
 * @param ValueLength      [bytes] in: of Value; out: written, 1 or 4
 * @param Value            filled in on success
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE       InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER    unknown policy, or a pointer is NULL;
 *         ERROR_INSUFFICIENT_BUFFER  Value is too small (both unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_GetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  ULONG PolicyType,
                                  PULONG ValueLength,
                                  PVOID Value);

/* --- Transfers ----------------------------------------------------------------------------- */

/**
 * Reads from a bulk or interrupt pipe.
 *
 * Ends when the buffer is full, with a short packet (an empty one gives 0 bytes), with an error, or
 * when its time is over. The policies of the pipe have their say: see WinUsb_SetPipePolicy(). What
 * the device sent beyond the end of an earlier read comes first; then a read ends with it, unless
 * IGNORE_SHORT_PACKETS is set (unconfirmed on Windows). A read of 0 bytes succeeds without asking
 * the device.
 *
 * Reads of one pipe complete in their order. They go to the device one at a time, but for those
 * that several at a time cannot be told from: with RAW_IO, or of whole packets without a timeout,
 * AUTO_CLEAR_STALL and IGNORE_SHORT_PACKETS.
 *
 * @param InterfaceHandle    an interface of the function; the endpoint may be of another one of it
 * @param PipeID             bEndpointAddress of an IN endpoint
 * @param Buffer             filled in; the caller's when the request is done
 * @param BufferLength       [bytes]; with RAW_IO whole packets, and MAXIMUM_TRANSFER_SIZE at most
 * @param LengthTransferred  [bytes] read, also by a read that failed; not set with Overlapped;
 *                           may be NULL (without Overlapped unconfirmed on Windows)
 * @param Overlapped         NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_IO_PENDING         with Overlapped: accepted, always, also when data are waiting;
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  no such pipe now, one that cannot be read so, a length that
 *                                  RAW_IO does not allow, or Buffer is NULL (unconfirmed on
 *                                  Windows);
 *         ERROR_NOT_ENOUGH_MEMORY  now, or when it is done: the kernel has no memory for it, and
 *                                  no transfer of the process runs that could give any back; while
 *                                  one does, a request waits for it.
 *         With these a synchronous call fails, and an overlapped request ends:
 *         ERROR_GEN_FAILURE           the endpoint is stalled, the bus failed, or the device sent
 *                                     more than was asked for without ALLOW_PARTIAL_READS (this
 *                                     last unconfirmed on Windows);
 *         ERROR_SEM_TIMEOUT           PIPE_TRANSFER_TIMEOUT is over; what was read until then
 *                                     counts;
 *         ERROR_OPERATION_ABORTED     cancelled; likewise;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
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
 * Writes of one pipe are sent and complete in their order. RAW_IO makes no difference (Microsoft's
 * pages disagree).
 *
 * @param InterfaceHandle    an interface of the function; the endpoint may be of another one of it
 * @param PipeID             bEndpointAddress of an OUT endpoint
 * @param Buffer             not changed; the caller's when the request is done
 * @param BufferLength       [bytes]; 0 sends an empty packet
 * @param LengthTransferred  [bytes] written, also by a write that failed; not set with
 *                           Overlapped; may be NULL (without Overlapped unconfirmed on Windows)
 * @param Overlapped         NULL: block; otherwise the caller's when the request is done
 *
 * @return as WinUsb_ReadPipe()
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
 * In a request to an interface, of whatever type, the low byte of wIndex is replaced by the number
 * of the handle's interface. SET_INTERFACE is done as WinUsb_SetCurrentAlternateSetting() does, and
 * SET_CONFIGURATION to the current value does nothing; to another one it fails with
 * ERROR_NOT_SUPPORTED (both unconfirmed on Windows).
 *
 * @param InterfaceHandle    the interface
 * @param SetupPacket        the request; Length does not matter
 * @param Buffer             of the data stage; the caller's when the request is done
 * @param BufferLength       [bytes] 0 to 4096; what the device is told as wLength, whatever
 *                           SetupPacket.Length says, as by Windows (seen: a program that always
 *                           passes 4 there)
 * @param LengthTransferred  [bytes] of the data stage, also of a request that failed; not set with
 *                           Overlapped; may be NULL
 * @param Overlapped         NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_IO_PENDING         with Overlapped: accepted;
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  the buffer is missing, or BufferLength is more than 4096
 *                                  (unconfirmed on Windows);
 *         ERROR_NOT_ENOUGH_MEMORY  now, or when it is done: the kernel has no memory for it, and
 *                                  no transfer of the process runs that could give any back; while
 *                                  one does, a request waits for it.
 *         With these a synchronous call fails, and an overlapped request ends:
 *         ERROR_GEN_FAILURE           the device refused: a stall, which the next request ends;
 *         ERROR_SEM_TIMEOUT           after 5 s, unless PIPE_TRANSFER_TIMEOUT of pipe 0 says
 *                                     otherwise;
 *         ERROR_OPERATION_ABORTED     cancelled;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_ControlTransfer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                   WINUSB_SETUP_PACKET SetupPacket,
                                   PUCHAR Buffer,
                                   ULONG BufferLength,
                                   PULONG LengthTransferred,
                                   LPOVERLAPPED Overlapped);

/**
 * Ends the halt of a pipe and begins its data toggle anew.
 *
 * Requests under way are cancelled, and what was kept for the next read is dropped. For isochronous
 * pipes and the control pipe, which halt nothing, that is all. Blocks for a control transfer.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER     no such pipe now (unconfirmed on Windows);
 *         ERROR_GEN_FAILURE           the device refused;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_ResetPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID);

/**
 * Ends the halt of a pipe, and tells so as an overlapped request does.
 *
 * Exported by Microsoft's without a header; the parameters are inferred (unconfirmed on Windows).
 * The work is done when the call returns.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param Overlapped       NULL: as WinUsb_ResetPipe(); otherwise the caller's when the request
 *                         is done
 *
 * @return as WinUsb_ResetPipe(); FALSE and ERROR_IO_PENDING for an overlapped request, which then
 *         ends with the error
 */
BOOL WINAPI WinUsb_ResetPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  UCHAR PipeID,
                                  LPOVERLAPPED Overlapped);

/**
 * Cancels all requests of a pipe.
 *
 * When the call returns, they have completed, with ERROR_OPERATION_ABORTED unless they ended
 * before. What was kept for the next read stays.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 *
 * @return TRUE on success, also when there was nothing to cancel. FALSE on failure;
 *         GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  no such pipe now (unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_AbortPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID);

/**
 * Cancels all requests of a pipe, and tells so as an overlapped request does.
 *
 * Exported by Microsoft's without a header; the parameters are inferred (unconfirmed on Windows).
 * The work is done when the call returns.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress; 0: the control pipe
 * @param Overlapped       NULL: as WinUsb_AbortPipe(); otherwise the caller's when the request
 *                         is done
 *
 * @return as WinUsb_AbortPipe(); FALSE and ERROR_IO_PENDING for an overlapped request, which then
 *         ends with the error
 */
BOOL WINAPI WinUsb_AbortPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                  UCHAR PipeID,
                                  LPOVERLAPPED Overlapped);

/**
 * Drops what a device sent beyond the end of a read, and what was kept for the next one.
 *
 * @param InterfaceHandle  an interface of the function
 * @param PipeID           bEndpointAddress of an IN endpoint
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  no such pipe now, or it is not IN (unconfirmed on Windows)
 */
BOOL WINAPI WinUsb_FlushPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID);

/**
 * Tells how an overlapped request ended, or waits for its end.
 *
 * As GetOverlappedResult() on the file, which serves as well. The request is looked at before its
 * event, so an auto-reset event may have been waited for before.
 *
 * @param InterfaceHandle             an interface of the function
 * @param lpOverlapped                the request
 * @param lpNumberOfBytesTransferred  [bytes] set when it is done, whether it succeeded or not;
 *                                    always 0 for isochronous transfers
 * @param bWait                       whether to block until it is done
 *
 * @return TRUE when it succeeded. FALSE otherwise; GetLastError() then gives:
 *         ERROR_IO_INCOMPLETE      it is not done, and bWait is FALSE;
 *         ERROR_INVALID_HANDLE     InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER  a pointer is NULL (unconfirmed on Windows);
 *         or the error that it ended with: see WinUsb_ReadPipe()
 */
BOOL WINAPI WinUsb_GetOverlappedResult(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       LPOVERLAPPED lpOverlapped,
                                       LPDWORD lpNumberOfBytesTransferred,
                                       BOOL bWait);

/* --- Isochronous transfers ----------------------------------------------------------------- */

/**
 * Registers a buffer for transfers on an isochronous pipe.
 *
 * Neither maps nor locks it: the kernel does that with each transfer. The buffer is gone with its
 * interface handle, and useless while its pipe is not of the current setting.
 *
 * @param InterfaceHandle    an interface of the function
 * @param PipeID             bEndpointAddress, of any interface of the function
 * @param Buffer             lent until WinUsb_UnregisterIsochBuffer(), or WinUsb_Free()
 * @param BufferLength       [bytes] not 0
 * @param IsochBufferHandle  set to the handle, the caller's until WinUsb_UnregisterIsochBuffer()
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives (all but the first
 *         unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER     a current setting has no such isochronous pipe, a pointer is
 *                                     NULL, or the length 0;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
BOOL WINAPI WinUsb_RegisterIsochBuffer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR PipeID,
                                       PUCHAR Buffer,
                                       ULONG BufferLength,
                                       PWINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle);

/**
 * Releases a buffer. Blocks until its transfers have ended.
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
 * A transfer is cut into packets of MaximumBytesPerInterval, of which the last may be shorter, and
 * has to end with a frame. It goes right behind the transfer before when that pends and ends with
 * the frame before. Otherwise it is held back until its first frame is near, as the kernel takes no
 * frame numbers. How near it gets is the kernel's affair: with xHCI in the lab transfers ended
 * between 0.6 ms early (p1) and 0.8 ms late (p50), on a busy machine later. Packets of frames that
 * are past are left out. Where the controller has no counter that this process may read, any frame
 * means as soon as possible.
 *
 * @param BufferHandle  of WinUsb_RegisterIsochBuffer(), for an OUT pipe
 * @param Offset        [bytes] into the buffer
 * @param Length        [bytes] up to 1024 packets; at full speed 255
 * @param FrameNumber   [frames] in: where to start, in the numbering of
 *                      WinUsb_GetCurrentFrameNumber(); out, when the request is accepted: the one
 *                      after the last used, modulo 2^32
 * @param Overlapped    NULL: block; otherwise the caller's when the request is done
 *
 * @return TRUE on success: at least one packet was sent. FALSE on failure; GetLastError() then
 *         gives (all but ERROR_IO_PENDING and ERROR_OPERATION_ABORTED unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        BufferHandle is not open;
 *         ERROR_INVALID_PARAMETER     Offset and Length go beyond the buffer, Length makes too many
 *                                     packets or does not end with a frame, the pipe has the other
 *                                     direction or is not open, FrameNumber is NULL;
 *         ERROR_NOT_ENOUGH_MEMORY     now, or when it is done, as of WinUsb_ReadPipe();
 *         ERROR_IO_PENDING            overlapped, and accepted; what follows comes when it is done;
 *         ERROR_INVALID_PARAMETER     all frames are past, or the first is more than 1024 away;
 *         ERROR_GEN_FAILURE           no packet was sent;
 *         ERROR_OPERATION_ABORTED     cancelled;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_WriteIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                  ULONG Offset,
                                  ULONG Length,
                                  PULONG FrameNumber,
                                  LPOVERLAPPED Overlapped);

/**
 * Reads from an isochronous pipe from a given frame on; when that is, see WinUsb_WriteIsochPipe().
 *
 * Data of packet i lie i times MaximumBytesPerInterval behind Offset.
 *
 * @param BufferHandle          of WinUsb_RegisterIsochBuffer(), for an IN pipe
 * @param Offset                [bytes] into the buffer
 * @param Length                [bytes] of whole packets, as for WinUsb_WriteIsochPipe()
 * @param FrameNumber           [frames] as for WinUsb_WriteIsochPipe()
 * @param NumberOfPackets       how many Length makes
 * @param IsoPacketDescriptors  as many; filled in when the request is done, unless it was never
 *                              begun. Status is USBD_STATUS_SUCCESS, XACT_ERROR (lost or damaged),
 *                              STALL_PID, DATA_OVERRUN (the device sent more), CANCELED,
 *                              DEVICE_GONE or ISO_NOT_ACCESSED_LATE (the frame was past). Those of
 *                              more than 128 packets mean nothing when the request is cancelled:
 *                              libusb may assign them to the wrong packets then
 * @param Overlapped            NULL: block; otherwise the caller's when the request is done
 *
 * @return as WinUsb_WriteIsochPipe(); ERROR_INVALID_PARAMETER also for a wrong NumberOfPackets, or
 *         without IsoPacketDescriptors
 */
BOOL WINAPI WinUsb_ReadIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                 ULONG Offset,
                                 ULONG Length,
                                 PULONG FrameNumber,
                                 ULONG NumberOfPackets,
                                 PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                 LPOVERLAPPED Overlapped);

/**
 * Writes to an isochronous pipe as soon as possible: right behind the transfer before when one
 * pends.
 *
 * @param BufferHandle    of WinUsb_RegisterIsochBuffer(), for an OUT pipe
 * @param Offset          [bytes] into the buffer
 * @param Length          [bytes] as for WinUsb_WriteIsochPipe()
 * @param ContinueStream  TRUE: fail, with ERROR_INVALID_PARAMETER when the request is done, if no
 *                        other transfer of the pipe pends
 * @param Overlapped      NULL: block; otherwise the caller's when the request is done
 *
 * @return as WinUsb_WriteIsochPipe()
 */
BOOL WINAPI WinUsb_WriteIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                      ULONG Offset,
                                      ULONG Length,
                                      BOOL ContinueStream,
                                      LPOVERLAPPED Overlapped);

/**
 * Reads from an isochronous pipe as soon as possible: right behind the transfer before when one
 * pends.
 *
 * @param BufferHandle          of WinUsb_RegisterIsochBuffer(), for an IN pipe
 * @param Offset                [bytes] into the buffer
 * @param Length                [bytes] as for WinUsb_ReadIsochPipe()
 * @param ContinueStream        as for WinUsb_WriteIsochPipeAsap()
 * @param NumberOfPackets       as for WinUsb_ReadIsochPipe()
 * @param IsoPacketDescriptors  likewise
 * @param Overlapped            NULL: block; otherwise the caller's when the request is done
 *
 * @return as WinUsb_ReadIsochPipe()
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
 * @param TimeStamp           [ticks of QueryPerformanceCounter] set to when that was the frame,
 *                            during the call; where it is tracked, within its accuracy
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives (all but the first
 *         unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open;
 *         ERROR_INVALID_PARAMETER     a pointer is NULL;
 *         ERROR_NOT_READY             the controller is suspended, or another thread's read of the
 *                                     counter does not come to an end;
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
 * Microsoft's may need up to 2.048 s until answers can be had; here it is some milliseconds, which
 * are waited for. Only where the counter stands, or takes long to be read, is there none by then.
 *
 * @param InterfaceHandle    an interface of the device
 * @param StartTrackingInfo  IsStartupDelayTolerable: TRUE returns when the first answer can be
 *                           had, or after 50 ms without one, which may come later; FALSE waits for
 *                           it, and fails without one after 2.048 s (whether Microsoft's waits is
 *                           unconfirmed). TimeTrackingHandle is set on success, never to NULL,
 *                           whatever it was; it is untouched on failure
 *
 * @return TRUE on success. FALSE on failure, nothing is tracked then; GetLastError() gives (all but
 *         the first unconfirmed on Windows):
 *         ERROR_INVALID_HANDLE        InterfaceHandle is not open, or StartTrackingInfo is NULL;
 *         ERROR_NOT_SUPPORTED         the controller has no counter we can read;
 *         ERROR_ACCESS_DENIED         it has one, which this process may not open;
 *         ERROR_NOT_READY             the controller is suspended; or FALSE, and the counter does
 *                                     not run;
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
 *         ERROR_NOT_READY             no bound stands yet, the counter stopped or jumped, the
 *                                     machine has slept, or a read of the counter takes so long
 *                                     that none of these can be told: ask again later;
 *         ERROR_DEVICE_NOT_CONNECTED  the device is unplugged
 */
BOOL WINAPI WinUsb_GetCurrentFrameNumberAndQpc(
    WINUSB_INTERFACE_HANDLE InterfaceHandle,
    PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FrameQpcInfo);

/**
 * Ends what WinUsb_StartTrackingForTimeSync() started.
 *
 * The last end on a controller ends its thread before this returns, within milliseconds; or, where
 * a read of the counter takes longer than 100 ms, after that, for which WinUsb_Free() waits.
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
