/*
 * Finding USB functions by their interface GUIDs, for Linux only.
 *
 * Each call sets the thread's last error on failure. Any thread may call them; one device
 * information set is used by one thread at a time.
 */
#ifndef _INC_SETUPAPI
#define _INC_SETUPAPI

#include <windows.h>
#include <devpropdef.h>

typedef PVOID HDEVINFO;

#define DIGCF_DEFAULT 0x1
#define DIGCF_PRESENT 0x2
#define DIGCF_ALLCLASSES 0x4
#define DIGCF_PROFILE 0x8
#define DIGCF_DEVICEINTERFACE 0x10

/* What SetupDiGetDeviceRegistryProperty() tells. */
#define SPDRP_DEVICEDESC 0x00
#define SPDRP_HARDWAREID 0x01
#define SPDRP_COMPATIBLEIDS 0x02
#define SPDRP_SERVICE 0x04
#define SPDRP_CLASS 0x07
#define SPDRP_CLASSGUID 0x08
#define SPDRP_DRIVER 0x09
#define SPDRP_CONFIGFLAGS 0x0A
#define SPDRP_MFG 0x0B
#define SPDRP_FRIENDLYNAME 0x0C
#define SPDRP_LOCATION_INFORMATION 0x0D
#define SPDRP_PHYSICAL_DEVICE_OBJECT_NAME 0x0E
#define SPDRP_CAPABILITIES 0x0F
#define SPDRP_BUSNUMBER 0x15
#define SPDRP_ENUMERATOR_NAME 0x16
#define SPDRP_ADDRESS 0x1C
#define SPDRP_REMOVAL_POLICY 0x1F
#define SPDRP_INSTALL_STATE 0x22
#define SPDRP_LOCATION_PATHS 0x23
#define SPDRP_BASE_CONTAINERID 0x24

#define ERROR_NO_SUCH_DEVINST ((DWORD)0xE000020B)

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
    DWORD DevInst; /* the number of its node, for CfgMgr32 */
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
 * @param guid        interface class asked for, or without DIGCF_DEVICEINTERFACE a setup class; or
 *                    NULL with DIGCF_ALLCLASSES
 * @param enumerator  ignored, may be NULL
 * @param parent      ignored, may be NULL
 * @param flags       DIGCF_DEVICEINTERFACE, usually with DIGCF_PRESENT; without it the set is of
 *                    devices only
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

/**
 * Gives one device of a set.
 *
 * @param set     of SetupDiGetClassDevs()
 * @param index   [0..]
 * @param device  cbSize set by the caller; the rest filled in on success
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives ERROR_NO_MORE_ITEMS,
 *         ERROR_INVALID_HANDLE or ERROR_INVALID_USER_BUFFER
 */
BOOL WINAPI SetupDiEnumDeviceInfo(HDEVINFO set, DWORD index, PSP_DEVINFO_DATA device);

/**
 * Gives a device's instance ID, `USB\VID_1234&PID_5678\SN1`.
 *
 * @param set       the set that @p device comes from
 * @param device    of SetupDiEnumDeviceInfo() or SetupDiGetDeviceInterfaceDetail()
 * @param id        filled in on success; may be NULL when size is 0
 * @param size      [characters] of id
 * @param required  [characters] needed, with the NUL; set also when they are too few; may be NULL
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives:
 *         ERROR_INSUFFICIENT_BUFFER  size is too small;
 *         ERROR_INVALID_USER_BUFFER  id is NULL, and size is not 0;
 *         ERROR_INVALID_PARAMETER    device is NULL or not of this set;
 *         ERROR_INVALID_HANDLE       set is not open
 */
BOOL WINAPI SetupDiGetDeviceInstanceIdA(HDEVINFO set,
                                        PSP_DEVINFO_DATA device,
                                        PSTR id,
                                        DWORD size,
                                        PDWORD required);
/** As SetupDiGetDeviceInstanceIdA(), in UTF-16. */
BOOL WINAPI SetupDiGetDeviceInstanceIdW(HDEVINFO set,
                                        PSP_DEVINFO_DATA device,
                                        PWSTR id,
                                        DWORD size,
                                        PDWORD required);

