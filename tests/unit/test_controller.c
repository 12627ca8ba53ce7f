/* wu_controller_find(): which controller a bus hangs on. */
#include "cmocka_all.h"
#include "fake_sys.h"

#include <stdio.h>
#include <string.h>

#define in_fake_sys(test) cmocka_unit_test_setup_teardown(test, fake_sys_set_up, fake_sys_tear_down)

static void class_code_tells_the_kind(void **state)
{
    static const struct {
        const char *class_code;
        enum wu_controller_kind kind;
    } examples[] = {
        { "0x0c0300\n", WU_CONTROLLER_UHCI },  { "0x0c0310\n", WU_CONTROLLER_OHCI },
        { "0x0c0320\n", WU_CONTROLLER_EHCI },  { "0x0c0330\n", WU_CONTROLLER_XHCI },
        { "0x0c0340\n", WU_CONTROLLER_OTHER }, /* USB4 */
        { "0x020030\n", WU_CONTROLLER_OTHER }, /* some network card */
        { "", WU_CONTROLLER_OTHER },
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        struct wu_controller controller;
        char id[32];

        snprintf(id, sizeof(id), "0000:00:%02x.0", i);
        fake_sys_add_pci(i + 1, id, examples[i].class_code);

        assert_int_equal(wu_controller_find(i + 1, &controller), ERROR_SUCCESS);

        assert_int_equal(controller.kind, examples[i].kind);
        assert_string_equal(controller.id, id);
    }
}

static void path_is_the_controllers_folder(void **state)
{
    struct wu_controller controller;

    (void)state;
    fake_sys_add_pci(3, "0000:00:04.0", "0x0c0330\n");

    assert_int_equal(wu_controller_find(3, &controller), ERROR_SUCCESS);

    assert_string_equal(controller.path,
                        fake_sys_controller(WU_CONTROLLER_XHCI, "0000:00:04.0").path);
}

static void root_hubs_of_one_controller_give_one_id(void **state)
{
    struct wu_controller usb2;
    struct wu_controller usb3;

    (void)state;
    fake_sys_add_pci(1, "0000:00:04.0", "0x0c0330\n");
    fake_sys_add_pci(2, "0000:00:04.0", "0x0c0330\n");

    assert_int_equal(wu_controller_find(1, &usb2), ERROR_SUCCESS);
    assert_int_equal(wu_controller_find(2, &usb3), ERROR_SUCCESS);

    assert_string_equal(usb2.id, usb3.id);
}

static void controller_without_class_code_is_of_another_kind(void **state)
{
    struct wu_controller controller;

    (void)state;
    fake_sys_add_pci(7, "dummy_hcd.0", "");
    fake_sys_remove("devices/pci0000:00/dummy_hcd.0/class");

    assert_int_equal(wu_controller_find(7, &controller), ERROR_SUCCESS);

    assert_int_equal(controller.kind, WU_CONTROLLER_OTHER);
    assert_string_equal(controller.id, "dummy_hcd.0");
}

static void unknown_bus_is_not_found_and_leaves_output_untouched(void **state)
{
    struct wu_controller controller = { .kind = WU_CONTROLLER_UHCI, .id = "before" };

    (void)state;
    fake_sys_add_pci(1, "0000:00:04.0", "0x0c0330\n");

    assert_int_equal(wu_controller_find(2, &controller), ERROR_FILE_NOT_FOUND);

    assert_int_equal(controller.kind, WU_CONTROLLER_UHCI);
    assert_string_equal(controller.id, "before");
}

static void id_that_does_not_fit_is_not_found(void **state)
{
    struct wu_controller controller;
    char id[80];

    (void)state;
    memset(id, 'x', sizeof(id) - 1);
    id[sizeof(id) - 1] = '\0';
    fake_sys_add_pci(1, id, "0x0c0330\n");

    assert_int_equal(wu_controller_find(1, &controller), ERROR_FILE_NOT_FOUND);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (int kind = WU_CONTROLLER_OTHER; kind <= WU_CONTROLLER_SIM; kind++)
        assert_true(strlen(wu_controller_kind_name((enum wu_controller_kind)kind)) > 2);

    assert_string_equal(wu_controller_kind_name(WU_CONTROLLER_XHCI), "xHCI");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fake_sys(class_code_tells_the_kind),
        in_fake_sys(path_is_the_controllers_folder),
        in_fake_sys(root_hubs_of_one_controller_give_one_id),
        in_fake_sys(controller_without_class_code_is_of_another_kind),
        in_fake_sys(unknown_bus_is_not_found_and_leaves_output_untouched),
        in_fake_sys(id_that_does_not_fit_is_not_found),
        cmocka_unit_test(every_kind_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
