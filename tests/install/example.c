/*
 * The usual program for WinUSB: finds a device by its interface GUID, opens it, asks what it has,
 * and moves data in each way there is. One source for Linux, Wine and Windows.
 *
 * The device is that of tests/lab/device: its bulk pipes and its vendor request give back what they
 * are given. Exit status: 0 all went well; 1 not.
 */
#include <windows.h>
#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <initguid.h>
#include <winusb.h>

DEFINE_GUID(GUID_DEVINTERFACE_EXAMPLE,
            0x8f1d2c5a,
            0x3b47,
            0x4e0c,
            0x9a,
            0x61,
            0x5c,
            0x2e,
            0x7d,
            0x94,
            0xb0,
            0x10);

#define REQUEST_ECHO 0x10
#define ISOCH_SETTING 1
#define ISOCH_TRANSFERS 3
#define ISOCH_FRAMES 10 /* of each transfer */

typedef struct _DEVICE {
    HANDLE File;
    WINUSB_INTERFACE_HANDLE Interface;
    UCHAR Speed, BulkIn, BulkOut;
} DEVICE;

static BOOL Failed(const char *What)
{
    fprintf(stderr, "%s: error %lu\n", What, (unsigned long)GetLastError());
    return FALSE;
}

/* --- Finding and opening -------------------------------------------------------------------- */

