#include "double.h"

#include <math.h>
#include <string.h>

#include "winusb.h"

static struct double_state state = { .result = TRUE,
                                     .writes = true,
                                     .handle = 0x7654321000 & UINTPTR_MAX };

struct double_state *WINAPI double_state(void);

struct double_state *WINAPI double_state(void)
{
    return &state;
}

/* Loading a DLL may do what it likes to the last error. */
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    UNREFERENCED_PARAMETER(self);
    UNREFERENCED_PARAMETER(reason);
    UNREFERENCED_PARAMETER(reserved);
    SetLastError(ERROR_GEN_FAILURE);
    return TRUE;
}

/* --- Writing down ---------------------------------------------------------------------------- */

static uint64_t of_bytes(const void *bytes, size_t size)
{
    uint64_t value = 0;

    memcpy(&value, bytes, size);
    return value;
}

#define P(pointer) ((uint64_t)(uintptr_t)(pointer))
#define N(number) ((uint64_t)(uint32_t)(number))
#define S(structure) of_bytes(&(structure), sizeof(structure))

/* RECORD(P(handle), N(pipe)): what the function was called with */
#define RECORD(...)                                                            \
    do {                                                                       \
        const uint64_t arguments[] = { __VA_ARGS__ };                          \
        record(__func__, arguments, sizeof(arguments) / sizeof(arguments[0])); \
    } while (0)

static void record(const char *name, const uint64_t *arguments, size_t count)
{
    struct double_call *call = &state.call[(InterlockedIncrement(&state.calls) - 1) % DOUBLE_CALLS];

    call->name = name;
    call->count = (unsigned)count;
    memcpy(call->arguments, arguments, count * sizeof(arguments[0]));
}

/* --- Answering ------------------------------------------------------------------------------- */

/* WRITE(transferred): an output */
#define WRITE(output) write_to(output, sizeof(*(output)))

static void write_to(void *output, size_t size)
{
    if (state.writes && output)
        memset(output, 0x5A, size);
}

static void give_handle(HANDLE *handle_out)
{
    if (!state.result || !state.writes)
        return;
    *handle_out = (HANDLE)state.handle;
    state.handle += 0x10;
}

static ULONG_PTR result(void)
{
    if (state.sets_error)
        SetLastError(state.error);
    return state.result;
}

static BOOL answer(void)
{
    return (BOOL)result();
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* --- Opening and closing --------------------------------------------------------------------- */

BOOL WINAPI WinUsb_Initialize(HANDLE file, PWINUSB_INTERFACE_HANDLE handle)
{
    RECORD(P(file));
    give_handle(handle);
    return answer();
}

BOOL WINAPI WinUsb_Free(WINUSB_INTERFACE_HANDLE handle)
{
    RECORD(P(handle));
    if ((ULONG_PTR)handle > state.freed)
        state.freed = (ULONG_PTR)handle;
    if (state.released)
        SetEvent(state.released);
    return answer();
}

BOOL WINAPI WinUsb_GetAssociatedInterface(WINUSB_INTERFACE_HANDLE handle,
                                          UCHAR index,
                                          PWINUSB_INTERFACE_HANDLE associated)
{
    RECORD(P(handle), N(index));
    give_handle(associated);
    return answer();
}

/* --- Descriptors and settings ----------------------------------------------------------------- */

BOOL WINAPI WinUsb_GetDescriptor(WINUSB_INTERFACE_HANDLE handle,
                                 UCHAR type,
                                 UCHAR index,
                                 USHORT language,
                                 PUCHAR buffer,
                                 ULONG length,
                                 PULONG transferred)
{
    RECORD(P(handle), N(type), N(index), N(language), P(buffer), N(length), P(transferred));
    WRITE(transferred);
    if (state.configuration && state.result) {
        *transferred = min(length, state.configuration_size);
        memcpy(buffer, state.configuration, *transferred);
    }
    return answer();
}

/* Of interface 0, whose settings have the numbers that they are asked by. */
BOOL WINAPI WinUsb_QueryInterfaceSettings(WINUSB_INTERFACE_HANDLE handle,
                                          UCHAR index,
                                          PUSB_INTERFACE_DESCRIPTOR setting)
{
    RECORD(P(handle), N(index), P(setting));
    WRITE(setting);
    if (state.configuration) {
        setting->bInterfaceNumber = 0;
        setting->bAlternateSetting = index;
    }
    return answer();
}

BOOL WINAPI WinUsb_QueryDeviceInformation(WINUSB_INTERFACE_HANDLE handle,
                                          ULONG type,
                                          PULONG length,
                                          PVOID buffer)
{
    RECORD(P(handle), N(type), P(length), P(buffer));
    WRITE(length);
    if (state.configuration)
        *(UCHAR *)buffer = HighSpeed;
    return answer();
}

BOOL WINAPI WinUsb_SetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE handle, UCHAR setting)
{
    RECORD(P(handle), N(setting));
    return answer();
}

