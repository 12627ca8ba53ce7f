/*
 * Finding USB functions by their interface GUIDs, for Linux only.
 *
 * Each call sets the thread's last error on failure. Any thread may call them; one device
 * information set is used by one thread at a time.
 */
#ifndef _INC_SETUPAPI
#define _INC_SETUPAPI

#include <windows.h>

typedef PVOID HDEVINFO;

#define DIGCF_DEFAULT 0x1
#define DIGCF_PRESENT 0x2
#define DIGCF_ALLCLASSES 0x4
#define DIGCF_PROFILE 0x8
#define DIGCF_DEVICEINTERFACE 0x10

#define SPINT_ACTIVE 0x1
#define SPINT_DEFAULT 0x2
#define SPINT_REMOVED 0x4

/* Packed to bytes in 32-bit programs, as on Windows. */
#if __SIZEOF_POINTER__ == 4
#pragma pack(push, 1)
#else
#pragma pack(push, 8)
#endif

typedef struct _SP_DEVINFO_DATA {
    DWORD cbSize; /* the caller's: sizeof(SP_DEVINFO_DATA) */
    GUID ClassGuid;
    DWORD DevInst;
    ULONG_PTR Reserved;
} SP_DEVINFO_DATA, *PSP_DEVINFO_DATA;

typedef struct _SP_DEVICE_INTERFACE_DATA {
    DWORD cbSize; /* the caller's: sizeof(SP_DEVICE_INTERFACE_DATA) */
    GUID InterfaceClassGuid;
    DWORD Flags; /* SPINT_* */
    ULONG_PTR Reserved;
} SP_DEVICE_INTERFACE_DATA, *PSP_DEVICE_INTERFACE_DATA;

/* cbSize: the caller's, the size of the fixed part; never the size of the whole buffer. */
typedef struct _SP_DEVICE_INTERFACE_DETAIL_DATA_A {
    DWORD cbSize;
    CHAR DevicePath[1];
} SP_DEVICE_INTERFACE_DETAIL_DATA_A, *PSP_DEVICE_INTERFACE_DETAIL_DATA_A;

typedef struct _SP_DEVICE_INTERFACE_DETAIL_DATA_W {
    DWORD cbSize;
    WCHAR DevicePath[1];
} SP_DEVICE_INTERFACE_DETAIL_DATA_W, *PSP_DEVICE_INTERFACE_DETAIL_DATA_W;

#pragma pack(pop)

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Lists the USB functions that are present.
 *
 * Blocks while devices are looked at. What comes and goes later does not change the set.
 *
 * @param guid        interface class asked for, or NULL with DIGCF_ALLCLASSES
 * @param enumerator  ignored, may be NULL
 * @param parent      ignored, may be NULL
 * @param flags       DIGCF_DEVICEINTERFACE, usually with DIGCF_PRESENT
 *
 * @return a set, maybe an empty one, to be freed with SetupDiDestroyDeviceInfoList();
 *         INVALID_HANDLE_VALUE on failure
 */
HDEVINFO WINAPI SetupDiGetClassDevsA(const GUID *guid, PCSTR enumerator, HWND parent, DWORD flags);
/** As SetupDiGetClassDevsA(). */
HDEVINFO WINAPI SetupDiGetClassDevsW(const GUID *guid, PCWSTR enumerator, HWND parent, DWORD flags);

/**
 * Gives one interface of a set.
 *
 * @param set        of SetupDiGetClassDevs()
 * @param device     ignored, may be NULL
 * @param guid       interface class asked for
 * @param index      [0..]
 * @param data       cbSize set by the caller; the rest filled in on success
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_NO_MORE_ITEMS        index is beyond the last;
 *         ERROR_INVALID_HANDLE       set is not open;
 *         ERROR_INVALID_PARAMETER    guid is NULL;
 *         ERROR_INVALID_USER_BUFFER  data is NULL or its cbSize wrong
 */
BOOL WINAPI SetupDiEnumDeviceInterfaces(HDEVINFO set,
                                        PSP_DEVINFO_DATA device,
                                        const GUID *guid,
                                        DWORD index,
                                        PSP_DEVICE_INTERFACE_DATA data);

/**
 * Gives the path of an interface, as CreateFile() takes it.
 *
 * @param set       the set that @p data comes from
 * @param data      of SetupDiEnumDeviceInterfaces()
 * @param detail    cbSize set by the caller to the size of the structure's fixed part; the path is
 *                  filled in on success. May be NULL when size is 0
 * @param size      [bytes] of detail in all
 * @param required  [bytes] needed; set also when they are too few; may be NULL
 * @param device    filled in on success; may be NULL
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INSUFFICIENT_BUFFER  size is too small;
 *         ERROR_INVALID_USER_BUFFER  detail's cbSize is wrong, or size and detail contradict;
 *         ERROR_INVALID_PARAMETER    data is NULL or not of this set;
 *         ERROR_INVALID_HANDLE       set is not open
 */
BOOL WINAPI SetupDiGetDeviceInterfaceDetailA(HDEVINFO set,
                                             PSP_DEVICE_INTERFACE_DATA data,
                                             PSP_DEVICE_INTERFACE_DETAIL_DATA_A detail,
                                             DWORD size,
                                             PDWORD required,
                                             PSP_DEVINFO_DATA device);
/** As SetupDiGetDeviceInterfaceDetailA(), with the path in UTF-16. */
BOOL WINAPI SetupDiGetDeviceInterfaceDetailW(HDEVINFO set,
                                             PSP_DEVICE_INTERFACE_DATA data,
                                             PSP_DEVICE_INTERFACE_DETAIL_DATA_W detail,
                                             DWORD size,
                                             PDWORD required,
                                             PSP_DEVINFO_DATA device);

/** Frees a set. @return FALSE with ERROR_INVALID_HANDLE when it is not open */
BOOL WINAPI SetupDiDestroyDeviceInfoList(HDEVINFO set);

#ifdef __cplusplus
}
#endif

#ifdef UNICODE
typedef SP_DEVICE_INTERFACE_DETAIL_DATA_W SP_DEVICE_INTERFACE_DETAIL_DATA;
typedef PSP_DEVICE_INTERFACE_DETAIL_DATA_W PSP_DEVICE_INTERFACE_DETAIL_DATA;
#define SetupDiGetClassDevs SetupDiGetClassDevsW
#define SetupDiGetDeviceInterfaceDetail SetupDiGetDeviceInterfaceDetailW
#else
typedef SP_DEVICE_INTERFACE_DETAIL_DATA_A SP_DEVICE_INTERFACE_DETAIL_DATA;
typedef PSP_DEVICE_INTERFACE_DETAIL_DATA_A PSP_DEVICE_INTERFACE_DETAIL_DATA;
#define SetupDiGetClassDevs SetupDiGetClassDevsA
#define SetupDiGetDeviceInterfaceDetail SetupDiGetDeviceInterfaceDetailA
#endif

#endif
