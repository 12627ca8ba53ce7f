#include "cli/advice.h"

#include <stdio.h>

#include "cli/cli.h"

void wu_advise_on_open(const struct wu_inventory_item *item, DWORD error)
{
    const struct wu_function *function = &item->function;

    wu_cli_complain("cannot open %u-%s (%04x:%04x): %s", function->bus, function->port_path,
                    function->vid, function->pid, wu_cli_error_text(error));
    if (error != ERROR_ACCESS_DENIED)
        return;

    fprintf(stderr,
            "Another program has it open, or this user may not write to "
            "/dev/bus/usb/%03u/%03u.\n"
            "To allow it, put this line into /etc/udev/rules.d/70-winusb.rules:\n"
            "  SUBSYSTEM==\"usb\", ATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", "
            "MODE=\"0660\", TAG+=\"uaccess\"\n"
            "then run 'udevadm control --reload' as root, and plug the device in again.\n",
            function->bus, function->address, function->vid, function->pid);
}

static const char *advice_on(DWORD error)
{
    switch (error) {
    case ERROR_ACCESS_DENIED:
        return "It takes root, and one of:\n"
               "  registers: a kernel booted with iomem=relaxed (in GRUB_CMDLINE_LINUX of "
               "/etc/default/grub, then update-grub); bound about 1 us\n"
               "  debugfs:   mount -t debugfs debugfs /sys/kernel/debug; bound about 10 us\n"
               "Without: 'winusb timesync --source sim'.\n";
    case ERROR_NOT_SUPPORTED:
        return "Only xHCI, EHCI, OHCI and UHCI controllers on PCI have one that can be read.\n"
               "Plug the device in elsewhere, or see 'winusb timesync --source sim'.\n";
    case ERROR_NOT_READY:
        return "The controller sleeps, or its counter stands still, as it may without any device "
               "in use.\n"
               "To keep it awake: echo on >/sys/bus/pci/devices/ADDRESS/power/control as root.\n";
    default:
        return "";
    }
}

void wu_advise_on_source(const struct wu_inventory_item *item, DWORD error)
{
    wu_cli_complain("cannot follow the frame counter of %s (%s): %s", item->controller.id,
                    wu_controller_kind_name(item->controller.kind), wu_cli_error_text(error));
    fputs(advice_on(error), stderr);
}

void wu_advise_on_start(DWORD error)
{
    wu_cli_complain("cannot start to track: %s", wu_cli_error_text(error));
    fputs(advice_on(error), stderr);
}
