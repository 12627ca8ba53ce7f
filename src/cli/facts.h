/*
 * What `winusb info` tells about a device.
 */
#ifndef WU_CLI_FACTS_H
#define WU_CLI_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>
#include <winusb.h>

#include "cli/inventory.h"

enum { WU_POLICIES = RESET_PIPE_ON_RESUME }; /* numbered from 1 on */

/* A policy's value, or why it is not known. */
struct wu_policy {
    DWORD error;
    ULONG value;
};

struct wu_pipe_facts {
    size_t setting; /* index of its setting */
    WINUSB_PIPE_INFORMATION_EX info;
    struct wu_policy policies[WU_POLICIES]; /* of those in use: see wu_setting_facts.current */
};

struct wu_setting_facts {
    USB_INTERFACE_DESCRIPTOR descriptor;
    bool current; /* it is the selected one of its interface */
    char name[WU_TEXT_SIZE];
};

struct wu_facts {
    struct wu_function function; /* as found before it was opened */
    char controller[80];         /* "0000:00:04.0 xhci" */
    USB_DEVICE_DESCRIPTOR device;
    USB_CONFIGURATION_DESCRIPTOR configuration;
    char configuration_name[WU_TEXT_SIZE];

    struct wu_policy speed; /* DEVICE_SPEED of WinUsb_QueryDeviceInformation() */
    struct wu_policy auto_suspend;
    struct wu_policy suspend_delay;   /* [ms] */
    struct wu_policy control_timeout; /* [ms] PIPE_TRANSFER_TIMEOUT of pipe 0 */

    struct wu_setting_facts *settings; /* owned; all interfaces' */
    size_t setting_count;
    struct wu_pipe_facts *pipes; /* owned; all settings' */
    size_t pipe_count;
    DWORD error; /* why interfaces are missing; ERROR_SUCCESS: none is */
};

/** Gives a policy's name: "RAW_IO". @param policy  [1..WU_POLICIES] */
const char *wu_policy_name(ULONG policy);

/** Tells whether a policy is a time or size, not a switch. @param policy  [1..WU_POLICIES] */
bool wu_policy_is_number(ULONG policy);

/** Gives a pipe's type in a word: "bulk". */
const char *wu_pipe_type_name(USBD_PIPE_TYPE type);

/**
 * Gives how often a pipe is served at the most.
 *
 * @return [us]; 0 for those that are not served by the clock, or whose descriptor makes no sense
 */
unsigned wu_pipe_interval(const WINUSB_PIPE_INFORMATION_EX *info, enum wu_usb_speed speed);

/** Gives the current a configuration may take [mA]. */
unsigned wu_max_power(const USB_CONFIGURATION_DESCRIPTOR *configuration, enum wu_usb_speed speed);

/**
 * Writes a string descriptor's text in UTF-8.
 *
 * @param bytes  the descriptor as on the bus; [count]
 * @param text   [size]; what does not fit is left out
 */
void wu_string_text(const unsigned char *bytes, size_t count, char *text, size_t size);

void wu_facts_free(struct wu_facts *facts);

#endif
