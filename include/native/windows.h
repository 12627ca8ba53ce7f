/*
 * The few Win32 types and calls that a WinUSB program needs, for Linux only.
 *
 * The calls live in libwinusb.so. Each sets the thread's last error on failure and leaves it alone
 * on success, unless its comment says otherwise. All of them may be called from any thread.
 */
#ifndef _WINDOWS_
#define _WINDOWS_

#include <stdlib.h>
#include <string.h>

#include <windef.h>
#include <guiddef.h>
#include <winerror.h>

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

/* --- Files --------------------------------------------------------------------------------- */

#define GENERIC_READ 0x80000000U
#define GENERIC_WRITE 0x40000000U
#define GENERIC_EXECUTE 0x20000000U
#define GENERIC_ALL 0x10000000U

#define FILE_SHARE_READ 0x1
#define FILE_SHARE_WRITE 0x2
#define FILE_SHARE_DELETE 0x4

#define CREATE_NEW 1
#define CREATE_ALWAYS 2
#define OPEN_EXISTING 3
#define OPEN_ALWAYS 4
#define TRUNCATE_EXISTING 5

#define FILE_ATTRIBUTE_NORMAL 0x80
#define FILE_FLAG_OVERLAPPED 0x40000000U

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/* An overlapped request; all zero but hEvent when handed in. */
typedef struct _OVERLAPPED {
    ULONG_PTR Internal;     /* NTSTATUS: STATUS_PENDING until the request is done */
    ULONG_PTR InternalHigh; /* [bytes] transferred */
    __extension__ union {
        __extension__ struct {
            DWORD Offset;
            DWORD OffsetHigh;
        };
        PVOID Pointer;
    };
    HANDLE hEvent; /* set when the request is done; may be NULL */
} OVERLAPPED, *LPOVERLAPPED;

#define STATUS_PENDING ((DWORD)0x00000103)

/** Tells whether a request is done; what it wrote may be read when this is true. */
#define HasOverlappedIoCompleted(overlapped) \
    ((DWORD)__atomic_load_n(&(overlapped)->Internal, __ATOMIC_ACQUIRE) != STATUS_PENDING)

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Opens a USB function.
 *
 * Blocks while the devices are listed. Closed with CloseHandle(). That another program has the
 * function shows at WinUsb_Initialize(), not here as with Microsoft's.
 *
 * @param name        an interface path of SetupDiGetDeviceInterfaceDetail(), or a device node
 *                    /dev/bus/usb/BBB/DDD
 * @param access      GENERIC_READ | GENERIC_WRITE
 * @param share       ignored: a function has one user at a time
 * @param security    ignored, may be NULL
 * @param disposition OPEN_EXISTING
 * @param flags       FILE_FLAG_OVERLAPPED is what WinUsb_Initialize() asks for
 * @param template_file ignored, may be NULL
 *
 * @return a handle; INVALID_HANDLE_VALUE on failure, and GetLastError() then gives:
 *         ERROR_FILE_NOT_FOUND     no such device;
 *         ERROR_ACCESS_DENIED      this user may not open it;
 *         ERROR_INVALID_PARAMETER  name is NULL or no path, or disposition is another;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
HANDLE WINAPI CreateFileA(LPCSTR name,
                          DWORD access,
                          DWORD share,
                          LPSECURITY_ATTRIBUTES security,
                          DWORD disposition,
                          DWORD flags,
                          HANDLE template_file);

/** As CreateFileA(), with a name in UTF-16. */
HANDLE WINAPI CreateFileW(LPCWSTR name,
                          DWORD access,
                          DWORD share,
                          LPSECURITY_ATTRIBUTES security,
                          DWORD disposition,
                          DWORD flags,
                          HANDLE template_file);

/**
 * Closes a handle of CreateFile() or CreateEvent().
 *
 * @return FALSE with ERROR_INVALID_HANDLE when it is not, or no longer, open
 */
BOOL WINAPI CloseHandle(HANDLE handle);

/**
 * Tells how an overlapped request ended, or waits for its end.
 *
 * Waits for the request's event, or, when it has none, for the file's own, which any request on the
 * file sets; looks first whether the request is done, so that the signal of an auto-reset event may
 * be consumed before.
 *
 * @param file        handle the request was made on
 * @param overlapped  the request
 * @param bytes       [bytes] transferred; set on success, and when a request has failed
 * @param wait        whether to block until the request is done
 *
 * @return TRUE when the request succeeded. FALSE otherwise; GetLastError() then gives:
 *         ERROR_IO_INCOMPLETE      it is not done, and wait is FALSE, or something else has set
 *                                  the event;
 *         ERROR_INVALID_HANDLE     it is not done, and neither its event nor the file is open;
 *         ERROR_INVALID_PARAMETER  overlapped or bytes is NULL;
 *         otherwise the error that the request ended with
 */
BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, BOOL wait);

/** Cancels what the calling thread has pending on a file.
 *  @return FALSE with ERROR_INVALID_HANDLE when the file is not open */
