#include "frame/controller.h"

struct wu_controller wu_controller_sim(void)
{
    return (struct wu_controller){ .kind = WU_CONTROLLER_SIM, .id = "sim" };
}

const char *wu_controller_kind_name(enum wu_controller_kind kind)
{
    static const char *const names[] = {
        [WU_CONTROLLER_OTHER] = "other", [WU_CONTROLLER_UHCI] = "UHCI",
        [WU_CONTROLLER_OHCI] = "OHCI",   [WU_CONTROLLER_EHCI] = "EHCI",
        [WU_CONTROLLER_XHCI] = "xHCI",   [WU_CONTROLLER_SIM] = "simulated",
    };

    return names[kind];
}
