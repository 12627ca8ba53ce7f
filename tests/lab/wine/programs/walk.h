/*
 * What a program asks of SetupDi and CfgMgr32 between finding a device and opening it. The
 * functions come by imports, or by names while the program runs.
 */
#ifndef LAB_WALK_H
#define LAB_WALK_H

#include <windows.h>
#include <cfgmgr32.h>
#include <devpropdef.h>
#include <setupapi.h>

#define WALK_CFGMGR(X)                                                                    \
    X(CONFIGRET, CM_Get_Child, (DEVINST *, DEVINST, ULONG))                               \
    X(CONFIGRET, CM_Get_DevNode_PropertyW,                                                \
      (DEVINST, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, ULONG *, ULONG))               \
    X(CONFIGRET, CM_Get_DevNode_Registry_PropertyW,                                       \
      (DEVINST, ULONG, ULONG *, void *, ULONG *, ULONG))                                  \
    X(CONFIGRET, CM_Get_DevNode_Status, (ULONG *, ULONG *, DEVINST, ULONG))               \
    X(CONFIGRET, CM_Get_Device_IDA, (DEVINST, char *, ULONG, ULONG))                      \
    X(CONFIGRET, CM_Get_Device_IDW, (DEVINST, WCHAR *, ULONG, ULONG))                     \
    X(CONFIGRET, CM_Get_Device_ID_ListA, (const char *, char *, ULONG, ULONG))            \
    X(CONFIGRET, CM_Get_Device_ID_List_SizeA, (ULONG *, const char *, ULONG))             \
    X(CONFIGRET, CM_Get_Device_ID_Size, (ULONG *, DEVINST, ULONG))                        \
    X(CONFIGRET, CM_Get_Device_Interface_ListW, (GUID *, WCHAR *, WCHAR *, ULONG, ULONG)) \
    X(CONFIGRET, CM_Get_Device_Interface_List_SizeW, (ULONG *, GUID *, WCHAR *, ULONG))   \
    X(CONFIGRET, CM_Get_Device_Interface_PropertyW,                                       \
      (const WCHAR *, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, ULONG *, ULONG))         \
    X(CONFIGRET, CM_Get_Parent, (DEVINST *, DEVINST, ULONG))                              \
    X(CONFIGRET, CM_Get_Sibling, (DEVINST *, DEVINST, ULONG))                             \
    X(CONFIGRET, CM_Locate_DevNodeA, (DEVINST *, char *, ULONG))                          \
    X(CONFIGRET, CM_Locate_DevNodeW, (DEVINST *, WCHAR *, ULONG))                         \
    X(DWORD, CM_MapCrToWin32Err, (CONFIGRET, DWORD))                                      \
    X(CONFIGRET, CM_Register_Notification, (void *, void *, void *, void **))             \
    X(CONFIGRET, CM_Unregister_Notification, (void *))

#define WALK_SETUPAPI(X)                                                                          \
    X(BOOL, SetupDiDestroyDeviceInfoList, (HDEVINFO))                                             \
    X(BOOL, SetupDiEnumDeviceInterfaces,                                                          \
      (HDEVINFO, SP_DEVINFO_DATA *, const GUID *, DWORD, SP_DEVICE_INTERFACE_DATA *))             \
    X(HDEVINFO, SetupDiGetClassDevsA, (const GUID *, const char *, HWND, DWORD))                  \
    X(BOOL, SetupDiGetDeviceInstanceIdA, (HDEVINFO, SP_DEVINFO_DATA *, char *, DWORD, DWORD *))   \
    X(BOOL, SetupDiGetDeviceInterfaceDetailA,                                                     \
      (HDEVINFO, SP_DEVICE_INTERFACE_DATA *, SP_DEVICE_INTERFACE_DETAIL_DATA_A *, DWORD, DWORD *, \
       SP_DEVINFO_DATA *))                                                                        \
    X(BOOL, SetupDiGetDeviceInterfacePropertyW,                                                   \
      (HDEVINFO, SP_DEVICE_INTERFACE_DATA *, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, DWORD,    \
       DWORD *, DWORD))                                                                           \
    X(BOOL, SetupDiGetDevicePropertyKeys,                                                         \
      (HDEVINFO, SP_DEVINFO_DATA *, DEVPROPKEY *, DWORD, DWORD *, DWORD))                         \
    X(BOOL, SetupDiGetDevicePropertyW,                                                            \
      (HDEVINFO, SP_DEVINFO_DATA *, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, DWORD, DWORD *,    \
       DWORD))                                                                                    \
    X(BOOL, SetupDiGetDeviceRegistryPropertyA,                                                    \
      (HDEVINFO, SP_DEVINFO_DATA *, DWORD, DWORD *, BYTE *, DWORD, DWORD *))

#define WALK_MEMBER(result, name, parameters) result(WINAPI *name) parameters;

struct walk_api {
    WALK_CFGMGR(WALK_MEMBER)
    WALK_SETUPAPI(WALK_MEMBER)
};

/** Walks from the list of interfaces to a device that is open, with these functions.
 *  @return as exit status */
int walk(const struct walk_api *functions, int count, char **names);

#endif
