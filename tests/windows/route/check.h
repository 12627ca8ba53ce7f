/*
 * What the programs of this folder begin with: checks that are counted, winusb.dll as a program
 * finds it, and the double that may stand in System32.
 */
#ifndef WU_TESTS_WINDOWS_ROUTE_CHECK_H
#define WU_TESTS_WINDOWS_ROUTE_CHECK_H

#include <stdbool.h>
#include <windows.h>

#include "../system/double.h"
#include "winusb.h"

/* The name of each export, for a macro. */
#define EVERY_EXPORT(EXPORT)                       \
    EXPORT(WinUsb_AbortPipe)                       \
    EXPORT(WinUsb_AbortPipeAsync)                  \
    EXPORT(WinUsb_ControlTransfer)                 \
    EXPORT(WinUsb_FlushPipe)                       \
    EXPORT(WinUsb_Free)                            \
    EXPORT(WinUsb_GetAdjustedFrameNumber)          \
    EXPORT(WinUsb_GetAssociatedInterface)          \
    EXPORT(WinUsb_GetCurrentAlternateSetting)      \
    EXPORT(WinUsb_GetCurrentFrameNumber)           \
    EXPORT(WinUsb_GetCurrentFrameNumberAndQpc)     \
    EXPORT(WinUsb_GetDescriptor)                   \
    EXPORT(WinUsb_GetOverlappedResult)             \
    EXPORT(WinUsb_GetPipePolicy)                   \
    EXPORT(WinUsb_GetPowerPolicy)                  \
    EXPORT(WinUsb_Initialize)                      \
    EXPORT(WinUsb_ParseConfigurationDescriptor)    \
    EXPORT(WinUsb_ParseDescriptors)                \
    EXPORT(WinUsb_QueryDeviceInformation)          \
    EXPORT(WinUsb_QueryInterfaceSettings)          \
    EXPORT(WinUsb_QueryPipe)                       \
    EXPORT(WinUsb_QueryPipeEx)                     \
    EXPORT(WinUsb_ReadIsochPipe)                   \
    EXPORT(WinUsb_ReadIsochPipeAsap)               \
    EXPORT(WinUsb_ReadPipe)                        \
    EXPORT(WinUsb_RegisterIsochBuffer)             \
    EXPORT(WinUsb_ResetPipe)                       \
    EXPORT(WinUsb_ResetPipeAsync)                  \
    EXPORT(WinUsb_SetCurrentAlternateSetting)      \
    EXPORT(WinUsb_SetCurrentAlternateSettingAsync) \
    EXPORT(WinUsb_SetPipePolicy)                   \
    EXPORT(WinUsb_SetPowerPolicy)                  \
    EXPORT(WinUsb_StartTrackingForTimeSync)        \
    EXPORT(WinUsb_StopTrackingForTimeSync)         \
    EXPORT(WinUsb_UnregisterIsochBuffer)           \
    EXPORT(WinUsb_WriteIsochPipe)                  \
    EXPORT(WinUsb_WriteIsochPipeAsap)              \
    EXPORT(WinUsb_WritePipe)

#define EXPORT_MEMBER(name) __typeof__(&name) name;

/* Those of the winusb.dll that the program finds. */
struct exports {
    EVERY_EXPORT(EXPORT_MEMBER)
};

extern struct exports ours;

/* The state of the double; NULL: System32 has another, or none. */
extern struct double_state *state;

/** Says which check failed, and counts it. */
#define CHECK(condition) check(condition, #condition, __FILE__, __LINE__)

/** As above for what may be compared as numbers. */
#define CHECK_EQUAL(is, wanted) \
    check_equal((uint64_t)(is), (uint64_t)(wanted), #is, __FILE__, __LINE__)

void check(bool right, const char *text, const char *file, int line);
void check_equal(uint64_t is, uint64_t wanted, const char *text, const char *file, int line);

/** Loads winusb.dll, and ends the program if there is none. */
void load_ours(void);

/** Loads System32's winusb.dll, if it is a double; once ours has been loaded. */
void load_double(void);

/** Tells what the double was called with last. */
const struct double_call *last_call(void);

/** Opens an interface of the double's. */
HANDLE open_interface(void);

/** Gives up winusb.dll. @return whether it stays loaded even so */
bool stays_loaded(void);

/** @return the program's exit status */
int report(void);

#endif
