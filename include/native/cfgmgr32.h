/*
 * Device nodes: their names, their tree and what is said of them, for Linux only.
 *
 * A device that is split into functions has a node, and below it each function has one; above them
 * is the root hub. Hubs between them are left out. No call sets the thread's last error; any thread
 * may call them. They block while devices are looked at.
 */
#ifndef _CFGMGR32_H_
#define _CFGMGR32_H_

#include <windows.h>
#include <devpropdef.h>

typedef DWORD CONFIGRET;
typedef DWORD DEVINST, *PDEVINST; /* number of a node; another one after the device came back */
typedef DEVINST DEVNODE;
typedef CHAR *DEVINSTID_A, *DEVNODEID_A;
typedef WCHAR *DEVINSTID_W, *DEVNODEID_W;

#define MAX_DEVICE_ID_LEN 200

#define CR_SUCCESS 0x00
#define CR_DEFAULT 0x01
#define CR_OUT_OF_MEMORY 0x02
#define CR_INVALID_POINTER 0x03
#define CR_INVALID_FLAG 0x04
#define CR_INVALID_DEVNODE 0x05
#define CR_INVALID_DEVINST CR_INVALID_DEVNODE
#define CR_NO_SUCH_DEVNODE 0x0D
#define CR_NO_SUCH_DEVINST CR_NO_SUCH_DEVNODE
#define CR_FAILURE 0x13
#define CR_BUFFER_SMALL 0x1A
#define CR_INVALID_DEVICE_ID 0x1E
#define CR_INVALID_DATA 0x1F
#define CR_NO_SUCH_VALUE 0x25
#define CR_ACCESS_DENIED 0x33
#define CR_CALL_NOT_IMPLEMENTED 0x34
#define CR_INVALID_PROPERTY 0x35
#define CR_NO_SUCH_DEVICE_INTERFACE 0x37

#define CM_LOCATE_DEVNODE_NORMAL 0x0
#define CM_LOCATE_DEVNODE_PHANTOM 0x1
#define CM_LOCATE_DEVNODE_CANCELREMOVE 0x2
#define CM_LOCATE_DEVNODE_NOVALIDATION 0x4

#define CM_GETIDLIST_FILTER_NONE 0x000
#define CM_GETIDLIST_FILTER_ENUMERATOR 0x001
#define CM_GETIDLIST_FILTER_SERVICE 0x002
#define CM_GETIDLIST_FILTER_PRESENT 0x100
#define CM_GETIDLIST_FILTER_CLASS 0x200

#define CM_GET_DEVICE_INTERFACE_LIST_PRESENT 0x0
#define CM_GET_DEVICE_INTERFACE_LIST_ALL_DEVICES 0x1

#define DN_DRIVER_LOADED 0x00000002
#define DN_STARTED 0x00000008
#define DN_HAS_PROBLEM 0x00000400
#define DN_DISABLEABLE 0x00002000
#define DN_REMOVABLE 0x00004000
#define DN_NT_ENUMERATOR 0x00800000
#define DN_NT_DRIVER 0x01000000

/* What CM_Get_DevNode_Registry_Property() tells. */
#define CM_DRP_DEVICEDESC 0x01
#define CM_DRP_HARDWAREID 0x02
#define CM_DRP_COMPATIBLEIDS 0x03
#define CM_DRP_SERVICE 0x05
#define CM_DRP_CLASS 0x08
#define CM_DRP_CLASSGUID 0x09
#define CM_DRP_DRIVER 0x0A
#define CM_DRP_CONFIGFLAGS 0x0B
#define CM_DRP_MFG 0x0C
#define CM_DRP_FRIENDLYNAME 0x0D
#define CM_DRP_LOCATION_INFORMATION 0x0E
#define CM_DRP_PHYSICAL_DEVICE_OBJECT_NAME 0x0F
#define CM_DRP_CAPABILITIES 0x10
#define CM_DRP_BUSNUMBER 0x16
#define CM_DRP_ENUMERATOR_NAME 0x17
#define CM_DRP_ADDRESS 0x1D
#define CM_DRP_REMOVAL_POLICY 0x20
#define CM_DRP_INSTALL_STATE 0x23
#define CM_DRP_LOCATION_PATHS 0x24
#define CM_DRP_BASE_CONTAINERID 0x25

