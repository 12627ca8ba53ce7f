/*
 * What the files of CfgMgr32 and SetupDi share. Only they include this.
 */
#ifndef WU_WINE_CFGMGR_PARTS_H
#define WU_WINE_CFGMGR_PARTS_H

#include <stdbool.h>
#include <windows.h>
#include <cfgmgr32.h>
#include <devpropdef.h>
#include <setupapi.h>

#include "wine/exports.h"
#include "wine/tree.h"

/* --- The functions --------------------------------------------------------------------------- */

/* Type and name of each that we stand in for; the function of ours is wu_NAME. */
#define WU_CFGMGR_FUNCTIONS(X)                                                                    \
    X(CONFIGRET, CM_Get_Child, (DEVINST *, DEVINST, ULONG))                                       \
    X(CONFIGRET, CM_Get_DevNode_PropertyW,                                                        \
      (DEVINST, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, ULONG *, ULONG))                       \
    X(CONFIGRET, CM_Get_DevNode_Registry_PropertyA,                                               \
      (DEVINST, ULONG, ULONG *, void *, ULONG *, ULONG))                                          \
    X(CONFIGRET, CM_Get_DevNode_Registry_PropertyW,                                               \
      (DEVINST, ULONG, ULONG *, void *, ULONG *, ULONG))                                          \
    X(CONFIGRET, CM_Get_DevNode_Status, (ULONG *, ULONG *, DEVINST, ULONG))                       \
    X(CONFIGRET, CM_Get_Device_ID_ListA, (const char *, char *, ULONG, ULONG))                    \
    X(CONFIGRET, CM_Get_Device_ID_ListW, (const WCHAR *, WCHAR *, ULONG, ULONG))                  \
    X(CONFIGRET, CM_Get_Device_ID_List_SizeA, (ULONG *, const char *, ULONG))                     \
    X(CONFIGRET, CM_Get_Device_ID_List_SizeW, (ULONG *, const WCHAR *, ULONG))                    \
    X(CONFIGRET, CM_Get_Device_Interface_ListA, (GUID *, const char *, char *, ULONG, ULONG))     \
    X(CONFIGRET, CM_Get_Device_Interface_ListW, (GUID *, const WCHAR *, WCHAR *, ULONG, ULONG))   \
    X(CONFIGRET, CM_Get_Device_Interface_List_SizeA, (ULONG *, GUID *, const char *, ULONG))      \
    X(CONFIGRET, CM_Get_Device_Interface_List_SizeW, (ULONG *, GUID *, const WCHAR *, ULONG))     \
    X(CONFIGRET, CM_Get_Device_Interface_PropertyW,                                               \
      (const WCHAR *, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, ULONG *, ULONG))                 \
    X(CONFIGRET, CM_Get_Parent, (DEVINST *, DEVINST, ULONG))                                      \
    X(CONFIGRET, CM_Get_Sibling, (DEVINST *, DEVINST, ULONG))                                     \
    X(CONFIGRET, CM_Locate_DevNodeA, (DEVINST *, const char *, ULONG))                            \
    X(CONFIGRET, CM_Locate_DevNodeW, (DEVINST *, const WCHAR *, ULONG))                           \
    X(DWORD, CM_MapCrToWin32Err, (CONFIGRET, DWORD))                                              \
    X(CONFIGRET, CM_Open_DevNode_Key, (DEVINST, REGSAM, ULONG, REGDISPOSITION, HKEY *, ULONG))    \
    X(CONFIGRET, CM_Register_Notification, (void *, void *, void *, void **))                     \
    X(CONFIGRET, CM_Unregister_Notification, (void *))                                            \
    X(BOOL, SetupDiEnumDeviceInfo, (HDEVINFO, DWORD, SP_DEVINFO_DATA *))                          \
    X(BOOL, SetupDiGetDeviceInterfaceDetailA,                                                     \
      (HDEVINFO, SP_DEVICE_INTERFACE_DATA *, SP_DEVICE_INTERFACE_DETAIL_DATA_A *, DWORD, DWORD *, \
       SP_DEVINFO_DATA *))                                                                        \
    X(BOOL, SetupDiGetDeviceInterfaceDetailW,                                                     \
      (HDEVINFO, SP_DEVICE_INTERFACE_DATA *, SP_DEVICE_INTERFACE_DETAIL_DATA_W *, DWORD, DWORD *, \
       SP_DEVINFO_DATA *))                                                                        \
    X(BOOL, SetupDiGetDeviceInterfacePropertyW,                                                   \
      (HDEVINFO, SP_DEVICE_INTERFACE_DATA *, const DEVPROPKEY *, DEVPROPTYPE *, BYTE *, DWORD,    \
       DWORD *, DWORD))                                                                           \
    X(BOOL, SetupDiGetDevicePropertyKeys,                                                         \
      (HDEVINFO, SP_DEVINFO_DATA *, DEVPROPKEY *, DWORD, DWORD *, DWORD))                         \
    X(BOOL, SetupDiGetDeviceRegistryPropertyA,                                                    \
      (HDEVINFO, SP_DEVINFO_DATA *, DWORD, DWORD *, BYTE *, DWORD, DWORD *))                      \
    X(BOOL, SetupDiGetDeviceRegistryPropertyW,                                                    \
      (HDEVINFO, SP_DEVINFO_DATA *, DWORD, DWORD *, BYTE *, DWORD, DWORD *))                      \
    X(BOOL, SetupDiOpenDeviceInfoA, (HDEVINFO, const char *, HWND, DWORD, SP_DEVINFO_DATA *))     \
    X(BOOL, SetupDiOpenDeviceInfoW, (HDEVINFO, const WCHAR *, HWND, DWORD, SP_DEVINFO_DATA *))    \
    X(BOOL, SetupDiOpenDeviceInterfaceA,                                                          \
      (HDEVINFO, const char *, DWORD, SP_DEVICE_INTERFACE_DATA *))                                \
    X(BOOL, SetupDiOpenDeviceInterfaceW,                                                          \
      (HDEVINFO, const WCHAR *, DWORD, SP_DEVICE_INTERFACE_DATA *))