/* Opens one interface of a set by its path, whose length is asked for first. */
static HANDLE OpenInterface(HDEVINFO Set, PSP_DEVICE_INTERFACE_DATA Data)
{
    PSP_DEVICE_INTERFACE_DETAIL_DATA Detail;
    HANDLE File = INVALID_HANDLE_VALUE;
    DWORD Length = 0;

    SetupDiGetDeviceInterfaceDetail(Set, Data, NULL, 0, &Length, NULL);
    Detail = malloc(Length);
    if (!Detail)
        return File;
    Detail->cbSize = sizeof(*Detail);
    if (SetupDiGetDeviceInterfaceDetail(Set, Data, Detail, Length, NULL, NULL))
        File = CreateFile(Detail->DevicePath, GENERIC_READ | GENERIC_WRITE,
                          FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                          FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
    free(Detail);
    return File;
}

/* Opens the first device that is there. */
static BOOL OpenDevice(DEVICE *Device)
{
    SP_DEVICE_INTERFACE_DATA Data = { 0 };
    const HDEVINFO Set = SetupDiGetClassDevs(&GUID_DEVINTERFACE_EXAMPLE, NULL, NULL,
                                             DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);

    Device->File = INVALID_HANDLE_VALUE;
    if (Set == INVALID_HANDLE_VALUE)
        return Failed("SetupDiGetClassDevs");
    Data.cbSize = sizeof(Data);
    if (SetupDiEnumDeviceInterfaces(Set, NULL, &GUID_DEVINTERFACE_EXAMPLE, 0, &Data))
        Device->File = OpenInterface(Set, &Data);
    SetupDiDestroyDeviceInfoList(Set);
    if (Device->File == INVALID_HANDLE_VALUE)
        return Failed("Finding and opening the device");
    return WinUsb_Initialize(Device->File, &Device->Interface) || Failed("WinUsb_Initialize");
}

/* --- What it is and has --------------------------------------------------------------------- */

static BOOL QuerySpeed(DEVICE *Device)
{
    ULONG Length = sizeof(Device->Speed);

    if (!WinUsb_QueryDeviceInformation(Device->Interface, DEVICE_SPEED, &Length, &Device->Speed))
        return Failed("WinUsb_QueryDeviceInformation");
    printf("speed: %s\n", Device->Speed == HighSpeed ? "high or more" : "full or less");
    return TRUE;
}

/* Notes the last bulk pipe of each direction. */
static BOOL QueryPipes(DEVICE *Device)
{
    USB_INTERFACE_DESCRIPTOR Setting;

    if (!WinUsb_QueryInterfaceSettings(Device->Interface, 0, &Setting))
        return Failed("WinUsb_QueryInterfaceSettings");
    for (UCHAR i = 0; i < Setting.bNumEndpoints; i++) {
        WINUSB_PIPE_INFORMATION Pipe;

        if (!WinUsb_QueryPipe(Device->Interface, 0, i, &Pipe))
            return Failed("WinUsb_QueryPipe");
        printf("pipe %02x: type %d, %u bytes a packet\n", Pipe.PipeId, (int)Pipe.PipeType,
               Pipe.MaximumPacketSize);
        if (Pipe.PipeType == UsbdPipeTypeBulk)
            *(USB_ENDPOINT_DIRECTION_IN(Pipe.PipeId) ? &Device->BulkIn : &Device->BulkOut) =
                Pipe.PipeId;
    }
    return Device->BulkIn != 0 && Device->BulkOut != 0;
}

/* --- Control and bulk transfers ------------------------------------------------------------- */

static BOOL Control(const DEVICE *Device, UCHAR RequestType, PUCHAR Data, USHORT Length)
{
    WINUSB_SETUP_PACKET Setup = { 0 };
    ULONG Transferred = 0;

    Setup.RequestType = RequestType;
    Setup.Request = REQUEST_ECHO;
    Setup.Length = Length;
    if (!WinUsb_ControlTransfer(Device->Interface, Setup, Data, Length, &Transferred, NULL))
        return Failed("WinUsb_ControlTransfer");
    return Transferred == Length;
}

static BOOL EchoByControl(const DEVICE *Device)
{
    UCHAR Sent[] = "through the control pipe", Got[sizeof(Sent)] = { 0 };

    if (!Control(Device, 0x40, Sent, sizeof(Sent)) || !Control(Device, 0xc0, Got, sizeof(Got)))
        return FALSE;
    printf("control: %s\n", (const char *)Got);
    return memcmp(Sent, Got, sizeof(Sent)) == 0;
}

static BOOL EchoByBulk(const DEVICE *Device)
{
    UCHAR Sent[] = "through the bulk pipes", Got[512] = { 0 };
    ULONG Length = 0, Timeout = 1000;

    if (!WinUsb_SetPipePolicy(Device->Interface, Device->BulkIn, PIPE_TRANSFER_TIMEOUT,
                              sizeof(Timeout), &Timeout) ||
        !WinUsb_WritePipe(Device->Interface, Device->BulkOut, Sent, sizeof(Sent), &Length, NULL) ||
        !WinUsb_ReadPipe(Device->Interface, Device->BulkIn, Got, sizeof(Got), &Length, NULL))
        return Failed("WinUsb_SetPipePolicy, WinUsb_WritePipe, WinUsb_ReadPipe");
    printf("bulk: %s\n", (const char *)Got);
    return Length == sizeof(Sent) && memcmp(Sent, Got, sizeof(Sent)) == 0;
}

/* --- Isochronous transfers ------------------------------------------------------------------ */

typedef struct _STREAM {
    WINUSB_INTERFACE_HANDLE Interface;
    WINUSB_ISOCH_BUFFER_HANDLE Buffer;
    ULONG Packets, Length; /* of a transfer */
    PUSBD_ISO_PACKET_DESCRIPTOR Results;
} STREAM;

/* Begins all transfers, then waits for each. */
static BOOL ReadTransfers(const STREAM *Stream)
{
    OVERLAPPED Overlapped[ISOCH_TRANSFERS];
    ULONG Bytes = 0;
    DWORD Nothing;
    BOOL Ok = TRUE;

    memset(Overlapped, 0, sizeof(Overlapped));
    for (ULONG i = 0; i < ISOCH_TRANSFERS; i++) {
        Overlapped[i].hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
        if (!WinUsb_ReadIsochPipeAsap(Stream->Buffer, i * Stream->Length, Stream->Length, i > 0,
                                      Stream->Packets, Stream->Results + i * Stream->Packets,
                                      &Overlapped[i]) &&
            GetLastError() != ERROR_IO_PENDING)
            Ok = Failed("WinUsb_ReadIsochPipeAsap");
    }
    for (ULONG i = 0; i < ISOCH_TRANSFERS; i++) {
        if (!WinUsb_GetOverlappedResult(Stream->Interface, &Overlapped[i], &Nothing, TRUE))
            Ok = Failed("WinUsb_GetOverlappedResult");
        CloseHandle(Overlapped[i].hEvent);
    }
    for (ULONG i = 0; i < ISOCH_TRANSFERS * Stream->Packets; i++)
        Bytes += Stream->Results[i].Length;
    printf("isochronous: %lu packets, %lu bytes\n",
           (unsigned long)(ISOCH_TRANSFERS * Stream->Packets), (unsigned long)Bytes);
    return Ok;
}

/* A high-speed frame has up to eight packets, one each 2^(Interval - 1) microframes. */
static BOOL ReadStream(STREAM *Stream, UCHAR Speed, const WINUSB_PIPE_INFORMATION_EX *Pipe)
{
    const ULONG PacketsPerFrame =
        Speed == HighSpeed && Pipe->Interval < 4 ? 8u >> (Pipe->Interval - 1) : 1;
    PUCHAR Data;
    BOOL Ok = FALSE;

    Stream->Packets = ISOCH_FRAMES * PacketsPerFrame;
    Stream->Length = Stream->Packets * Pipe->MaximumBytesPerInterval;
    Stream->Results = calloc(ISOCH_TRANSFERS * Stream->Packets, sizeof(*Stream->Results));
    Data = calloc(ISOCH_TRANSFERS, Stream->Length);
    if (Data && Stream->Results &&
        WinUsb_RegisterIsochBuffer(Stream->Interface, Pipe->PipeId, Data,
                                   ISOCH_TRANSFERS * Stream->Length, &Stream->Buffer)) {
        Ok = ReadTransfers(Stream);
        WinUsb_UnregisterIsochBuffer(Stream->Buffer);
    } else {
        Failed("WinUsb_RegisterIsochBuffer");
    }
    free(Data);
    free(Stream->Results);
    return Ok;
}

/* The stream is the second interface's, in a setting that is not current at first. */
static BOOL ReadIsoch(const DEVICE *Device)
{
    STREAM Stream = { 0 };
    WINUSB_PIPE_INFORMATION_EX Pipe;
    BOOL Ok;

    if (!WinUsb_GetAssociatedInterface(Device->Interface, 0, &Stream.Interface))
        return Failed("WinUsb_GetAssociatedInterface");
    Ok = WinUsb_SetCurrentAlternateSetting(Stream.Interface, ISOCH_SETTING) &&
         WinUsb_QueryPipeEx(Stream.Interface, ISOCH_SETTING, 0, &Pipe) &&
         Pipe.PipeType == UsbdPipeTypeIsochronous && ReadStream(&Stream, Device->Speed, &Pipe);
    WinUsb_Free(Stream.Interface);
    return Ok || Failed("The isochronous stream");
}

int main(void)
{
    DEVICE Device = { 0 };
    const BOOL Ok = OpenDevice(&Device) && QuerySpeed(&Device) && QueryPipes(&Device) &&
                    EchoByControl(&Device) && EchoByBulk(&Device) && ReadIsoch(&Device);

    if (Device.Interface)
        WinUsb_Free(Device.Interface);
    if (Device.File != INVALID_HANDLE_VALUE)
        CloseHandle(Device.File);
    return Ok ? 0 : 1;
}
