/* Controllers as Windows knows them: whose counters no program may read. */
#include "frame/access.h"

#include <stdio.h>

DWORD wu_controller_find(unsigned bus, struct wu_controller *controller_out)
{
    *controller_out = (struct wu_controller){ .kind = WU_CONTROLLER_OTHER };
    snprintf(controller_out->id, sizeof(controller_out->id), "bus %u", bus);
    return ERROR_SUCCESS;
}

DWORD wu_frame_controller_open(const struct wu_controller *controller,
                               enum wu_frame_method method,
                               struct wu_frame_source **source_out)
{
    UNREFERENCED_PARAMETER(controller);
    UNREFERENCED_PARAMETER(method);
    UNREFERENCED_PARAMETER(source_out);
    return ERROR_NOT_SUPPORTED;
}
