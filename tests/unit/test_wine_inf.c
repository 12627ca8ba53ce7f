/* wine/inf*.c: which GUIDs an INF file gives to which devices. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inf_pieces.h"
#include "wine/inf.h"
#include "wine/inf_target.h"
#include "wine/inf_text.h"

#define IS_FOUND "1234:5678 1\n"

enum { TEXT_SIZE = 1 << 14 };

/* --- Reading --------------------------------------------------------------------------------- */

/* A device a line, its ids, its part, and the first numbers of its GUIDs. */
static void format(const struct wu_inf_devices *devices, char *text)
{
    *text = '\0';
    for (size_t i = 0; i < devices->count; i++) {
        const struct wu_inf_device *device = &devices->devices[i];

        text += sprintf(text, "%04x:%04x", device->vid, device->pid);
        if (device->part >= 0)
            text += sprintf(text, " mi_%02x", (unsigned)device->part);
        for (unsigned j = 0; j < device->guids.count; j++)
            text += sprintf(text, " %u", (unsigned)device->guids.guid[j].Data1);
        text += sprintf(text, "\n");
    }
}

static void assert_bytes(const unsigned char *bytes, size_t size, const char *expected)
{
    struct wu_inf_devices devices;
    char text[TEXT_SIZE];

    assert_int_equal(wu_inf_read(bytes, size, &devices), ERROR_SUCCESS);
    format(&devices, text);
    assert_string_equal(text, expected);
    wu_inf_devices_free(&devices);
}

/* The same text in another encoding, with its mark. */
static size_t encode(const char *text, const char *mark, size_t width, unsigned char *bytes)
{
    const size_t length = strlen(text), begin = strlen(mark);
    const size_t first = mark[0] == '\xFE' ? width - 1 : 0; /* big-endian */

    memset(bytes, 0, begin + width * length);
    memcpy(bytes, mark, begin);
    for (size_t i = 0; i < length; i++)
        bytes[begin + width * i + first] = (unsigned char)text[i];
    return begin + width * length;
}

static void assert_encodings(const char *text, const char *expected)
{
    static const struct {
        const char *mark;
        size_t width;
    } encodings[] = {
        { "", 1 }, { "\xEF\xBB\xBF", 1 }, { "\xFF\xFE", 2 }, { "\xFE\xFF", 2 }, { "", 2 },
    };
    unsigned char bytes[2 * TEXT_SIZE + 4];

    for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
        assert_bytes(bytes, encode(text, encodings[i].mark, encodings[i].width, bytes), expected);
}

/* The same text with other ends of lines. */
static void assert_devices(const char *text, const char *expected)
{
    static const char *const ends[] = { "\n", "\r\n", "\r" };

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        char copy[TEXT_SIZE], *out = copy;

        assert_in_range(2 * strlen(text), 0, sizeof(copy) - 1);
        for (const char *c = text; *c != '\0'; c++)
            out += sprintf(out, "%.*s", *c == '\n' ? 2 : 1, *c == '\n' ? ends[i] : c);
        *out = '\0';
        assert_encodings(copy, expected);
    }
}

struct example {
    const char *text, *expected;
};

static void assert_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_devices(examples[i].text, examples[i].expected);
}

#define ASSERT_EXAMPLES(examples) assert_examples(examples, sizeof(examples) / sizeof(*(examples)))

/* --- Whole files ----------------------------------------------------------------------------- */