#define WU_CFGMGR_DECLARE(result, name, parameters)    \
    typedef result(WINAPI *wu_type_##name) parameters; \
    result WINAPI wu_##name parameters;
WU_CFGMGR_FUNCTIONS(WU_CFGMGR_DECLARE)

#define WU_CFGMGR_PLACE(result, name, parameters) WU_PLACE_##name,
enum { WU_CFGMGR_FUNCTIONS(WU_CFGMGR_PLACE) WU_CFGMGR_COUNT };

extern struct wu_stand_in wu_cfgmgr_functions[WU_CFGMGR_COUNT];

/* Wine's own function of that name; NULL when it has none. */
#define WU_ORIGINAL(name) ((wu_type_##name)wu_cfgmgr_functions[WU_PLACE_##name].original)

/* --- Nodes and interfaces -------------------------------------------------------------------- */

enum wu_owner { WU_NOBODY, WU_US, WU_WINE };

/** Tells whose a node is: nobody's when it is gone, or never was. */
enum wu_owner wu_node_owner(const char *id);

/** As wu_node_owner(), for the node of a number. @param id  filled in on success */
enum wu_owner wu_devinst_owner(DEVINST node, char id[WU_NODE_ID_SIZE]);

/** Finds a node's number, which is the same whoever asks, as long as the process runs. */
CONFIGRET wu_devinst_find(DEVINST *node_out, const char *id, ULONG flags);

/** As wu_devinst_find(), for a node that a program holds: that keeps its number when it is gone. */
CONFIGRET wu_devinst_number(DEVINST *node_out, const char *id);

/** Tells which node an interface belongs to. @return false when there is no such interface */
bool wu_interface_node(const WCHAR *path, char id[WU_NODE_ID_SIZE]);

/** Reads a value of a node by the number of what it says, SPDRP_...
 *  @return Win32 code; ERROR_FILE_NOT_FOUND: there is none */
DWORD wu_node_value_a(const char *id, DWORD number, DWORD *type, void *data, DWORD *size);
DWORD wu_node_value_w(const char *id, DWORD number, DWORD *type, void *data, DWORD *size);

/** Reads a property of an interface that belongs to a node. @return as wu_tree_property() */
DWORD wu_interface_property(const char *id,
                            const WCHAR *path,
                            const DEVPROPKEY *key,
                            DEVPROPTYPE *type,
                            void *data,
                            DWORD *size);

/** Turns how a read ended into CfgMgr32's code. @param room  [bytes] there were for it */
CONFIGRET wu_config_ret_of_read(DWORD error, const void *data, DWORD room, DWORD size);

#endif
