/* Isochronous transfers: not implemented yet. */
#include "api/api.h"

WU_EXPORT BOOL WINAPI WinUsb_RegisterIsochBuffer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                 UCHAR PipeID,
                                                 PUCHAR Buffer,
                                                 ULONG BufferLength,
                                                 PWINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(BufferLength);
    UNREFERENCED_PARAMETER(IsochBufferHandle);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_UnregisterIsochBuffer(WINUSB_ISOCH_BUFFER_HANDLE IsochBufferHandle)
{
    return wu_api_missing_isoch(IsochBufferHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_ReadIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                           ULONG Offset,
                                           ULONG Length,
                                           PULONG FrameNumber,
                                           ULONG NumberOfPackets,
                                           PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                           LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(FrameNumber);
    UNREFERENCED_PARAMETER(NumberOfPackets);
    UNREFERENCED_PARAMETER(IsoPacketDescriptors);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing_isoch(BufferHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_ReadIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                               ULONG Offset,
                                               ULONG Length,
                                               BOOL ContinueStream,
                                               ULONG NumberOfPackets,
                                               PUSBD_ISO_PACKET_DESCRIPTOR IsoPacketDescriptors,
                                               LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(ContinueStream);
    UNREFERENCED_PARAMETER(NumberOfPackets);
    UNREFERENCED_PARAMETER(IsoPacketDescriptors);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing_isoch(BufferHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_WriteIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                            ULONG Offset,
                                            ULONG Length,
                                            PULONG FrameNumber,
                                            LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(FrameNumber);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing_isoch(BufferHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_WriteIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE BufferHandle,
                                                ULONG Offset,
                                                ULONG Length,
                                                BOOL ContinueStream,
                                                LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(ContinueStream);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing_isoch(BufferHandle);
}