/* The shape of Microsoft's example. */
static const char sample[] = "; A driver\n"
                             "[Version]\n"
                             "Signature = \"$Windows NT$\"\n"
                             "ClassGuid = {88BAE032-5A81-49F0-BC3D-A4FF138216D6}\n"
                             "\n"
                             "[Manufacturer]\n"
                             "%ManufacturerName% = Standard,NTamd64\n"
                             "\n"
                             "[Standard.NTamd64]\n"
                             "%DeviceName% =USB_Install, USB\\VID_1234&PID_ABCD ; the one\n"
                             "%DeviceName% =USB_Install, USB\\Vid_1234&Pid_ABCE&MI_02\n"
                             "%OtherName% = Other_Install, \\\n"
                             "    USB\\VID_4321&PID_0001, USB\\VID_4321&PID_0002&REV_0100\n"
                             "%LastName% = Bare_Install, USB\\VID_9999&PID_9999\n"
                             "\n"
                             "[USB_Install]\n"
                             "Include=winusb.inf\n"
                             "[USB_Install.HW]\n"
                             "AddReg=Dev_AddReg\n"
                             "[Other_Install.NT.hw]\n"
                             "addreg = None, Other_AddReg\n"
                             "[Dev_AddReg]\n"
                             "HKR,,DeviceInterfaceGUIDs,0x10000,\"" G1 "\"\n"
                             "[Other_AddReg]\n"
                             "HKR,,NotIt,0x10000,\"" G1 "\"\n"
                             "HKR,,\"DeviceInterfaceGUID\",,%Guid%\n"
                             "[Strings]\n"
                             "DeviceName=\"A device; with words\"\n"
                             "Guid = \"" G2 "\"\n";

static void devices_get_the_guids_of_their_own_sections(void **state)
{
    (void)state;
    assert_devices(sample, "1234:abcd 1\n"
                           "1234:abce mi_02 1\n"
                           "4321:0001 2\n"
                           "4321:0002 2\n");
}

