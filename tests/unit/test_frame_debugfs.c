/* Counters read from the texts of the controllers' drivers, as Linux 6.1 writes them. */
#include "cmocka_all.h"
#include "fake_sys.h"
#include "frame/frame_source.h"

#include <string.h>

#define in_fake_sys(test) cmocka_unit_test_setup_teardown(test, fake_sys_set_up, fake_sys_tear_down)

#define ID "0000:00:05.0"

#define XHCI_FILE "kernel/debug/usb/xhci/" ID "/reg-runtime"
#define EHCI_FILE "kernel/debug/usb/ehci/" ID "/registers"
#define OHCI_FILE "kernel/debug/usb/ohci/" ID "/registers"
#define UHCI_FILE "kernel/debug/usb/uhci/" ID

static const char xhci_text[] = "MFINDEX = 0x00001b5b\n"
                                "IR0_IMAN = 0x00000002\n"
                                "IR0_IMOD = 0x000000a0\n"
                                "IR0_ERSTSZ = 0x00000001\n";

static const char ehci_text[] = "bus pci, device 0000:00:05.0\n"
                                "EHCI Host Controller\n"
                                "EHCI 1.00, rh state running\n"
                                "ownership 00000001\n"
                                "SMI sts/enable 0x00000000\n"
                                "structural params 0x00000006\n"
                                "capability params 0x00006880\n"
                                "status 0000\n"
                                "command 0010001 (park)=0 ithresh=1 period=1024 RUN\n"
                                "intrenable 37 IAA FATAL PCD ERR INT\n"
                                "uframe 0298\n"
                                "port:1 status 001005 0  ACK POWER sig=se0 PE CONNECT\n"
                                "irq normal 14 err 0 iaa 6 (lost 0)\n";

static const char ohci_text[] = "bus pci, device 0000:00:05.0\n"
                                "OHCI PCI host controller\n"
                                "ohci_hcd\n"
                                "OHCI 1.0, NO legacy support registers, rh state running\n"
                                "control 0x083 HCFS=operational CBSR=3\n"
                                "ed_controlhead 0302e000\n"
                                "hcca frame 0x03de\n"
                                "fmintvl 0xa7782edf FIT FSMPS=0xa778 FI=0x2edf\n";

static const char uhci_text[] = "Root-hub state: running   FSBR: 0\n"
                                "HC status\n"
                                "  usbcmd    =     00c1   Maxp64 CF RS \n"
                                "  usbstat   =     0000   \n"
                                "  usbint    =     000f\n"
                                "  usbfrnum  =   (0)d94\n"
                                "  flbaseadd = 2c7fd000\n";

static const struct {
    enum wu_controller_kind kind;
    const char *file;
    const char *text;
    uint32_t counter; /* [ticks] that the text shows */
    const char *name;
    unsigned bits;
    int64_t tick;
} kinds[] = {
    { WU_CONTROLLER_XHCI, XHCI_FILE, xhci_text, 0x1b5b, "xhci debugfs", 14, 125000 },
    { WU_CONTROLLER_EHCI, EHCI_FILE, ehci_text, 0x298, "ehci debugfs", 14, 125000 },
    { WU_CONTROLLER_OHCI, OHCI_FILE, ohci_text, 0x3de, "ohci debugfs", 16, 1000000 },
    { WU_CONTROLLER_UHCI, UHCI_FILE, uhci_text, 0xd94 / 4, "uhci debugfs", 11, 1000000 },
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(*kinds) };

static DWORD open_text(enum wu_controller_kind kind, struct wu_frame_source **source)
{
    const struct wu_controller controller = fake_sys_controller(kind, ID);

    return wu_frame_source_open(&controller, WU_FRAME_METHOD_DEBUGFS, source);
}

static void assert_open_fails(enum wu_controller_kind kind, DWORD error)
{
    struct wu_frame_source untouched;
    struct wu_frame_source *source = &untouched;

    assert_int_equal(open_text(kind, &source), error);
    assert_ptr_equal(source, &untouched);
}

/* Opens the source with its first text, then lets it read another. */
static bool read_second(int kind, const char *second, uint32_t *raw)
{
    struct wu_frame_source *source;

    fake_sys_write_text(kinds[kind].file, kinds[kind].text);
    assert_int_equal(open_text(kinds[kind].kind, &source), ERROR_SUCCESS);
    fake_sys_truncate(kinds[kind].file);
    fake_sys_write_text(kinds[kind].file, second);

    const bool success = source->ops->read(source, raw);
    source->ops->destroy(source);
    return success;
}

static void each_kind_finds_its_counter_and_says_what_it_counts(void **state)
{
    (void)state;
    for (int i = 0; i < KIND_COUNT; i++) {
        struct wu_frame_source *source;
        uint32_t raw;

        fake_sys_write_text(kinds[i].file, kinds[i].text);
        assert_int_equal(open_text(kinds[i].kind, &source), ERROR_SUCCESS);
        assert_true(source->ops->read(source, &raw));

        assert_int_equal(raw, kinds[i].counter);
        assert_string_equal(source->ops->name, kinds[i].name);
        assert_int_equal(source->ops->bits, kinds[i].bits);
        assert_int_equal(source->ops->tick, kinds[i].tick);
        source->ops->destroy(source);
    }
}