/**
 * Tells something of a device.
 *
 * @param set       the set that @p device comes from
 * @param device    of SetupDiEnumDeviceInfo() or SetupDiGetDeviceInterfaceDetail()
 * @param property  SPDRP_*
 * @param type      REG_SZ, REG_MULTI_SZ or REG_DWORD, set on success; may be NULL
 * @param data      filled in on success; may be NULL when size is 0
 * @param size      [bytes] of data
 * @param required  [bytes] needed; set also when they are too few; may be NULL
 *
 * @return TRUE on success. FALSE on failure; GetLastError() then gives as
 *         SetupDiGetDeviceInstanceIdA(), and ERROR_INVALID_DATA when the device has none
 */
BOOL WINAPI SetupDiGetDeviceRegistryPropertyA(HDEVINFO set,
                                              PSP_DEVINFO_DATA device,
                                              DWORD property,
                                              PDWORD type,
                                              PBYTE data,
                                              DWORD size,
                                              PDWORD required);
/** As SetupDiGetDeviceRegistryPropertyA(), with texts in UTF-16. */
BOOL WINAPI SetupDiGetDeviceRegistryPropertyW(HDEVINFO set,
                                              PSP_DEVINFO_DATA device,
                                              DWORD property,
                                              PDWORD type,
                                              PBYTE data,
                                              DWORD size,
                                              PDWORD required);

/**
 * Tells something of a device, by a key of devpkey.h.
 *
 * @param type      DEVPROP_TYPE_*, set on success
 * @param flags     0
 *
 * @return as SetupDiGetDeviceRegistryPropertyA(), but ERROR_NOT_FOUND when the device has none;
 *         ERROR_INVALID_FLAGS when flags is not 0
 */
BOOL WINAPI SetupDiGetDevicePropertyW(HDEVINFO set,
                                      PSP_DEVINFO_DATA device,
                                      const DEVPROPKEY *key,
                                      DEVPROPTYPE *type,
                                      PBYTE data,
                                      DWORD size,
                                      PDWORD required,
                                      DWORD flags);

/**
 * Lists the keys of the properties that a device has.
 *
 * @param keys      filled in on success; may be NULL when count is 0
 * @param count     how many there is room for
 * @param required  how many there are; set also when there is too little room; may be NULL
 * @param flags     0
 *
 * @return as SetupDiGetDevicePropertyW()
 */
BOOL WINAPI SetupDiGetDevicePropertyKeys(HDEVINFO set,
                                         PSP_DEVINFO_DATA device,
                                         DEVPROPKEY *keys,
                                         DWORD count,
                                         PDWORD required,
                                         DWORD flags);

/** Tells something of an interface: DEVPKEY_Device_InstanceId, DEVPKEY_DeviceInterface_*.
 *  @return as SetupDiGetDevicePropertyW() */
BOOL WINAPI SetupDiGetDeviceInterfacePropertyW(HDEVINFO set,
                                               PSP_DEVICE_INTERFACE_DATA data,
                                               const DEVPROPKEY *key,
                                               DEVPROPTYPE *type,
                                               PBYTE buffer,
                                               DWORD size,
                                               PDWORD required,
                                               DWORD flags);

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
#define SetupDiGetDeviceInstanceId SetupDiGetDeviceInstanceIdW
#define SetupDiGetDeviceRegistryProperty SetupDiGetDeviceRegistryPropertyW
#else
typedef SP_DEVICE_INTERFACE_DETAIL_DATA_A SP_DEVICE_INTERFACE_DETAIL_DATA;
typedef PSP_DEVICE_INTERFACE_DETAIL_DATA_A PSP_DEVICE_INTERFACE_DETAIL_DATA;
#define SetupDiGetClassDevs SetupDiGetClassDevsA
#define SetupDiGetDeviceInterfaceDetail SetupDiGetDeviceInterfaceDetailA
#define SetupDiGetDeviceInstanceId SetupDiGetDeviceInstanceIdA
#define SetupDiGetDeviceRegistryProperty SetupDiGetDeviceRegistryPropertyA
#endif

#define SetupDiGetDeviceProperty SetupDiGetDevicePropertyW
#define SetupDiGetDeviceInterfaceProperty SetupDiGetDeviceInterfacePropertyW

#endif