BOOL WINAPI WinUsb_GetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE handle, PUCHAR setting)
{
    RECORD(P(handle), P(setting));
    WRITE(setting);
    return answer();
}

BOOL WINAPI WinUsb_QueryPipe(WINUSB_INTERFACE_HANDLE handle,
                             UCHAR setting,
                             UCHAR index,
                             PWINUSB_PIPE_INFORMATION information)
{
    RECORD(P(handle), N(setting), N(index), P(information));
    WRITE(information);
    return answer();
}

BOOL WINAPI WinUsb_QueryPipeEx(WINUSB_INTERFACE_HANDLE handle,
                               UCHAR setting,
                               UCHAR index,
                               PWINUSB_PIPE_INFORMATION_EX information)
{
    RECORD(P(handle), N(setting), N(index), P(information));
    WRITE(information);
    return answer();
}

/* --- Pipes ----------------------------------------------------------------------------------- */

BOOL WINAPI WinUsb_SetPipePolicy(WINUSB_INTERFACE_HANDLE handle,
                                 UCHAR pipe,
                                 ULONG policy,
                                 ULONG length,
                                 PVOID value)
{
    RECORD(P(handle), N(pipe), N(policy), N(length), P(value));
    return answer();
}

BOOL WINAPI WinUsb_GetPipePolicy(WINUSB_INTERFACE_HANDLE handle,
                                 UCHAR pipe,
                                 ULONG policy,
                                 PULONG length,
                                 PVOID value)
{
    RECORD(P(handle), N(pipe), N(policy), P(length), P(value));
    WRITE(length);
    return answer();
}

BOOL WINAPI WinUsb_ReadPipe(WINUSB_INTERFACE_HANDLE handle,
                            UCHAR pipe,
                            PUCHAR buffer,
                            ULONG length,
                            PULONG transferred,
                            LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(pipe), P(buffer), N(length), P(transferred), P(overlapped));
    WRITE(transferred);
    if (!state.blocks)
        return answer();

    SetEvent(state.blocks);
    WaitForSingleObject(state.released, INFINITE);
    return fail(ERROR_OPERATION_ABORTED);
}

BOOL WINAPI WinUsb_WritePipe(WINUSB_INTERFACE_HANDLE handle,
                             UCHAR pipe,
                             PUCHAR buffer,
                             ULONG length,
                             PULONG transferred,
                             LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(pipe), P(buffer), N(length), P(transferred), P(overlapped));
    WRITE(transferred);
    return answer();
}

BOOL WINAPI WinUsb_ControlTransfer(WINUSB_INTERFACE_HANDLE handle,
                                   WINUSB_SETUP_PACKET setup,
                                   PUCHAR buffer,
                                   ULONG length,
                                   PULONG transferred,
                                   LPOVERLAPPED overlapped)
{
    RECORD(P(handle), S(setup), P(buffer), N(length), P(transferred), P(overlapped));
    WRITE(transferred);
    return answer();
}