static void each_read_sees_the_text_of_then(void **state)
{
    static const struct {
        int kind;
        const char *text;
        uint32_t counter;
    } examples[] = {
        { 0, "MFINDEX = 0x00000000\nIR0", 0 },
        { 0, "MFINDEX = 0x00003fff\nIR0", 0x3fff },
        { 0, "MFINDEX = 0xffff1234\nIR0", 0x1234 },
        { 1, "status 0\nuframe 3fff\nport", 0x3fff },
        { 2, "x\nhcca frame 0xffff\nfmintvl", 0xffff },
        { 3, "HC\n  usbfrnum  =   (1)ffc\n", 0x7ff },
        { 3, "HC\n  usbfrnum  =   (1)000\n", 0x400 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        uint32_t raw = 1;

        assert_true(read_second(examples[i].kind, examples[i].text, &raw));

        assert_int_equal(raw, examples[i].counter);
    }
}

static void controller_that_sleeps_or_is_gone_is_absent(void **state)
{
    static const struct {
        int kind;
        const char *text;
    } examples[] = {
        { 0, "MFINDEX = 0xffffffff\nIR0" },
        { 1, "bus pci, device x\nEHCI Host Controller\nSUSPENDED (no register access)\n" },
        { 1, "status ffff\nuframe ffffffff\n" },
        { 2, "bus pci, device x\nOHCI PCI host controller\nSUSPENDED\n" },
        { 3, "  usbcmd    =     ffff   Maxp64\n  usbfrnum  =   (1)ffc\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        uint32_t raw = 1;

        assert_true(read_second(examples[i].kind, examples[i].text, &raw));
        assert_int_equal(raw, WU_FRAME_ABSENT);

        assert_open_fails(kinds[examples[i].kind].kind, ERROR_NOT_READY);
    }
}

static void text_that_is_not_understood_is_a_lost_source(void **state)
{
    static const struct {
        int kind;
        const char *text;
    } examples[] = {
        { 0, "" },
        { 0, "MFINDEX = " },
        { 0, "MFINDEX = zz" },
        { 0, "IR0_IMAN = 0x00000002\n" },
        { 1, "EHCI 1.00, rh state running\n" },
        { 1, "\nuframe \n" },
        { 2, "\nhcca frame 0x123456789\n" },
        { 2, "control 0x083 HCFS=operational CBSR=3\n" },
        { 3, "HC status\n" },
        { 3, "  usbfrnum  =   (2)d94\n" },
        { 3, "  usbfrnum  =   (0)\n" },
        { 3, "  usbfrnum  =   0d94\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        uint32_t raw = 77;

        assert_false(read_second(examples[i].kind, examples[i].text, &raw));
        assert_int_equal(raw, 77);

        assert_open_fails(kinds[examples[i].kind].kind, ERROR_NOT_SUPPORTED);
    }
}

static void text_much_longer_than_needed_is_understood(void **state)
{
    char text[8192];
    uint32_t raw;

    (void)state;
    for (int i = 0; i < KIND_COUNT; i++) {
        memset(text, 'x', sizeof(text));
        memcpy(text, kinds[i].text, strlen(kinds[i].text));
        text[sizeof(text) - 1] = '\0';

        assert_true(read_second(i, text, &raw));

        assert_int_equal(raw, kinds[i].counter);
    }
}

static void missing_file_is_not_supported(void **state)
{
    (void)state;
    fake_sys_write_text("kernel/debug/usb/devices", "");

    for (int i = 0; i < KIND_COUNT; i++)
        assert_open_fails(kinds[i].kind, ERROR_NOT_SUPPORTED);
}

static void debugfs_that_is_not_mounted_is_denied(void **state)
{
    (void)state;

    for (int i = 0; i < KIND_COUNT; i++)
        assert_open_fails(kinds[i].kind, ERROR_ACCESS_DENIED);
}

static void text_that_may_not_be_read_is_denied(void **state)
{
    (void)state;
    fake_sys_write_text(XHCI_FILE, xhci_text);
    fake_sys_make_private(XHCI_FILE);

    fake_sys_drop_root();
    assert_open_fails(WU_CONTROLLER_XHCI, ERROR_ACCESS_DENIED);
    fake_sys_regain_root();
}

static void text_whose_file_vanished_is_a_lost_source(void **state)
{
    struct wu_frame_source *source;
    uint32_t raw = 77;

    (void)state;
    fake_sys_write_text(EHCI_FILE, ehci_text);
    assert_int_equal(open_text(WU_CONTROLLER_EHCI, &source), ERROR_SUCCESS);
    fake_sys_remove(EHCI_FILE);

    assert_false(source->ops->read(source, &raw));

    assert_int_equal(raw, 77);
    source->ops->destroy(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fake_sys(each_kind_finds_its_counter_and_says_what_it_counts),
        in_fake_sys(each_read_sees_the_text_of_then),
        in_fake_sys(controller_that_sleeps_or_is_gone_is_absent),
        in_fake_sys(text_that_is_not_understood_is_a_lost_source),
        in_fake_sys(text_much_longer_than_needed_is_understood),
        in_fake_sys(missing_file_is_not_supported),
        in_fake_sys(debugfs_that_is_not_mounted_is_denied),
        in_fake_sys(text_that_may_not_be_read_is_denied),
        in_fake_sys(text_whose_file_vanished_is_a_lost_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
