/*
 * The standard requests of chapter 9 of the USB specification.
 */
#include "model.h"

#include <errno.h>
#include <string.h>

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11,
};
enum { TO_DEVICE = 0x00, TO_INTERFACE = 0x01, TO_ENDPOINT = 0x02, FROM = 0x80 };
enum { ENDPOINT_HALT = 0 };

static bool give(struct transfer *transfer, const void *bytes, size_t size)
{
    transfer->actual = size < transfer->length ? (uint32_t)size : transfer->length;
    memcpy(transfer->data, bytes, transfer->actual);
    return true;
}

static bool give_blob(struct transfer *transfer, const struct blob *blob)
{
    return blob->size > 0 && give(transfer, blob->bytes, blob->size);
}

/* --- Descriptors ----------------------------------------------------------------------------- */

/* What the configuration is at the other speed of a high-speed device. */
static bool give_other_speed(const struct model *model, struct transfer *transfer, unsigned index)
{
    struct labdev_replug other = model->identity;
    struct descriptors all;

    other.speed = LABDEV_FULL_SPEED;
    descriptors_build(&all, &other);
    all.configurations[index].bytes[1] = 7;
    return give_blob(transfer, &all.configurations[index]);
}

static bool give_descriptor(const struct model *model, struct transfer *transfer)
{
    const struct descriptors *all = &model->descriptors;
    const uint8_t index = (uint8_t)transfer->setup.value;
    struct blob string;

    switch (transfer->setup.value >> 8) {
    case 1:
        return give_blob(transfer, &all->device);
    case 2:
        return index < all->configuration_count && give_blob(transfer, &all->configurations[index]);
    case 3:
        return descriptors_string(index, &string) && give_blob(transfer, &string);
    case 6:
        return give_blob(transfer, &all->qualifier);
    case 7:
        return all->qualifier.size > 0 && index < all->configuration_count &&
               give_other_speed(model, transfer, index);
    case 15:
        return give_blob(transfer, &all->bos);
    default:
        return false;
    }
}

/* --- Configurations and interfaces ----------------------------------------------------------- */

static void end_halts(struct model *model, int iface) /* -1: of all */
{
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++) {
        struct endpoint *endpoint = &model->endpoints[i];

        if (iface < 0 || endpoint->iface == iface)
            endpoint->halted = false;
    }
}

static bool set_configuration(struct model *model, const struct setup *setup)
{
    if (setup->value > model->descriptors.configuration_count)
        return false;
    model->configuration = (uint8_t)setup->value;
    memset(model->alternates, 0, sizeof(model->alternates));
    end_halts(model, -1);
    model_find_endpoints(model);
    return true;
}

/* Tells whether the configuration in use has this alternate setting. */
static bool has_setting(const struct model *model, unsigned iface, unsigned alternate)
{
    const struct blob *blob = model_configuration(model);

    for (size_t at = 0; blob && at + 4 <= blob->size; at += blob->bytes[at]) {
        const uint8_t *bytes = blob->bytes + at;

        if (bytes[0] < 2)
            return false;
        if (bytes[1] == 4 && bytes[2] == iface && bytes[3] == alternate)
            return true;
    }
    return false;
}

static bool set_interface(struct model *model, const struct setup *setup)
{
    if (setup->index >= MODEL_INTERFACES || !has_setting(model, setup->index, setup->value))
        return false;
    model->alternates[setup->index] = (uint8_t)setup->value;
    end_halts(model, setup->index);
    model_find_endpoints(model);
    return true;
}

static bool get_interface(const struct model *model, struct transfer *transfer)
{
    const unsigned iface = transfer->setup.index;

    return iface < MODEL_INTERFACES && has_setting(model, iface, model->alternates[iface]) &&
           give(transfer, &model->alternates[iface], 1);
}

/* --- Halts ----------------------------------------------------------------------------------- */

static bool set_halt(struct model *model, const struct setup *setup, bool halted)
{
    struct endpoint *endpoint = model_endpoint(model, setup->index);

    if (setup->value != ENDPOINT_HALT)
        return false;
    if ((setup->index & 0x0F) == 0)
        return true;
    if (!endpoint->present)
        return false;
    endpoint->halted = halted;
    endpoint->status.clears += !halted;
    return true;
}

static bool get_status(struct model *model, struct transfer *transfer)
{
    const unsigned index = transfer->setup.index;
    const bool halted = (transfer->setup.type & 0x1F) == TO_ENDPOINT && (index & 0x0F) != 0 &&
                        model_endpoint(model, index)->halted;

    return give(transfer, (const uint8_t[]){ halted, 0 }, 2);
}

/* --- All of them ----------------------------------------------------------------------------- */

/* False: stall. */
static bool dispatch(struct model *model, struct transfer *transfer)
{
    const struct setup *setup = &transfer->setup;

    switch (setup->type << 8 | setup->request) {
    case (FROM | TO_DEVICE) << 8 | GET_DESCRIPTOR:
        return give_descriptor(model, transfer);
    case (FROM | TO_DEVICE) << 8 | GET_STATUS:
    case (FROM | TO_INTERFACE) << 8 | GET_STATUS:
    case (FROM | TO_ENDPOINT) << 8 | GET_STATUS:
        return get_status(model, transfer);
    case (FROM | TO_DEVICE) << 8 | GET_CONFIGURATION:
        return give(transfer, &model->configuration, 1);
    case TO_DEVICE << 8 | SET_CONFIGURATION:
        return set_configuration(model, setup);
    case (FROM | TO_INTERFACE) << 8 | GET_INTERFACE:
        return get_interface(model, transfer);
    case TO_INTERFACE << 8 | SET_INTERFACE:
        return set_interface(model, setup);
    case TO_ENDPOINT << 8 | CLEAR_FEATURE:
        return set_halt(model, setup, false);
    case TO_ENDPOINT << 8 | SET_FEATURE:
        return set_halt(model, setup, true);
    case TO_DEVICE << 8 | CLEAR_FEATURE:
    case TO_DEVICE << 8 | SET_FEATURE:
    case TO_DEVICE << 8 | SET_ADDRESS:
        return true;
    default:
        return false;
    }
}

void standard_answer(struct model *model, struct transfer *transfer)
{
    if (!dispatch(model, transfer))
        transfer->status = EPIPE;
}
