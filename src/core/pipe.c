#include "core/pipe.h"

#include <stdlib.h>

#include "core/device.h"
#include "core/request.h"

enum { NUMBER_BITS = 0x0F, DIRECTION_BIT = 0x80, IN_PIPES = 16 };

static const struct wu_request_filter all_requests;

/* --- Life ---------------------------------------------------------------------------------- */

static UCHAR address_of(size_t index)
{
    return (UCHAR)(index < IN_PIPES ? index : (index - IN_PIPES) | DIRECTION_BIT);
}

void wu_pipes_init(struct wu_device *device)
{
    for (size_t i = 0; i < WU_PIPES; i++) {
        struct wu_pipe *pipe = &device->pipes[i];

        pipe->device = device;
        pipe->address = address_of(i);
        pipe->policies = wu_policy_defaults(pipe->address == 0);
        wu_host_mutex_init(&pipe->lock);
        wu_host_cond_init(&pipe->changed);
        wu_memory_place_init(&pipe->memory);
    }
    device->pipes[0].open = true;
}

static void destroy(struct wu_pipe *pipe)
{
    wu_memory_place_destroy(pipe);
    while (pipe->idle) {
        struct wu_request *request = pipe->idle;

        pipe->idle = request->next;
        wu_request_free(request);
    }

    free(pipe->surplus);
    wu_host_cond_destroy(&pipe->changed);
    wu_host_mutex_destroy(&pipe->lock);
}

void wu_pipes_destroy(struct wu_device *device)
{
    for (size_t i = 0; i < WU_PIPES; i++)
        destroy(&device->pipes[i]);
}

struct wu_pipe *wu_pipe_of(struct wu_device *device, UCHAR address)
{
    const UCHAR number = address & NUMBER_BITS;

    if ((address & ~(NUMBER_BITS | DIRECTION_BIT)) != 0)
        return NULL;
    return &device
                ->pipes[(address & DIRECTION_BIT) != 0 && number != 0 ? number + IN_PIPES : number];
}

/* --- Settings ------------------------------------------------------------------------------ */

void wu_pipe_drop_surplus_locked(struct wu_pipe *pipe)
{
    pipe->surplus_offset = 0;
    pipe->surplus_size = 0;
}

static void
open_locked(struct wu_pipe *pipe, UCHAR number, const WINUSB_PIPE_INFORMATION_EX *information)
{
    pipe->number = number;
    pipe->information = *information;
    pipe->policies = wu_policy_defaults(false);
    free(pipe->surplus); /* packets may have another size now */
    pipe->surplus = NULL;
    wu_pipe_drop_surplus_locked(pipe);
    pipe->open = true;
}

static void open_pipe(struct wu_device *device, const UCHAR *endpoint, UCHAR number)
{
    const WINUSB_PIPE_INFORMATION_EX information =
        wu_descriptor_pipe(device->configuration, endpoint, device->speed);
    struct wu_pipe *pipe = wu_pipe_of(device, information.PipeId);

    if (!pipe || pipe->address == 0 || information.PipeType == UsbdPipeTypeControl)
        return; /* a descriptor that makes no sense */

    wu_host_mutex_lock(&pipe->lock);
    if (!pipe->open || pipe->number == number) /* the address is another interface's otherwise */
        open_locked(pipe, number, &information);
    wu_host_mutex_unlock(&pipe->lock);
}

void wu_pipes_open(struct wu_device *device, const USB_INTERFACE_DESCRIPTOR *setting)
{
    const UCHAR *endpoint;

    for (unsigned i = 0;
         (endpoint = wu_descriptor_endpoint(device->configuration, setting, i)) != NULL; i++)
        open_pipe(device, endpoint, setting->bInterfaceNumber);
}

static bool belongs_to(const struct wu_pipe *pipe, UCHAR number)
{
    return pipe->address != 0 && pipe->open && pipe->number == number;
}

/* One that has ended is none of the pipe's any more, though it may still be there: the program is
 * told of its end first. */
static bool is_busy_locked(const struct wu_pipe *pipe)
{
    const struct wu_request *request = pipe->first;

    while (request && request->state == WU_REQUEST_ENDED)
        request = request->next;

    return request || pipe->holds > 0;
}

static bool any_is_busy_locked(struct wu_device *device, UCHAR number)
{
    for (size_t i = 0; i < WU_PIPES; i++)
        if (belongs_to(&device->pipes[i], number) && is_busy_locked(&device->pipes[i]))
            return true;
    return false;
}

/* All locks at a time, which nobody else takes: where one pipe is busy, others shall not be closed
 * for a moment. */
DWORD wu_pipes_close(struct wu_device *device, UCHAR number, uint32_t *closed_out)
{
    uint32_t closed = 0;
    bool busy;

    for (size_t i = 0; i < WU_PIPES; i++)
        wu_host_mutex_lock(&device->pipes[i].lock);

    busy = any_is_busy_locked(device, number);
    for (size_t i = 0; i < WU_PIPES && !busy; i++)
        if (belongs_to(&device->pipes[i], number)) {
            device->pipes[i].open = false;
            closed |= UINT32_C(1) << i;
        }

    for (size_t i = 0; i < WU_PIPES; i++)
        wu_host_mutex_unlock(&device->pipes[i].lock);
    *closed_out = closed;
    return busy ? ERROR_BUSY : ERROR_SUCCESS;
}