/* --- Notifications: types -------------------------------------------------------------------- */

typedef PVOID HCMNOTIFICATION, *PHCMNOTIFICATION;

#define CM_NOTIFY_FILTER_FLAG_ALL_INTERFACE_CLASSES 0x00000001
#define CM_NOTIFY_FILTER_FLAG_ALL_DEVICE_INSTANCES 0x00000002

typedef enum _CM_NOTIFY_FILTER_TYPE {
    CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE = 0,
    CM_NOTIFY_FILTER_TYPE_DEVICEHANDLE,
    CM_NOTIFY_FILTER_TYPE_DEVICEINSTANCE,
    CM_NOTIFY_FILTER_TYPE_MAX
} CM_NOTIFY_FILTER_TYPE,
    *PCM_NOTIFY_FILTER_TYPE;

typedef struct _CM_NOTIFY_FILTER {
    DWORD cbSize; /* the caller's: sizeof(CM_NOTIFY_FILTER) */
    DWORD Flags;  /* CM_NOTIFY_FILTER_FLAG_* */
    CM_NOTIFY_FILTER_TYPE FilterType;
    DWORD Reserved;
    union {
        struct {
            GUID ClassGuid;
        } DeviceInterface;
        struct {
            HANDLE hTarget;
        } DeviceHandle;
        struct {
            WCHAR InstanceId[MAX_DEVICE_ID_LEN];
        } DeviceInstance;
    } u;
} CM_NOTIFY_FILTER, *PCM_NOTIFY_FILTER;

typedef enum _CM_NOTIFY_ACTION {
    CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL = 0,
    CM_NOTIFY_ACTION_DEVICEINTERFACEREMOVAL
} CM_NOTIFY_ACTION,
    *PCM_NOTIFY_ACTION;

typedef struct _CM_NOTIFY_EVENT_DATA {
    CM_NOTIFY_FILTER_TYPE FilterType;
    DWORD Reserved;
    union {
        struct {
            GUID ClassGuid;
            WCHAR SymbolicLink[1]; /* the interface's path, as long as it is */
        } DeviceInterface;
    } u;
} CM_NOTIFY_EVENT_DATA, *PCM_NOTIFY_EVENT_DATA;

/** Hears of a change, in a thread of the library's. @return ERROR_SUCCESS */
typedef DWORD(WINAPI *PCM_NOTIFY_CALLBACK)(HCMNOTIFICATION notification,
                                           PVOID context,
                                           CM_NOTIFY_ACTION action,
                                           PCM_NOTIFY_EVENT_DATA event,
                                           DWORD size);