BOOL WINAPI WinUsb_ResetPipe(WINUSB_INTERFACE_HANDLE handle, UCHAR pipe)
{
    RECORD(P(handle), N(pipe));
    return answer();
}

BOOL WINAPI WinUsb_AbortPipe(WINUSB_INTERFACE_HANDLE handle, UCHAR pipe)
{
    RECORD(P(handle), N(pipe));
    if (state.released)
        SetEvent(state.released);
    return answer();
}

BOOL WINAPI WinUsb_FlushPipe(WINUSB_INTERFACE_HANDLE handle, UCHAR pipe)
{
    RECORD(P(handle), N(pipe));
    return answer();
}

BOOL WINAPI WinUsb_AbortPipeAsync(WINUSB_INTERFACE_HANDLE handle,
                                  UCHAR pipe,
                                  LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(pipe), P(overlapped));
    return answer();
}

BOOL WINAPI WinUsb_ResetPipeAsync(WINUSB_INTERFACE_HANDLE handle,
                                  UCHAR pipe,
                                  LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(pipe), P(overlapped));
    return answer();
}

BOOL WINAPI WinUsb_SetCurrentAlternateSettingAsync(WINUSB_INTERFACE_HANDLE handle,
                                                   UCHAR setting,
                                                   LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(setting), P(overlapped));
    return answer();
}

BOOL WINAPI WinUsb_SetPowerPolicy(WINUSB_INTERFACE_HANDLE handle,
                                  ULONG policy,
                                  ULONG length,
                                  PVOID value)
{
    RECORD(P(handle), N(policy), N(length), P(value));
    return answer();
}

BOOL WINAPI WinUsb_GetPowerPolicy(WINUSB_INTERFACE_HANDLE handle,
                                  ULONG policy,
                                  PULONG length,
                                  PVOID value)
{
    RECORD(P(handle), N(policy), P(length), P(value));
    WRITE(length);
    return answer();
}

BOOL WINAPI WinUsb_GetOverlappedResult(WINUSB_INTERFACE_HANDLE handle,
                                       LPOVERLAPPED overlapped,
                                       LPDWORD transferred,
                                       BOOL wait)
{
    RECORD(P(handle), P(overlapped), P(transferred), N(wait));
    WRITE(transferred);
    return answer();
}

/* --- Descriptors that the program holds ---------------------------------------------------- */

PUSB_INTERFACE_DESCRIPTOR WINAPI
WinUsb_ParseConfigurationDescriptor(PUSB_CONFIGURATION_DESCRIPTOR configuration,
                                    PVOID start,
                                    LONG number,
                                    LONG alternate,
                                    LONG class_code,
                                    LONG subclass,
                                    LONG protocol)
{
    RECORD(P(configuration), P(start), N(number), N(alternate), N(class_code), N(subclass),
           N(protocol));
    return (PUSB_INTERFACE_DESCRIPTOR)result();
}

PUSB_COMMON_DESCRIPTOR WINAPI WinUsb_ParseDescriptors(PVOID descriptors,
                                                      ULONG length,
                                                      PVOID start,
                                                      LONG type)
{
    RECORD(P(descriptors), N(length), P(start), N(type));
    return (PUSB_COMMON_DESCRIPTOR)result();
}

/* --- Isochronous transfers ----------------------------------------------------------------- */

BOOL WINAPI WinUsb_RegisterIsochBuffer(WINUSB_INTERFACE_HANDLE handle,
                                       UCHAR pipe,
                                       PUCHAR buffer,
                                       ULONG length,
                                       PWINUSB_ISOCH_BUFFER_HANDLE buffer_handle)
{
    RECORD(P(handle), N(pipe), P(buffer), N(length));
    give_handle(buffer_handle);
    return answer();
}

BOOL WINAPI WinUsb_UnregisterIsochBuffer(WINUSB_ISOCH_BUFFER_HANDLE handle)
{
    RECORD(P(handle));
    return answer();
}

BOOL WINAPI WinUsb_WriteIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE handle,
                                  ULONG offset,
                                  ULONG length,
                                  PULONG frame,
                                  LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(offset), N(length), P(frame), P(overlapped));
    WRITE(frame);
    return answer();
}