/* What a widely used tool writes for a device of which it knows the ids alone. */
static void ids_are_put_together_from_strings(void **state)
{
    static const struct example examples[] = {
        { "[Strings]\nDeviceName=\"A device\"\nDeviceID=\"VID_1234&PID_5678\"\nDeviceGUID=\"" G1
          "\"\n[Manufacturer]\n%VendorName%=Dev,NTx86,NTamd64\n"
          "[Dev.NTx86]\n%DeviceName%=Inst,USB\\%DeviceID%\n"
          "[Dev.NTamd64]\n%DeviceName%=Inst,USB\\%DeviceID%\n" HARDWARE "[Reg]\n" VALUE
          "%DeviceGUID%\n",
          IS_FOUND },
        { MAKER "[Dev.NTamd64]\n%X%=Inst,USB\\%V%&%P%&%M%\n" HARDWARE REGISTRY STRINGS
                "V=VID_1234\nP=PID_5678\nM=MI_0a\n",
          "1234:5678 mi_0a 1\n" },
        { MAKER "[Dev.NTamd64]\n%X%=Inst,\"%Id%\"\n" HARDWARE REGISTRY STRINGS
                "id=\"USB\\VID_1234&PID_5678\"\n",
          IS_FOUND },
        { MAKER "[Dev.NTamd64]\n%X%=Inst,%Id%\n" HARDWARE REGISTRY STRINGS "Id=USB\\VID_1234\n",
          "" },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

/* --- Strings --------------------------------------------------------------------------------- */

#define WITH_STRINGS(strings) MAKER MODEL HARDWARE "[Reg]\n" VALUE "\"%Guid%\"\n" strings

static void strings_stand_for_text_anywhere(void **state)
{
    static const struct example examples[] = {
        { WITH_STRINGS("[Strings]\nGuid=\"" G1 "\"\n"), IS_FOUND },
        { WITH_STRINGS("[Strings]\nGUID = " G1 " ; not quoted\n"), IS_FOUND },
        { "[Manufacturer]\n%Maker%=%M%,%T%\n[Dev.NTamd64]\n%X%=%I%,USB\\VID_1234&PID_5678\n"
          "[Inst.HW]\n%A%=%R%\n[Reg]\n%H%,%E%,%D%,%F%," G1 "\n"
          "[Strings]\nM=Dev\nT=NTamd64\nI=Inst\nA=AddReg\nR=Reg\nH=HKR\nE=\nD="
          "DeviceInterfaceGUIDs\n"
          "F=0x10000\n",
          IS_FOUND },
        { WITH_STRINGS("[Strings]\nOther=\"" G1 "\"\n"), "" },
        { WITH_STRINGS("[Strings]\nGuid=%Other%\nOther=\"" G1 "\"\n"), "" }, /* as Windows does */
        { MAKER "[Dev.NTamd64]\n%X%=100%%,USB\\VID_1234&PID_5678\n[100%.HW]\nAddReg=Reg\n" REGISTRY,
          IS_FOUND },
        { MAKER "[Dev.NTamd64]\n%X%=5%,USB\\VID_1234&PID_5678\n[5%.HW]\nAddReg=Reg\n" REGISTRY,
          IS_FOUND },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void strings_are_those_in_english_then_those_in_no_language(void **state)
{
    static const struct example examples[] = {
        { WITH_STRINGS("[Strings.0409]\nGuid=\"" G1 "\"\n"), IS_FOUND },
        { WITH_STRINGS("[Strings.0407]\nGuid=\"" G1 "\"\n"), IS_FOUND },
        { WITH_STRINGS("[Strings.0407]\nGuid=" G2 "\n[Strings]\nGuid=" G1 "\n"), IS_FOUND },
        { WITH_STRINGS("[Strings]\nGuid=" G2 "\n[Strings.0409]\nGuid=" G1 "\n"), IS_FOUND },
        { WITH_STRINGS("[Strings]\nGuid=" G1 "\n[Strings.0409]\nX=X\n"), IS_FOUND },
        { WITH_STRINGS("[Strings]\nGuid=" G1 "\nGuid=" G2 "\n"), IS_FOUND },
        { WITH_STRINGS("[Stringsome]\nGuid=" G1 "\n"), "" },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

/* --- Lines and fields ------------------------------------------------------------------------ */

static void fields_may_be_quoted(void **state)
{
    static const struct example examples[] = {
        { MAKER "[Dev.NTamd64]\n%X%=Inst,\"USB\\VID_1234&PID_5678\"\n" HARDWARE REGISTRY,
          IS_FOUND },
        { MAKER "[Dev.NTamd64]\n\"a = b, c; d\" = Inst, USB\\VID_1234&PID_5678\n" HARDWARE REGISTRY,
          IS_FOUND },
        { MAKER MODEL "[Inst.HW]\nAddReg=\"My, section; 1\"\n[My, section; 1]\n" VALUE G1 "\n",
          "" },
        { MAKER MODEL "[Inst.HW]\nAddReg=\"My, section; 1\"\n[\"My, section; 1\"]\n" VALUE G1 "\n",
          IS_FOUND },
        { MAKER MODEL "[Inst.HW]\nAddReg=\" Reg \"\n[\" Reg \"]\n" VALUE G1 "\n", IS_FOUND },
        { MAKER MODEL "[Inst.HW]\nAddReg= My Reg \n[ My Reg ]\n" VALUE G1 "\n", IS_FOUND },
        { "[\"Manufacturer\"]\n%Maker%=\"Dev\",\"NTamd64\"\n"
          "[\"Dev.NTamd64\"]\n\"X\"=\"Inst\",\"USB\\VID_1234&PID_5678\"\n"
          "[\"Inst.HW\"]\n\"AddReg\"=\"Reg\"\n"
          "[\"Reg\"]\n\"HKR\",\"\",\"DeviceInterfaceGUIDs\",\"0x10000\",\"" G1 "\"\n",
          IS_FOUND },
        { MAKER "[Dev.NTamd64]\nX=\"a \"\"b\"\"\",USB\\VID_1234&PID_5678\n"
                "[\"a \"\"b\"\".HW\"]\nAddReg=Reg\n" REGISTRY,
          IS_FOUND },
        { MAKER "[Dev.NTamd64]\nX=\"a \"\"b\"\"\",USB\\VID_1234&PID_5678\n"
                "[a b.HW]\nAddReg=Reg\n" REGISTRY,
          "" },
        { MAKER MODEL HARDWARE "[Reg]\nHKR,,Other,,\"" VALUE G2 "\n" VALUE G1 "\n", IS_FOUND },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void a_backslash_at_the_end_continues_a_line(void **state)
{
    static const struct example examples[] = {
        { MAKER "[Dev.NTamd64]\n%X% = \\\n\tInst, \\ ; the one\n  USB\\VID_1234&PID_5678\n" HARDWARE
              REGISTRY,
          IS_FOUND },
        { MAKER MODEL "[Inst.HW]\nAddReg = None, \\\n\\\n   Reg\n" REGISTRY, IS_FOUND },
        { MAKER MODEL HARDWARE "[Reg]\nHKR,,Path,,\"C:\\\"\n" VALUE G1 "\n", IS_FOUND },
        { MAKER MODEL HARDWARE "[Reg]\n" VALUE "\\", "" },
        { MAKER MODEL HARDWARE "[Reg]\n" VALUE "\\\n" G1, IS_FOUND },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void comments_and_blanks_say_nothing(void **state)
{
    static const struct example examples[] = {
        { "text before the first section\n; [Manufacturer]\n\t[Manufacturer] ; [Dev]\n"
          "  %Maker%\t=\tDev , NTamd64 ;, NTx86\n\n" MODEL "[Inst.HW\nAddReg=Reg;2\n"
          "[Reg]\n;" VALUE G2 "\n" VALUE G1 ";," G2 "\n",
          IS_FOUND },
        { MAKER MODEL HARDWARE REGISTRY "[Manufacturer]\nOther=Dev2\n"
                                        "[dev.ntAMD64]\nY=INST,USB\\VID_1234&PID_0001\n",
          "1234:0001 1\n" IS_FOUND }, /* sections of one name are one */
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void text_beyond_ascii_is_told_apart(void **state)
{
    static const char latin[] =
        MAKER MODEL "[Inst.HW]\nAddReg=\xE4\n[\xF6]\n" VALUE G2 "\n[\xE4]\n" VALUE G1 "\n";
    static const unsigned char wide[] = { 0xFF, 0xFE, 'a',  0,    0xE4, 0,    0xAC,
                                          0x20, 0x3D, 0xD8, 0x00, 0xDE, 0x3D, 0xD8,
                                          'b',  0,    0,    0,    0x3D, 0xD8, 'c' };
    size_t length;
    char *text = wu_inf_text(wide, sizeof(wide), &length);

    (void)state;
    assert_bytes((const unsigned char *)latin, strlen(latin), IS_FOUND);
    assert_int_equal(length, 14);
    assert_memory_equal(text, "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80?b ?", 14);
    free(text);
}

/* --- Ids ------------------------------------------------------------------------------------- */

#define WITH_ID(id) MAKER "[Dev.NTamd64]\n%X%=Inst," id "\n" HARDWARE REGISTRY

static void ids_are_read_to_the_letter(void **state)
{
    static const struct example examples[] = {
        { WITH_ID("USB\\VID_1234&PID_5678&REV_0100&MI_02"), "1234:5678 mi_02 1\n" },
        { WITH_ID("usb\\vid_abCD&pid_Ef01&rev_0100"), "abcd:ef01 1\n" },
        { WITH_ID("USB\\VID_1234&PID_5678&MI_00"), "1234:5678 mi_00 1\n" },
        { WITH_ID(",USB\\VID_1234&PID_5678"), IS_FOUND }, /* a compatible id */
        { WITH_ID("USB\\VID_1234&PID_5678&MI_-2"), "" },
        { WITH_ID("USB\\VID_1234&PID_5678&MI_+2"), "" },
        { WITH_ID("USB\\VID_1234&PID_5678&MI_2"), "" },
        { WITH_ID("USB\\VID_1234&PID_5678&MI_002"), "" },
        { WITH_ID("USB\\VID_1234&PID_5678&MI_0x"), "" },
        { WITH_ID("USB\\VID_-123&PID_5678"), "" },
        { WITH_ID("USB\\VID_1234&PID_0x12"), "" },
        { WITH_ID("USB\\VID_12345&PID_5678"), "" },
        { WITH_ID("USB\\VID_1234&PID_567"), "" },
        { WITH_ID("USB\\VID_ 123&PID_5678"), "" },
        { WITH_ID("USB\\VID_1234&PID_5678&Other"), "" },
        { WITH_ID("HID\\VID_1234&PID_5678"), "" },
        { WITH_ID("USB\\MS_COMP_WINUSB"), "" },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void a_device_has_the_guids_of_all_its_models(void **state)
{
    static const struct example examples[] = {
        { MAKER
          "[Dev.NTamd64]\nX=Inst,USB\\VID_1234&PID_5678\nY=Inst2,USB\\VID_1234&PID_5678&REV_0001\n"
          "Z=Inst,USB\\VID_1234&PID_5678&MI_01\n" HARDWARE REGISTRY
          "[Inst2.HW]\nAddReg=Reg2\n[Reg2]\n" VALUE G2 "\n",
          "1234:5678 1 2\n1234:5678 mi_01 1\n" },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

/* --- Which sections -------------------------------------------------------------------------- */

#define FOR_EACH(targets, models)                                                 \
    "[Manufacturer]\n%Maker%=Dev," targets "\n" models                            \
    "[I1.HW]\nAddReg=R1\n[I2.HW]\nAddReg=R2\n[I3.HW]\nAddReg=R3\n[R1]\n" VALUE G1 \
    "\n[R2]\n" VALUE G2 "\n[R3]\n" VALUE G3 "\n"

#define MODEL_IN(section, install) "[" section "]\nX=" install ",USB\\VID_1234&PID_5678\n"

static void models_are_those_for_our_processor_and_the_latest_windows(void **state)
{
    static const struct example examples[] = {
        { FOR_EACH("NTx86,NTamd64,NTarm64", MODEL_IN("Dev.NTx86", "I2") MODEL_IN(
                                                "Dev.NTamd64", "I1") MODEL_IN("Dev.NTarm64", "I3")),
          IS_FOUND },
        { FOR_EACH("NTamd64,NTx86",
                   MODEL_IN("Dev.NTamd64", "I1") MODEL_IN("Dev.NTx86", "I2") MODEL_IN("Dev", "I3")),
          IS_FOUND },
        { FOR_EACH("NT,NTx86", MODEL_IN("Dev.NTx86", "I2") MODEL_IN("Dev.NT", "I1")), IS_FOUND },
        { FOR_EACH("NTx86", MODEL_IN("Dev.NTx86", "I2") MODEL_IN("Dev", "I1")), IS_FOUND },
        { FOR_EACH("NTx86", MODEL_IN("Dev.NTx86", "I1")), IS_FOUND },
        { FOR_EACH("NTamd64.6.1,NTamd64.10.0...16299,NTamd64.6.3",
                   MODEL_IN("Dev.NTamd64.6.1", "I2") MODEL_IN("Dev.NTamd64.10.0...16299", "I1")
                       MODEL_IN("Dev.NTamd64.6.3", "I3")),
          IS_FOUND },
        { FOR_EACH("NTamd64.10.0,NTamd64.10.0.3",
                   MODEL_IN("Dev.NTamd64.10.0.3", "I2") MODEL_IN("Dev.NTamd64.10.0", "I1")),
          IS_FOUND },
        { FOR_EACH("NTamd64", MODEL_IN("Dev", "I1")), IS_FOUND },
        { FOR_EACH("NTamd64", MODEL_IN("Dev.NTamd64.6.1", "I2")), "" }, /* not in the list */
        { FOR_EACH("Win98", MODEL_IN("Dev.Win98", "I2")), "" },
        { "[Manufacturer]\n%Maker%\n" MODEL_IN("A maker", "I1") HARDWARE
          "[I1.HW]\nAddReg=Reg\n" REGISTRY "[Strings]\nMaker=\"A maker\"\n",
          IS_FOUND },
        { "[Manufacturer]\n" MODEL HARDWARE REGISTRY, "" }, /* nobody's models */
        { MODEL HARDWARE REGISTRY, IS_FOUND },              /* a part of a file */
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void targets_are_compared_by_processor_then_version(void **state)
{
    static const char *const from_worst_to_best[] = {
        "WinXP",
        "NTx86",
        "NTx86.10.0",
        "",
        "NT",
        "nt.6.1",
        "NT.10.0",
        "NTamd64",
        "NTAMD64.5",
        "NTamd64.6.0",
        "NTamd64.6.0.1",
        "NTamd64.10.0...1",
        "NTamd64.10.0...2",
    };

    (void)state;
    assert_int_equal(wu_inf_target_fit("WinXP"), 0);
    for (size_t i = 1; i < sizeof(from_worst_to_best) / sizeof(char *); i++)
        assert_true(wu_inf_target_fit(from_worst_to_best[i - 1]) <=
                    wu_inf_target_fit(from_worst_to_best[i]));
    assert_true(wu_inf_target_fit("NTamd64") > wu_inf_target_fit("NT.99.0"));
    assert_true(wu_inf_target_fit("") > wu_inf_target_fit("NTx86.99"));
    assert_true(wu_inf_target_fit("") > wu_inf_target_fit("NTamd64.10.0.3"));
    assert_true(wu_inf_target_fit("NTamd64.10.0...99999999999999999999") > 0);
}

static void hardware_sections_are_those_of_the_install_section(void **state)
{
    static const struct example examples[] = {
        { MAKER MODEL "[Inst.Second.HW]\nAddReg=Reg2\n[Reg2]\n" VALUE G2 "\n" HARDWARE REGISTRY,
          IS_FOUND },
        { MAKER MODEL "[Inst.Second.HW]\nAddReg=Reg\n" REGISTRY, "" },
        { MAKER MODEL "[Inst2.HW]\nAddReg=Reg\n" REGISTRY, "" },
        { MAKER MODEL "[Inst]\nAddReg=Reg\n" REGISTRY, "" }, /* the driver's own key */
        { MAKER MODEL "[Inst.NTx86.HW]\nAddReg=Reg2\n[Inst.NTamd64.HW]\nAddReg=Reg\n"
                      "[Inst.NT.HW]\nAddReg=Reg2\n[Inst.HW]\nAddReg=Reg2\n[Reg2]\n" VALUE G2
                      "\n" REGISTRY,
          IS_FOUND },
        { MAKER MODEL "[Inst.NTx86.HW]\nAddReg=Reg2\n[Inst.nt.hw]\nAddReg=Reg\n[Reg2]\n" VALUE G2
                      "\n" REGISTRY,
          IS_FOUND },
        { MAKER MODEL "[Inst.NTx86.HW]\nAddReg=Reg\n" REGISTRY, IS_FOUND },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

static void sections_need_others_of_the_file(void **state)
{
    static const struct example examples[] = {
        { MAKER MODEL "[Inst.HW]\nInclude=winusb.inf\nNeeds=WINUSB.NT.HW,Common.HW\n"
                      "[Common.HW]\nAddReg=Reg\n" REGISTRY,
          IS_FOUND },
        { MAKER MODEL "[Inst.HW]\nNeeds=A\nAddReg=Reg2\n[A]\nneeds=B\n[B]\nNeeds=A,B,C\n[C]\n"
                      "AddReg=Reg\n" REGISTRY "[Reg2]\n" VALUE G2 "\n",
          "1234:5678 1 2\n" },
        { MAKER MODEL "[Inst]\nNeeds=Common\n[Common.HW]\nAddReg=Reg\n" REGISTRY, "" },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

/* --- Values ---------------------------------------------------------------------------------- */

#define WITH_LINE(line) MAKER MODEL HARDWARE "[Reg]\n" line "\n"

static void guids_are_values_of_the_devices_own_key(void **state)
{
    static const struct example examples[] = {
        { WITH_LINE("HKR,,DeviceInterfaceGUID,," G1), IS_FOUND },
        { WITH_LINE("hkr,,deviceinterfaceguids,0x00010008," G1 "," G2), "1234:5678 1 2\n" },
        { WITH_LINE("HKR, , \"DeviceInterfaceGUIDs\", 65536, \"" G1 "\", \"\", " G2),
          "1234:5678 1 2\n" },
        { WITH_LINE("HKR,Other,DeviceInterfaceGUIDs,0x10000," G1), "" },
        { WITH_LINE("HKR,\"\\\",DeviceInterfaceGUIDs,0x10000," G1), "" },
        { WITH_LINE("HKLM,,DeviceInterfaceGUIDs,0x10000," G1), "" },
        { WITH_LINE("HKLM,SOFTWARE\\Maker,DeviceInterfaceGUIDs,0x10000," G1), "" },
        { WITH_LINE("HKR,,DeviceInterfaceGUIDsX,0x10000," G1), "" },
        { WITH_LINE("HKR,,DeviceInterfaceGUIDs,0x00000004," G1), "" }, /* deletes it */
        { WITH_LINE("HKR,,DeviceInterfaceGUIDs,0x00000010," G1), "" }, /* makes the key alone */
        { WITH_LINE("HKR,,DeviceInterfaceGUIDs,1," G1), "" },          /* bytes */
        { WITH_LINE("HKR,,DeviceInterfaceGUIDs,0x10000,a" G1), "" },
        { WITH_LINE("HKR,,DeviceInterfaceGUIDs"), "" },
    };

    (void)state;
    ASSERT_EXAMPLES(examples);
}

/* --- Anything else -----------------------------------------------------------------------------
 */

/* Each beginning of the file, as if it had been cut off there. */
static void a_file_that_is_cut_short_does_no_harm(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof(sample); size++) {
        unsigned char *exact = malloc(size + 1); /* so that a read beyond the end is seen */
        struct wu_inf_devices devices;

        memcpy(exact, sample, size);
        assert_int_equal(wu_inf_read(exact, size, &devices), ERROR_SUCCESS);
        assert_in_range(devices.count, 0, 4);
        wu_inf_devices_free(&devices);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_get_the_guids_of_their_own_sections),
        cmocka_unit_test(ids_are_put_together_from_strings),
        cmocka_unit_test(strings_stand_for_text_anywhere),
        cmocka_unit_test(strings_are_those_in_english_then_those_in_no_language),
        cmocka_unit_test(fields_may_be_quoted),
        cmocka_unit_test(a_backslash_at_the_end_continues_a_line),
        cmocka_unit_test(comments_and_blanks_say_nothing),
        cmocka_unit_test(text_beyond_ascii_is_told_apart),
        cmocka_unit_test(ids_are_read_to_the_letter),
        cmocka_unit_test(a_device_has_the_guids_of_all_its_models),
        cmocka_unit_test(models_are_those_for_our_processor_and_the_latest_windows),
        cmocka_unit_test(targets_are_compared_by_processor_then_version),
        cmocka_unit_test(hardware_sections_are_those_of_the_install_section),
        cmocka_unit_test(sections_need_others_of_the_file),
        cmocka_unit_test(guids_are_values_of_the_devices_own_key),
        cmocka_unit_test(a_file_that_is_cut_short_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
