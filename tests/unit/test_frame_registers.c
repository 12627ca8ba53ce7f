/* Counters read from registers: mapped files stand in for BARs, an ordinary one for I/O ports. */
#include "cmocka_all.h"
#include "fake_sys.h"
#include "frame/frame_source.h"

#include <string.h>

#define in_fake_sys(test) cmocka_unit_test_setup_teardown(test, fake_sys_set_up, fake_sys_tear_down)

#define ID "0000:00:04.0"

enum { BAR_SIZE = 256, WORDS = BAR_SIZE / 4, MFINDEX = 0x40, FRINDEX = 0x2c, HC_FM_NUMBER = 0x3c };

/* A BAR as a controller of this kind shows it, with @counter in its register. */
static void make_bar(uint32_t *words, enum wu_controller_kind kind, uint32_t counter)
{
    memset(words, 0, BAR_SIZE);
    switch (kind) {
    case WU_CONTROLLER_XHCI:
        words[0] = 0x01000020;         /* version 1.0, CAPLENGTH 0x20 */
        words[0x18 / 4] = MFINDEX | 3; /* RTSOFF, with rubbish in the reserved bits */
        words[MFINDEX / 4] = counter;
        break;
    case WU_CONTROLLER_EHCI:
        words[0] = 0x01000020;
        words[FRINDEX / 4] = counter;
        break;
    default:
        words[0] = 0x110; /* HcRevision 1.0, with legacy support */
        words[HC_FM_NUMBER / 4] = counter;
    }
}

static struct wu_controller add_controller(enum wu_controller_kind kind, uint32_t counter)
{
    uint32_t words[WORDS];

    make_bar(words, kind, counter);
    fake_sys_add_registers(ID, 0, words, sizeof(words));
    return fake_sys_controller(kind, ID);
}

static DWORD open_registers(const struct wu_controller *controller, struct wu_frame_source **source)
{
    return wu_frame_source_open(controller, WU_FRAME_METHOD_MMIO, source);
}

static void assert_open_fails(const struct wu_controller *controller, DWORD error)
{
    struct wu_frame_source untouched;
    struct wu_frame_source *source = &untouched;

    assert_int_equal(open_registers(controller, &source), error);
    assert_ptr_equal(source, &untouched);
}

static uint32_t read_once(const struct wu_controller *controller)
{
    struct wu_frame_source *source;
    uint32_t raw;

    assert_int_equal(open_registers(controller, &source), ERROR_SUCCESS);
    assert_true(source->ops->read(source, &raw));
    source->ops->destroy(source);
    return raw;
}

static const struct {
    enum wu_controller_kind kind;
    const char *name;
    unsigned bits;
    int64_t tick;
} mapped[] = {
    { WU_CONTROLLER_XHCI, "xhci mmio", 14, 125000 },
    { WU_CONTROLLER_EHCI, "ehci mmio", 14, 125000 },
    { WU_CONTROLLER_OHCI, "ohci mmio", 16, 1000000 },
};

enum { MAPPED_COUNT = sizeof(mapped) / sizeof(*mapped) };

static void each_kind_says_what_it_counts(void **state)
{
    (void)state;
    for (int i = 0; i < MAPPED_COUNT; i++) {
        const struct wu_controller controller = add_controller(mapped[i].kind, 0);
        struct wu_frame_source *source;

        assert_int_equal(open_registers(&controller, &source), ERROR_SUCCESS);

        assert_string_equal(source->ops->name, mapped[i].name);
        assert_int_equal(source->ops->bits, mapped[i].bits);
        assert_int_equal(source->ops->tick, mapped[i].tick);
        source->ops->destroy(source);
    }
}

static void each_read_sees_what_the_register_holds_then(void **state)
{
    (void)state;
    for (int i = 0; i < MAPPED_COUNT; i++) {
        const struct wu_controller controller = add_controller(mapped[i].kind, 0x1234);
        struct wu_frame_source *source;
        uint32_t words[WORDS];
        uint32_t raw = 0;

        assert_int_equal(open_registers(&controller, &source), ERROR_SUCCESS);
        assert_true(source->ops->read(source, &raw));
        assert_int_equal(raw, 0x1234);

        make_bar(words, mapped[i].kind, 0x1235);
        fake_sys_write("devices/pci0000:00/" ID "/resource0", words, sizeof(words));
        assert_true(source->ops->read(source, &raw));
        assert_int_equal(raw, 0x1235);

        source->ops->destroy(source);
    }
}