BOOL WINAPI WinUsb_ReadIsochPipe(WINUSB_ISOCH_BUFFER_HANDLE handle,
                                 ULONG offset,
                                 ULONG length,
                                 PULONG frame,
                                 ULONG packets,
                                 PUSBD_ISO_PACKET_DESCRIPTOR results,
                                 LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(offset), N(length), P(frame), N(packets), P(results), P(overlapped));
    WRITE(frame);
    WRITE(results);
    return answer();
}

BOOL WINAPI WinUsb_WriteIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE handle,
                                      ULONG offset,
                                      ULONG length,
                                      BOOL continues,
                                      LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(offset), N(length), N(continues), P(overlapped));
    return answer();
}

BOOL WINAPI WinUsb_ReadIsochPipeAsap(WINUSB_ISOCH_BUFFER_HANDLE handle,
                                     ULONG offset,
                                     ULONG length,
                                     BOOL continues,
                                     ULONG packets,
                                     PUSBD_ISO_PACKET_DESCRIPTOR results,
                                     LPOVERLAPPED overlapped)
{
    RECORD(P(handle), N(offset), N(length), N(continues), N(packets), P(results), P(overlapped));
    WRITE(results);
    return answer();
}

/* --- Frame numbers ------------------------------------------------------------------------- */

static int64_t now(void)
{
    LARGE_INTEGER counter;

    QueryPerformanceCounter(&counter);
    return counter.QuadPart;
}

/* [ticks of 100 ns] a few us, now and then up to a millisecond. */
static int64_t time_to_spend(void)
{
    state.counter.seed = state.counter.seed * 1103515245 + 12345;

    const unsigned long random = state.counter.seed >> 16 & 0x7FFF;

    return random % 200 == 0 ? (int64_t)(random % 10000) : (int64_t)(10 + random % 20);
}

static void spend(int64_t ticks)
{
    const int64_t until = now() + ticks;

    while (now() < until)
        ;
}

static BOOL read_counter(PULONG frame, LARGE_INTEGER *time)
{
    spend(time_to_spend());
    AcquireSRWLockShared(&state.changing);
    time->QuadPart = now();
    *frame = state.counter.first +
             (ULONG)(int64_t)floor((double)(time->QuadPart - state.counter.origin) /
                                   state.counter.period);
    ReleaseSRWLockShared(&state.changing);
    spend(time_to_spend());
    return state.counter.error ? fail(state.counter.error) : TRUE;
}

BOOL WINAPI WinUsb_GetCurrentFrameNumber(WINUSB_INTERFACE_HANDLE handle,
                                         PULONG frame,
                                         LARGE_INTEGER *time)
{
    RECORD(P(handle), P(frame), P(time));
    if ((ULONG_PTR)handle <= state.freed)
        InterlockedIncrement(&state.after_freeing);
    if (state.counter.period > 0)
        return read_counter(frame, time);

    WRITE(frame);
    WRITE(time);
    return answer();
}

BOOL WINAPI WinUsb_GetAdjustedFrameNumber(PULONG frame, LARGE_INTEGER time)
{
    RECORD(P(frame), S(time));
    WRITE(frame);
    return answer();
}

BOOL WINAPI WinUsb_StartTrackingForTimeSync(WINUSB_INTERFACE_HANDLE handle,
                                            PUSB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info)
{
    RECORD(P(handle), P(info));
    WRITE(info);
    return answer();
}

BOOL WINAPI
WinUsb_GetCurrentFrameNumberAndQpc(WINUSB_INTERFACE_HANDLE handle,
                                   PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info)
{
    RECORD(P(handle), P(info));
    WRITE(info);
    return answer();
}

BOOL WINAPI WinUsb_StopTrackingForTimeSync(WINUSB_INTERFACE_HANDLE handle,
                                           PUSB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info)
{
    RECORD(P(handle), P(info));
    return answer();
}
