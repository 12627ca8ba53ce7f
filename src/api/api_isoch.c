/* Isochronous transfers. */
#include "api/api.h"
#include "core/isoch.h"

/* --- Buffers ------------------------------------------------------------------------------- */

WU_EXPORT BOOL WINAPI WinUsb_RegisterIsochBuffer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                 UCHAR PipeID,
                                                 PUCHAR Buffer,
                                                 ULONG BufferLength,
                                                 PWINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(
        iface, iface ? wu_isoch_register(iface, PipeID, Buffer, BufferLength, IsochBufferHandle)
                     : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_UnregisterIsochBuffer(WINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle)
{
    return wu_api_report(wu_isoch_unregister(IsochBufferHandle));
}

/* --- Transfers ------------------------------------------------------------------------------ */

static BOOL transfer(WINUSB_ISOCH_BUFFER_HANDLE handle,
                     const struct wu_isoch_call *call,
                     DWORD (*carry_out)(struct wu_isoch_buffer *, const struct wu_isoch_call *))
{
    struct wu_isoch_buffer *buffer = wu_isoch_buffer_acquire(handle);
    DWORD error = ERROR_INVALID_HANDLE;

    if (buffer) {
        error = carry_out(buffer, call);
        wu_isoch_buffer_release(buffer);
    }
    return wu_api_report(error);
}

static enum wu_isoch_start start_of(BOOL continues)
{
    return continues ? WU_ISOCH_CONTINUED : WU_ISOCH_SOON;
}

WU_EXPORT BOOL WINAPI WinUsb_ReadIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                           ULONG Offset,
                                           ULONG Length,
                                           PULONG FrameNumber,
                                           ULONG NumberOfPackets,
                                           PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                           LPOVERLAPPED Overlapped)
{
    const struct wu_isoch_call call = {
        .offset = Offset,
        .length = Length,
        .start = WU_ISOCH_AT_FRAME,
        .frame = FrameNumber,
        .result_count = NumberOfPackets,
        .results = IsoPacketDescriptors,
        .overlapped = Overlapped,
    };

    return transfer(BufferHandle, &call, wu_isoch_read);
}

WU_EXPORT BOOL WINAPI WinUsb_ReadIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                               ULONG Offset,
                                               ULONG Length,
                                               BOOL ContinueStream,
                                               ULONG NumberOfPackets,
                                               PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                               LPOVERLAPPED Overlapped)
{
    const struct wu_isoch_call call = {
        .offset = Offset,
        .length = Length,
        .start = start_of(ContinueStream),
        .result_count = NumberOfPackets,
        .results = IsoPacketDescriptors,
        .overlapped = Overlapped,
    };

    return transfer(BufferHandle, &call, wu_isoch_read);
}

WU_EXPORT BOOL WINAPI WinUsb_WriteIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                            ULONG Offset,
                                            ULONG Length,
                                            PULONG FrameNumber,
                                            LPOVERLAPPED Overlapped)
{
    const struct wu_isoch_call call = {
        .offset = Offset,
        .length = Length,
        .start = WU_ISOCH_AT_FRAME,
        .frame = FrameNumber,
        .overlapped = Overlapped,
    };

    return transfer(BufferHandle, &call, wu_isoch_write);
}

WU_EXPORT BOOL WINAPI WinUsb_WriteIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                                ULONG Offset,
                                                ULONG Length,
                                                BOOL ContinueStream,
                                                LPOVERLAPPED Overlapped)
{
    const struct wu_isoch_call call = {
        .offset = Offset,
        .length = Length,
        .start = start_of(ContinueStream),
        .overlapped = Overlapped,
    };

    return transfer(BufferHandle, &call, wu_isoch_write);
}