static void reserved_bits_are_left_out(void **state)
{
    (void)state;
    for (int i = 0; i < MAPPED_COUNT; i++) {
        const uint32_t mask = (UINT32_C(1) << mapped[i].bits) - 1;
        const struct wu_controller controller = add_controller(mapped[i].kind, 0xf00ff00f);

        assert_int_equal(read_once(&controller), 0xf00ff00f & mask);
    }
}

static void all_ones_in_the_register_are_absent(void **state)
{
    (void)state;
    for (int i = 0; i < MAPPED_COUNT; i++) {
        const struct wu_controller controller = add_controller(mapped[i].kind, UINT32_MAX);

        assert_int_equal(read_once(&controller), WU_FRAME_ABSENT);
    }
}

static void all_ones_in_the_counter_alone_are_a_frame(void **state)
{
    (void)state;
    for (int i = 0; i < MAPPED_COUNT; i++) {
        const uint32_t mask = (UINT32_C(1) << mapped[i].bits) - 1;
        const struct wu_controller controller = add_controller(mapped[i].kind, mask);

        assert_int_equal(read_once(&controller), mask);
    }
}

static void registers_in_the_middle_of_a_page_are_found(void **state)
{
    struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_EHCI, ID);
    uint32_t words[WORDS];

    (void)state;
    make_bar(words, WU_CONTROLLER_EHCI, 0x777);
    fake_sys_add_registers(ID, 0x400, words, sizeof(words));

    assert_int_equal(read_once(&controller), 0x777);
}

static void controller_without_power_is_not_ready(void **state)
{
    uint32_t words[WORDS];

    (void)state;
    memset(words, 0xff, sizeof(words));
    fake_sys_add_registers(ID, 0, words, sizeof(words));
    for (int i = 0; i < MAPPED_COUNT; i++) {
        const struct wu_controller controller = fake_sys_controller(mapped[i].kind, ID);

        assert_open_fails(&controller, ERROR_NOT_READY);
    }
}

static void registers_that_make_no_sense_are_not_supported(void **state)
{
    static const struct {
        enum wu_controller_kind kind;
        size_t offset;
        uint32_t value;
    } examples[] = {
        { WU_CONTROLLER_XHCI, 0x00, 0 },          /* CAPLENGTH too small */
        { WU_CONTROLLER_XHCI, 0x00, 0x80 },       /* RTSOFF inside the capabilities */
        { WU_CONTROLLER_XHCI, 0x18, 0 },          /* no RTSOFF */
        { WU_CONTROLLER_XHCI, 0x18, BAR_SIZE },   /* RTSOFF outside the BAR */
        { WU_CONTROLLER_XHCI, 0x18, 0xffffffe0 }, /* far outside */
        { WU_CONTROLLER_EHCI, 0x00, 0 },
        { WU_CONTROLLER_EHCI, 0x00, 0x21 }, /* no register is there */
        { WU_CONTROLLER_EHCI, 0x00, 0xf4 }, /* FRINDEX at 0x100, outside */
        { WU_CONTROLLER_OHCI, 0x00, 0x20 }, /* no revision of OHCI */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        const struct wu_controller controller = fake_sys_controller(examples[i].kind, ID);
        uint32_t words[WORDS];

        make_bar(words, examples[i].kind, 5);
        words[examples[i].offset / 4] = examples[i].value;
        fake_sys_add_registers(ID, 0, words, sizeof(words));

        assert_open_fails(&controller, ERROR_NOT_SUPPORTED);
    }
}

static void last_register_of_the_bar_may_be_the_counter(void **state)
{
    struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_EHCI, ID);
    uint32_t words[WORDS] = { 0x010000f0 };

    (void)state;
    words[WORDS - 1] = 0x42;
    fake_sys_add_registers(ID, 0, words, sizeof(words));

    assert_int_equal(read_once(&controller), 0x42);
}

static void bar_smaller_than_a_register_is_not_supported(void **state)
{
    const struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_OHCI, ID);
    const unsigned char bytes[2] = { 0x10, 0 };

    (void)state;
    fake_sys_add_registers(ID, 0, bytes, sizeof(bytes));

    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);
}

static void bar_that_is_not_there_is_not_supported(void **state)
{
    const struct wu_controller controller = add_controller(WU_CONTROLLER_XHCI, 0);

    (void)state;
    fake_sys_write_text("devices/pci0000:00/" ID "/resource",
                        "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);

    fake_sys_write_text("devices/pci0000:00/" ID "/resource", "what is this");
    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);

    fake_sys_remove("devices/pci0000:00/" ID "/resource");
    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);
}

