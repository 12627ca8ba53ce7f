/* devices/hubs_sysfs.c, hub_request.c, hub_descriptor.c while memory runs out: it is told, outputs
 * are untouched, and all that was taken is given back. */
#include "cmocka_all.h"

#include <string.h>

#include "devices/hub_request.h"
#include "failing_memory.h"
#include "fake_bus.h"
#include "libusb_fake.h"

#define XHCI "devices/pci0000:00/0000:00:14.0"

static const unsigned char configuration[] = { 9, 2, 9, 0, 0, 1, 0, 0, 0 };

static int set_up(void **state)
{
    if (fake_sys_set_up(state) != 0)
        return -1;

    fake_libusb_reset();
    fake_bus_add_pci(XHCI, "0x0c0330\n");
    fake_bus_add(1, XHCI, "480", 12);
    fake_bus_plug_hub("1-2", 4);
    fake_bus_plug("1-2.3", &(struct fake_bus_device){ .vid = FAKE_VID,
                                                      .pid = FAKE_PID,
                                                      .speed = "480",
                                                      .address = FAKE_ADDRESS,
                                                      .configurations = configuration,
                                                      .size = sizeof(configuration),
                                                      .active = 1 });
    return 0;
}

/* Lets each allocation fail in turn, until there is none more. */
static void assert_told(DWORD (*act)(const struct wu_hub *hub), const struct wu_hub *hub)
{
    int nth = 1;

    for (;; nth++) {
        const int before = failing_memory_live();

        failing_memory_at(nth);
        const DWORD error = act(hub);
        const bool has_failed = failing_memory_has_failed();

        failing_memory_at(0);
        assert_int_equal(failing_memory_live(), before);
        assert_true(fake_libusb_is_idle());
        assert_int_equal(error, has_failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS);
        if (!has_failed)
            break;
    }
    assert_in_range(nth, 2, 100);
}

static DWORD list_hubs(const struct wu_hub *hub)
{
    struct wu_hub_list list = { .count = 77 };
    const DWORD error = wu_hub_list_get(&list);

    (void)hub;
    assert_int_equal(list.count, error == ERROR_SUCCESS ? 3 : 77);
    if (error == ERROR_SUCCESS)
        wu_hub_list_free(&list);
    return error;
}

static void lists_are_told_to_be_unread(void **state)
{
    (void)state;
    assert_told(list_hubs, NULL);
}

static DWORD
request(const struct wu_hub *hub, DWORD code, const struct wu_hub_descriptor_request *in)
{
    static const unsigned char untouched[64];
    unsigned char out[64] = { 0 };
    size_t size = 77;
    const DWORD error = wu_hub_answer(hub, code, in, sizeof(*in), out, sizeof(out), &size);

    if (error != ERROR_SUCCESS) {
        assert_memory_equal(out, untouched, sizeof(out));
        assert_int_equal(size, 77);
    }
    return error;
}

static DWORD ask_connection(const struct wu_hub *hub)
{
    return request(hub, WU_HUB_GET_CONNECTION_EX, &(struct wu_hub_descriptor_request){ .port = 3 });
}

static DWORD ask_driver_key(const struct wu_hub *hub)
{
    return request(hub, WU_HUB_GET_DRIVER_KEY, &(struct wu_hub_descriptor_request){ .port = 3 });
}

/* Which the device is asked for. */
static DWORD ask_languages(const struct wu_hub *hub)
{
    return request(hub, WU_HUB_GET_DESCRIPTOR,
                   &(struct wu_hub_descriptor_request){ .port = 3, .value = 0x300, .length = 20 });
}

static void requests_are_told_to_be_unanswered(void **state)
{
    struct wu_hub_list list;

    (void)state;
    assert_int_equal(wu_hub_list_get(&list), ERROR_SUCCESS);

    assert_told(ask_connection, &list.hubs[2]);
    assert_told(ask_driver_key, &list.hubs[2]);
    assert_told(ask_languages, &list.hubs[2]);

    wu_hub_list_free(&list);
}

#define memory_test(test) cmocka_unit_test_setup_teardown(test, set_up, fake_sys_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        memory_test(lists_are_told_to_be_unread),
        memory_test(requests_are_told_to_be_unanswered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