BOOL WINAPI CancelIo(HANDLE file);

/** Cancels one request, or with NULL all that are pending on a file.
 *  @return FALSE with ERROR_INVALID_HANDLE, or with ERROR_NOT_FOUND when nothing is pending */
BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped);

/* --- Last error ---------------------------------------------------------------------------- */

/** Gives the calling thread's last error; 0 at its start. */
DWORD WINAPI GetLastError(void);
/** Sets the calling thread's last error. */
void WINAPI SetLastError(DWORD error);

/* --- Events and waiting -------------------------------------------------------------------- */

#define INFINITE 0xffffffffU
#define MAXIMUM_WAIT_OBJECTS 64
#define WAIT_OBJECT_0 0U
#define WAIT_ABANDONED_0 0x80U
#define WAIT_FAILED 0xffffffffU

/**
 * Makes an event.
 *
 * @param security      ignored, may be NULL
 * @param manual_reset  FALSE: a wait that ends by it resets it
 * @param initial_state whether it is set to begin with
 * @param name          NULL: events without a name only
 *
 * @return a handle, to be closed with CloseHandle(); NULL on failure, and GetLastError() gives:
 *         ERROR_NOT_SUPPORTED      name is not NULL;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES security,
                           BOOL manual_reset,
                           BOOL initial_state,
                           LPCSTR name);
/** As CreateEventA(). */
HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES security,
                           BOOL manual_reset,
                           BOOL initial_state,
                           LPCWSTR name);

/** Sets an event. @return FALSE with ERROR_INVALID_HANDLE when it is not open */
BOOL WINAPI SetEvent(HANDLE event);
/** Resets an event. @return FALSE with ERROR_INVALID_HANDLE when it is not open */
BOOL WINAPI ResetEvent(HANDLE event);

/**
 * Waits for an event, or for a file's own event.
 *
 * @param handle        event or file
 * @param milliseconds  [ms] at most; 0: only look; INFINITE: for ever
 *
 * @return WAIT_OBJECT_0 when it was set; WAIT_TIMEOUT; WAIT_FAILED with ERROR_INVALID_HANDLE
 */
DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD milliseconds);

/**
 * Waits for one or all of several events or files.
 *
 * @param count         [1..MAXIMUM_WAIT_OBJECTS] of handles
 * @param handles       events and files, each once
 * @param all           whether all must be set at one time; none is reset before
 * @param milliseconds  [ms] at most; 0: only look; INFINITE: for ever
 *
 * @return WAIT_OBJECT_0 plus the index of the first that was set (0 for all); WAIT_TIMEOUT;
 *         WAIT_FAILED, and GetLastError() then gives:
 *         ERROR_INVALID_HANDLE     one of them is not open;
 *         ERROR_INVALID_PARAMETER  count out of range, handles is NULL, or one occurs twice and
 *                                  all are asked for
 */
DWORD WINAPI WaitForMultipleObjects(DWORD count,
                                    const HANDLE *handles,
                                    BOOL all,
                                    DWORD milliseconds);

/* --- Time ---------------------------------------------------------------------------------- */

/** Reads the performance counter: CLOCK_MONOTONIC_RAW in units of 100 ns.
 *  @return TRUE; FALSE with ERROR_NOACCESS when @p counter is NULL */
BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *counter);
/** Gives the counter's rate [ticks/s]: ten million.
 *  @return TRUE; FALSE with ERROR_NOACCESS when @p frequency is NULL */
BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency);
/** Sleeps. @param milliseconds  [ms]; 0: returns at once; INFINITE: for ever */
void WINAPI Sleep(DWORD milliseconds);

#ifdef __cplusplus
}
#endif

#ifdef UNICODE
#define CreateFile CreateFileW
#define CreateEvent CreateEventW
#else
#define CreateFile CreateFileA
#define CreateEvent CreateEventA
#endif

/* --- Types of what SetupDi and CfgMgr32 tell ------------------------------------------------ */

#define REG_NONE 0
#define REG_SZ 1
#define REG_BINARY 3
#define REG_DWORD 4
#define REG_MULTI_SZ 7

/* --- Memory: what Microsoft's own WinUSB sample uses --------------------------------------- */

#define LMEM_FIXED 0x0
#define LMEM_ZEROINIT 0x40
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)

#define ZeroMemory(destination, length) memset((destination), 0, (length))
#define CopyMemory(destination, source, length) memcpy((destination), (source), (length))
#define FillMemory(destination, length, value) memset((destination), (value), (length))

/** Allocates memory, zeroed with LMEM_ZEROINIT; NULL when there is none. Freed by LocalFree(). */
static inline HLOCAL LocalAlloc(UINT flags, SIZE_T size)
{
    return (flags & LMEM_ZEROINIT) != 0 ? calloc(1, size) : malloc(size);
}

/** Frees memory of LocalAlloc(). @return NULL */
static inline HLOCAL LocalFree(HLOCAL memory)
{
    free(memory);
    return NULL;
}

#endif