static void file_smaller_than_its_bar_is_not_supported(void **state)
{
    const struct wu_controller controller = add_controller(WU_CONTROLLER_XHCI, 0);
    uint32_t words[WORDS];

    (void)state;
    make_bar(words, WU_CONTROLLER_XHCI, 0);
    fake_sys_truncate("devices/pci0000:00/" ID "/resource0");
    fake_sys_write("devices/pci0000:00/" ID "/resource0", words, BAR_SIZE / 2);

    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);
}

static void registers_that_may_not_be_opened_are_denied(void **state)
{
    const struct wu_controller controller = add_controller(WU_CONTROLLER_XHCI, 0);

    (void)state;
    fake_sys_make_private("devices/pci0000:00/" ID "/resource0");

    fake_sys_drop_root();
    assert_open_fails(&controller, ERROR_ACCESS_DENIED);
    fake_sys_regain_root();
}

/* --- UHCI's I/O ports ---------------------------------------------------------------------- */

static struct wu_controller add_ports(uint16_t frnum)
{
    uint16_t ports[16] = { 0 };

    ports[3] = frnum;
    fake_sys_write("devices/pci0000:00/" ID "/resource4", ports, sizeof(ports));
    return fake_sys_controller(WU_CONTROLLER_UHCI, ID);
}

static void uhci_frame_is_eleven_bits_of_port_six(void **state)
{
    const struct wu_controller controller = add_ports(0xf801 | 0x765);
    struct wu_frame_source *source;
    uint32_t raw;

    (void)state;

    assert_int_equal(open_registers(&controller, &source), ERROR_SUCCESS);
    assert_true(source->ops->read(source, &raw));

    assert_int_equal(raw, 0x765);
    assert_string_equal(source->ops->name, "uhci io");
    assert_int_equal(source->ops->bits, 11);
    assert_int_equal(source->ops->tick, 1000000);
    source->ops->destroy(source);
}

static void empty_port_is_absent(void **state)
{
    const struct wu_controller controller = add_ports(0);
    struct wu_frame_source *source;
    uint32_t raw;

    (void)state;
    assert_int_equal(open_registers(&controller, &source), ERROR_SUCCESS);

    add_ports(UINT16_MAX);
    assert_true(source->ops->read(source, &raw));

    assert_int_equal(raw, WU_FRAME_ABSENT);
    source->ops->destroy(source);
}

static void empty_port_is_not_ready_to_be_opened(void **state)
{
    const struct wu_controller controller = add_ports(UINT16_MAX);

    (void)state;

    assert_open_fails(&controller, ERROR_NOT_READY);
}

static void ports_that_cannot_be_read_are_not_supported(void **state)
{
    const struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_UHCI, ID);

    (void)state;
    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);

    fake_sys_write_text("devices/pci0000:00/" ID "/resource4", "short");
    assert_open_fails(&controller, ERROR_NOT_SUPPORTED);
}

static void lost_ports_leave_the_value_untouched(void **state)
{
    const struct wu_controller controller = add_ports(7);
    struct wu_frame_source *source;
    uint32_t raw = 77;

    (void)state;
    assert_int_equal(open_registers(&controller, &source), ERROR_SUCCESS);
    fake_sys_truncate("devices/pci0000:00/" ID "/resource4");

    assert_false(source->ops->read(source, &raw));

    assert_int_equal(raw, 77);
    source->ops->destroy(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fake_sys(each_kind_says_what_it_counts),
        in_fake_sys(each_read_sees_what_the_register_holds_then),
        in_fake_sys(reserved_bits_are_left_out),
        in_fake_sys(all_ones_in_the_register_are_absent),
        in_fake_sys(all_ones_in_the_counter_alone_are_a_frame),
        in_fake_sys(registers_in_the_middle_of_a_page_are_found),
        in_fake_sys(controller_without_power_is_not_ready),
        in_fake_sys(registers_that_make_no_sense_are_not_supported),
        in_fake_sys(last_register_of_the_bar_may_be_the_counter),
        in_fake_sys(bar_smaller_than_a_register_is_not_supported),
        in_fake_sys(bar_that_is_not_there_is_not_supported),
        in_fake_sys(file_smaller_than_its_bar_is_not_supported),
        in_fake_sys(registers_that_may_not_be_opened_are_denied),
        in_fake_sys(uhci_frame_is_eleven_bits_of_port_six),
        in_fake_sys(empty_port_is_absent),
        in_fake_sys(empty_port_is_not_ready_to_be_opened),
        in_fake_sys(ports_that_cannot_be_read_are_not_supported),
        in_fake_sys(lost_ports_leave_the_value_untouched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
