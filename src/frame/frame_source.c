#include "frame/frame_source.h"

#include "frame/access.h"
#include "frame/sim.h"
#include "host/host.h"

DWORD wu_frame_source_open(const struct wu_controller *controller,
                           enum wu_frame_method method,
                           struct wu_frame_source **source_out)
{
    if (method == WU_FRAME_METHOD_SIM || controller->kind == WU_CONTROLLER_SIM)
        return wu_frame_sim_open(wu_host_environment("WINUSB_SIM"), source_out);
    if (controller->open)
        return controller->open(controller->context, source_out);
    return wu_frame_controller_open(controller, method, source_out);
}