#ifdef __cplusplus
extern "C" {
#endif

/** Gives the Win32 error of a CR_* code; @p otherwise when it has none. */
DWORD WINAPI CM_MapCrToWin32Err(CONFIGRET code, DWORD otherwise);

/* --- Interfaces ------------------------------------------------------------------------------ */

/**
 * Tells how long a list of interface paths is.
 *
 * @param length      [characters] set on success; with all NULs
 * @param guid        interface class asked for
 * @param device      instance ID of the only device asked for; NULL or empty: all
 * @param flags       CM_GET_DEVICE_INTERFACE_LIST_*; there are only those that are present
 *
 * @return CR_SUCCESS, also for an empty list, of length 1; CR_INVALID_POINTER; CR_OUT_OF_MEMORY
 */
CONFIGRET WINAPI CM_Get_Device_Interface_List_SizeA(ULONG *length,
                                                    GUID *guid,
                                                    DEVINSTID_A device,
                                                    ULONG flags);
/** As CM_Get_Device_Interface_List_SizeA(). */
CONFIGRET WINAPI CM_Get_Device_Interface_List_SizeW(ULONG *length,
                                                    GUID *guid,
                                                    DEVINSTID_W device,
                                                    ULONG flags);

/**
 * Lists interface paths, as CreateFile() takes them; each ends with a NUL, and the list with one
 * more.
 *
 * @param buffer  filled in on success
 * @param length  [characters] of buffer
 *
 * @return as CM_Get_Device_Interface_List_SizeA(); CR_BUFFER_SMALL; CR_INVALID_DATA: length is 0
 */
CONFIGRET WINAPI CM_Get_Device_Interface_ListA(GUID *guid,
                                               DEVINSTID_A device,
                                               CHAR *buffer,
                                               ULONG length,
                                               ULONG flags);
/** As CM_Get_Device_Interface_ListA(), in UTF-16. */
CONFIGRET WINAPI CM_Get_Device_Interface_ListW(GUID *guid,
                                               DEVINSTID_W device,
                                               WCHAR *buffer,
                                               ULONG length,
                                               ULONG flags);

/**
 * Tells something of an interface: DEVPKEY_Device_InstanceId, DEVPKEY_DeviceInterface_*.
 *
 * @param path   of the interface
 * @param type   DEVPROP_TYPE_*, set on success
 * @param data   filled in on success; may be NULL when *size is 0
 * @param size   [bytes] of data; set to those needed on success and with CR_BUFFER_SMALL
 * @param flags  0
 *
 * @return CR_SUCCESS; CR_BUFFER_SMALL; CR_NO_SUCH_VALUE: the interface has no such property;
 *         CR_NO_SUCH_DEVICE_INTERFACE; CR_INVALID_POINTER; CR_INVALID_FLAG; CR_OUT_OF_MEMORY
 */
CONFIGRET WINAPI CM_Get_Device_Interface_PropertyW(LPCWSTR path,
                                                   const DEVPROPKEY *key,
                                                   DEVPROPTYPE *type,
                                                   PBYTE data,
                                                   ULONG *size,
                                                   ULONG flags);

/* --- Nodes ----------------------------------------------------------------------------------- */

/**
 * Finds the node of an instance ID, in any case.
 *
 * @param node   set on success
 * @param flags  ignored: there are only nodes of devices that are present
 *
 * @return CR_SUCCESS; CR_NO_SUCH_DEVNODE; CR_INVALID_POINTER; CR_OUT_OF_MEMORY
 */
CONFIGRET WINAPI CM_Locate_DevNodeA(DEVINST *node, DEVINSTID_A id, ULONG flags);
/** As CM_Locate_DevNodeA(). */
CONFIGRET WINAPI CM_Locate_DevNodeW(DEVINST *node, DEVINSTID_W id, ULONG flags);

/** Tells how long a node's instance ID is [characters], without its NUL.
 *  @return CR_SUCCESS; CR_NO_SUCH_DEVNODE; CR_INVALID_POINTER; CR_OUT_OF_MEMORY */
CONFIGRET WINAPI CM_Get_Device_ID_Size(ULONG *length, DEVINST node, ULONG flags);

/** Gives a node's instance ID. @param length  [characters] of id
 *  @return as CM_Get_Device_ID_Size(); CR_BUFFER_SMALL */
CONFIGRET WINAPI CM_Get_Device_IDA(DEVINST node, CHAR *id, ULONG length, ULONG flags);
/** As CM_Get_Device_IDA(), in UTF-16. */
CONFIGRET WINAPI CM_Get_Device_IDW(DEVINST node, WCHAR *id, ULONG length, ULONG flags);

/** Gives the node above another, the first below it, or the next with the same node above.
 *  @return CR_SUCCESS; CR_NO_SUCH_DEVNODE: there is none; CR_INVALID_POINTER; CR_OUT_OF_MEMORY */
CONFIGRET WINAPI CM_Get_Parent(DEVINST *parent, DEVINST node, ULONG flags);
CONFIGRET WINAPI CM_Get_Child(DEVINST *child, DEVINST node, ULONG flags);
CONFIGRET WINAPI CM_Get_Sibling(DEVINST *sibling, DEVINST node, ULONG flags);

/** Tells whether a node's device works: it does while it is plugged in.
 *  @param status   DN_*  @param problem  0
 *  @return CR_SUCCESS; CR_NO_SUCH_DEVNODE; CR_INVALID_POINTER; CR_OUT_OF_MEMORY */
CONFIGRET WINAPI CM_Get_DevNode_Status(ULONG *status, ULONG *problem, DEVINST node, ULONG flags);

/** Tells something of a node, by a key of devpkey.h.
 *  @return as CM_Get_Device_Interface_PropertyW(), but CR_NO_SUCH_DEVNODE */
CONFIGRET WINAPI CM_Get_DevNode_PropertyW(DEVINST node,
                                          const DEVPROPKEY *key,
                                          DEVPROPTYPE *type,
                                          PBYTE data,
                                          ULONG *size,
                                          ULONG flags);

/** Tells something of a node. @param property  CM_DRP_*  @param type  REG_*; may be NULL
 *  @return as CM_Get_DevNode_PropertyW() */
CONFIGRET WINAPI CM_Get_DevNode_Registry_PropertyA(DEVINST node,
                                                   ULONG property,
                                                   ULONG *type,
                                                   PVOID data,
                                                   ULONG *size,
                                                   ULONG flags);
/** As CM_Get_DevNode_Registry_PropertyA(), with texts in UTF-16. */
CONFIGRET WINAPI CM_Get_DevNode_Registry_PropertyW(DEVINST node,
                                                   ULONG property,
                                                   ULONG *type,
                                                   PVOID data,
                                                   ULONG *size,
                                                   ULONG flags);

/**
 * Tells how long a list of instance IDs is, or gives it; as for interface paths.
 *
 * @param filter  the enumerator, USB, a service or a setup class, by flags; NULL without
 * @param flags   CM_GETIDLIST_FILTER_*
 *
 * @return CR_SUCCESS; CR_BUFFER_SMALL; CR_INVALID_FLAG; CR_INVALID_POINTER; CR_OUT_OF_MEMORY
 */
CONFIGRET WINAPI CM_Get_Device_ID_List_SizeA(ULONG *length, LPCSTR filter, ULONG flags);
CONFIGRET WINAPI CM_Get_Device_ID_List_SizeW(ULONG *length, LPCWSTR filter, ULONG flags);
CONFIGRET WINAPI CM_Get_Device_ID_ListA(LPCSTR filter, CHAR *buffer, ULONG length, ULONG flags);
CONFIGRET WINAPI CM_Get_Device_ID_ListW(LPCWSTR filter, WCHAR *buffer, ULONG length, ULONG flags);

/* --- Notifications --------------------------------------------------------------------------- */

/**
 * Has a function called for each interface that comes or goes from now on.
 *
 * Devices are looked at once a second.
 *
 * @param filter        of type CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE; copied
 * @param context       handed on to @p callback
 * @param callback      called in a thread of its own, one change after the other
 * @param notification  set on success; to be given to CM_Unregister_Notification()
 *
 * @return CR_SUCCESS; CR_INVALID_POINTER; CR_INVALID_DATA: the filter's size or type is wrong;
 *         CR_CALL_NOT_IMPLEMENTED: a type that is not told of; CR_OUT_OF_MEMORY
 */
CONFIGRET WINAPI CM_Register_Notification(PCM_NOTIFY_FILTER filter,
                                          PVOID context,
                                          PCM_NOTIFY_CALLBACK callback,
                                          PHCMNOTIFICATION notification);

/** Ends it: no callback runs any more. Must not be called in one.
 *  @return CR_SUCCESS; CR_INVALID_DATA: it is not registered */
CONFIGRET WINAPI CM_Unregister_Notification(HCMNOTIFICATION notification);

#ifdef __cplusplus
}
#endif