void wu_pipes_reopen(struct wu_device *device, uint32_t closed)
{
    for (size_t i = 0; i < WU_PIPES; i++) {
        struct wu_pipe *pipe = &device->pipes[i];

        wu_host_mutex_lock(&pipe->lock);
        if ((closed >> i & 1) != 0)
            pipe->open = true;
        wu_host_mutex_unlock(&pipe->lock);
    }
}

static void begin_anew_locked(struct wu_pipe *pipe)
{
    pipe->policies = wu_policy_defaults(pipe->address == 0);
    if (!pipe->first)
        wu_pipe_drop_surplus_locked(pipe);
}

void wu_pipes_begin_anew(struct wu_device *device, UCHAR number)
{
    const bool is_first = number == device->target.first_interface;

    for (size_t i = 0; i < WU_PIPES; i++) {
        struct wu_pipe *pipe = &device->pipes[i];
        const bool is_control = pipe->address == 0;

        wu_host_mutex_lock(&pipe->lock);
        if (is_control ? is_first : belongs_to(pipe, number))
            begin_anew_locked(pipe);
        wu_host_mutex_unlock(&pipe->lock);
    }
}

/* --- Exports ------------------------------------------------------------------------------- */

static struct wu_pipe *find_open(struct wu_interface *iface, UCHAR address)
{
    struct wu_pipe *pipe = wu_pipe_of(iface->device, address);
    bool open = false;

    if (pipe) {
        wu_host_mutex_lock(&pipe->lock);
        open = pipe->open;
        wu_host_mutex_unlock(&pipe->lock);
    }
    return open ? pipe : NULL;
}

DWORD wu_pipe_abort(struct wu_interface *iface, UCHAR address)
{
    struct wu_pipe *pipe = find_open(iface, address);

    if (!pipe)
        return ERROR_INVALID_PARAMETER;

    wu_pipe_end(pipe, &all_requests);
    return ERROR_SUCCESS;
}

/* Isochronous endpoints have no halt, and the control endpoint ends its own. */
static bool can_halt(const struct wu_pipe *pipe)
{
    return pipe->information.PipeType == UsbdPipeTypeBulk ||
           pipe->information.PipeType == UsbdPipeTypeInterrupt;
}

/* @return false when it is not open; it stays open while it is held */
static bool hold(struct wu_pipe *pipe)
{
    bool open;

    wu_host_mutex_lock(&pipe->lock);
    open = pipe->open;
    pipe->holds += open;
    wu_host_mutex_unlock(&pipe->lock);

    return open;
}

static void release(struct wu_pipe *pipe)
{
    wu_host_mutex_lock(&pipe->lock);
    pipe->holds--;
    wu_pipe_drop_surplus_locked(pipe);
    wu_host_mutex_unlock(&pipe->lock);
    wu_request_begin_waiting(pipe);
}

DWORD wu_pipe_reset(struct wu_interface *iface, UCHAR address)
{
    struct wu_pipe *pipe = wu_pipe_of(iface->device, address);
    DWORD error = ERROR_SUCCESS;

    if (!pipe || !hold(pipe))
        return ERROR_INVALID_PARAMETER;

    wu_pipe_end(pipe, &all_requests);
    if (can_halt(pipe))
        error = wu_usb_clear_halt(iface->device->usb, pipe->address);
    release(pipe);
    return error;
}

DWORD wu_pipe_flush(struct wu_interface *iface, UCHAR address)
{
    struct wu_pipe *pipe = find_open(iface, address);

    if (!pipe || !USB_ENDPOINT_DIRECTION_IN(pipe->address))
        return ERROR_INVALID_PARAMETER;

    wu_host_mutex_lock(&pipe->lock);
    wu_pipe_drop_surplus_locked(pipe);
    wu_host_mutex_unlock(&pipe->lock);
    return ERROR_SUCCESS;
}

DWORD wu_pipe_set_policy(struct wu_interface *iface,
                         UCHAR address,
                         ULONG type,
                         ULONG length,
                         const void *value)
{
    struct wu_pipe *pipe = find_open(iface, address);
    DWORD error;

    if (!pipe)
        return ERROR_INVALID_PARAMETER;

    wu_host_mutex_lock(&pipe->lock);
    error = wu_policy_set(&pipe->policies, type, length, value);
    wu_host_mutex_unlock(&pipe->lock);
    return error;
}

DWORD wu_pipe_get_policy(struct wu_interface *iface,
                         UCHAR address,
                         ULONG type,
                         ULONG *length,
                         void *value)
{
    struct wu_pipe *pipe = find_open(iface, address);
    DWORD error;

    if (!pipe)
        return ERROR_INVALID_PARAMETER;

    wu_host_mutex_lock(&pipe->lock);
    error = wu_policy_get(&pipe->policies, iface->device->speed, type, length, value);
    wu_host_mutex_unlock(&pipe->lock);
    return error;
}