#ifdef UNICODE
#define CM_Get_Device_Interface_List_Size CM_Get_Device_Interface_List_SizeW
#define CM_Get_Device_Interface_List CM_Get_Device_Interface_ListW
#define CM_Locate_DevNode CM_Locate_DevNodeW
#define CM_Get_Device_ID CM_Get_Device_IDW
#define CM_Get_DevNode_Registry_Property CM_Get_DevNode_Registry_PropertyW
#define CM_Get_Device_ID_List_Size CM_Get_Device_ID_List_SizeW
#define CM_Get_Device_ID_List CM_Get_Device_ID_ListW
#else
#define CM_Get_Device_Interface_List_Size CM_Get_Device_Interface_List_SizeA
#define CM_Get_Device_Interface_List CM_Get_Device_Interface_ListA
#define CM_Locate_DevNode CM_Locate_DevNodeA
#define CM_Get_Device_ID CM_Get_Device_IDA
#define CM_Get_DevNode_Registry_Property CM_Get_DevNode_Registry_PropertyA
#define CM_Get_Device_ID_List_Size CM_Get_Device_ID_List_SizeA
#define CM_Get_Device_ID_List CM_Get_Device_ID_ListA
#endif

#define CM_Get_DevNode_Property CM_Get_DevNode_PropertyW
#define CM_Get_Device_Interface_Property CM_Get_Device_Interface_PropertyW

#endif
