/* wine/inf*.c: how much there may be in an INF file, and what it takes to read it. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inf_pieces.h"
#include "wine/inf.h"
#include "wine/inf_file.h"

/* --- Limits ---------------------------------------------------------------------------------- */

/* A file that grows. */
struct text {
    FILE *file;
    char *bytes;
    size_t size;
};

static void begin(struct text *text)
{
    text->file = open_memstream(&text->bytes, &text->size);
    assert_non_null(text->file);
    fputs(MAKER HARDWARE REGISTRY "[Dev.NTamd64]\n", text->file);
}

static DWORD read_text(struct text *text, struct wu_inf_devices *devices)
{
    DWORD error;

    assert_int_equal(fclose(text->file), 0);
    error = wu_inf_read((const unsigned char *)text->bytes, text->size, devices);
    free(text->bytes);
    return error;
}

static void there_may_be_any_number_of_devices(void **state)
{
    enum { COUNT = 5000 };
    struct wu_inf_devices devices;
    struct text text;

    (void)state;
    begin(&text);
    for (unsigned i = COUNT; i-- > 0;)
        fprintf(text.file, "x=Inst,USB\\VID_0001&PID_%04X\n", i);

    assert_int_equal(read_text(&text, &devices), ERROR_SUCCESS);
    assert_int_equal(devices.count, COUNT);
    for (unsigned i = 0; i < COUNT; i++)
        assert_int_equal(devices.devices[i].pid, i);
    wu_inf_devices_free(&devices);
}

/* Tells what is said of a file that gives so many GUIDs to a device, in several ways. */
static DWORD error_of_guids(unsigned count)
{
    struct wu_inf_devices devices;
    struct text text;
    DWORD error;

    begin(&text);
    fputs("x=I,USB\\VID_0001&PID_0001\n[I.HW]\nAddReg=A\nNeeds=B\n[B]\nAddReg=A,C\n[A]\n",
          text.file);
    for (unsigned i = 0; i < count; i++)
        fprintf(text.file, "%s" VALUE "{%08x-0000-0000-0000-000000000000}\n",
                i == WU_GUIDS_MAX / 2 ? "[C]\n" : "", i);
    error = read_text(&text, &devices);
    if (error == ERROR_SUCCESS) {
        assert_int_equal(devices.devices[0].guids.count, count);
        wu_inf_devices_free(&devices);
    }
    return error;
}

static void guids_that_do_not_fit_are_told(void **state)
{
    (void)state;
    assert_int_equal(error_of_guids(WU_GUIDS_MAX), ERROR_SUCCESS);
    assert_int_equal(error_of_guids(WU_GUIDS_MAX + 1), ERROR_MORE_DATA);
}

static DWORD error_of_needs(unsigned count)
{
    struct wu_inf_devices devices;
    struct text text;
    DWORD error;

    begin(&text);
    fputs("x=I,USB\\VID_0001&PID_0001\n[I.HW]\nNeeds=0\n", text.file);
    for (unsigned i = 0; i < count; i++)
        fprintf(text.file, "[%u]\nNeeds=%u\n", i, i + 1);
    fprintf(text.file, "[%u]\nAddReg=Reg\n", count);
    error = read_text(&text, &devices);
    if (error == ERROR_SUCCESS) {
        assert_int_equal(devices.count, 1);
        wu_inf_devices_free(&devices);
    }
    return error;
}

static void needs_that_are_too_deep_are_told(void **state)
{
    (void)state;
    assert_int_equal(error_of_needs(WU_INF_NEEDS_MAX - 1), ERROR_SUCCESS);
    assert_int_equal(error_of_needs(WU_INF_NEEDS_MAX), ERROR_INVALID_DATA);
    assert_int_equal(error_of_needs(100000), ERROR_INVALID_DATA);
}

static void names_that_are_too_long_find_nothing(void **state)
{
    (void)state;
    for (size_t length = WU_INF_FIELD_SIZE - 8; length < WU_INF_FIELD_SIZE + 8; length++) {
        struct wu_inf_devices devices;
        struct text text;
        char name[2 * WU_INF_FIELD_SIZE] = "";

        memset(name, 'n', length);
        begin(&text);
        fprintf(text.file, "X=%s,USB\\VID_1234&PID_5678\n[%s.HW]\nAddReg=%s\n[%s]\n%s%s\n", name,
                name, name, name, VALUE, G1);

        assert_int_equal(read_text(&text, &devices), ERROR_SUCCESS);
        assert_int_equal(devices.count, length + strlen(".HW") < WU_INF_FIELD_SIZE);
        wu_inf_devices_free(&devices);
    }
}

/* --- What it takes --------------------------------------------------------------------------- */

enum { MEBIBYTE = 1 << 20 };

/* Each piece as often as it fits, with a number where it has a place for it. */
struct hostile {
    const char *head, *piece, *tail;
};

static void fill(const struct hostile *hostile, size_t size, FILE *file)
{
    fputs(hostile->head, file);
    for (unsigned i = 0; ftell(file) < (long)size; i++)
        for (const char *c = hostile->piece; *c != '\0'; c++)
            if (*c == '#')
                fprintf(file, "%x", i);
            else
                fputc(*c, file);
    fputs(hostile->tail, file);
}

static size_t steps_for(const struct hostile *hostile, size_t size)
{
    struct wu_inf_devices devices = { .count = 0 };
    const clock_t before = clock();
    struct text text;
    size_t steps;

    text.file = open_memstream(&text.bytes, &text.size);
    assert_non_null(text.file);
    fill(hostile, size, text.file);
    assert_int_equal(read_text(&text, &devices), ERROR_SUCCESS);
    if (size == MEBIBYTE)
        printf("%4ld ms for '%.24s'\n", (long)((clock() - before) * 1000 / CLOCKS_PER_SEC),
               hostile->piece);
    steps = devices.steps;
    wu_inf_devices_free(&devices);
    return steps;
}

#define N16 "nnnnnnnnnnnnnnnn"
#define N192 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 /* names that differ late */
#define GUID_OF(digit) ",{0000000" digit "-0000-0000-0000-000000000000}"

/* In a file of eight times the size there is eight times as much to do, whatever is in it. */
static void work_grows_as_the_file_does(void **state)
{
    static const struct hostile examples[] = {
        { "", "[", "" },
        { "", "\n", "" },
        { "", ",", "" },
        { "", "\"", "" },
        { "", "\\ ", "" },
        { "[a]\n", "%", "" },
        { "[a]\n", "=\n", "" },
        { "", "[#]\n", "" },
        { "", "[a]\nb\n", "" },
        { "[Manufacturer]\n", "x=Dev,NTamd64\n", MODEL HARDWARE REGISTRY },
        { HARDWARE REGISTRY, MAKER MODEL, "" },
        { HARDWARE REGISTRY, "[#]\nx=Inst,USB\\VID_1234&PID_5678\n", "" },
        { "[Manufacturer]\nx=Dev", ",NTamd64.#", "\n" MODEL HARDWARE REGISTRY },
        { MAKER HARDWARE REGISTRY "[Dev.NTamd64]\n", "x=Inst,USB\\VID_1234&PID_5678\n", "" },
        { MAKER HARDWARE REGISTRY "[Dev.NTamd64]\nx=Inst", ",USB\\VID_1234&PID_5678", "\n" },
        { MAKER "[Dev.NTamd64]\n", "x=#,USB\\VID_1234&PID_5678\n[#.HW]\nAddReg=a\n[Dev.NTamd64]\n",
          "[a]\n" VALUE G1 "\n" },
        { MAKER MODEL REGISTRY "[Inst.HW]\n", "AddReg=Reg\n", "" },
        { MAKER MODEL REGISTRY "[Inst.HW]\nAddReg=Reg", ",Reg", "\n" },
        { MAKER MODEL "[Inst.HW]\nAddReg=Reg", ",Reg",
          "\n" REGISTRY "HKR,,DeviceInterfaceGUIDs," GUID_OF("2") GUID_OF("3") GUID_OF("4")
              GUID_OF("5") GUID_OF("6") GUID_OF("7") GUID_OF("8") GUID_OF("9") "\n" },
        { "[Strings]\na=" N192 "\nb=USB\\VID_1234&PID_5678\n" MAKER "[Dev.NTamd64]\n",
          "x=%a%#,%b%\ny=%a%#z,%b%\n[" N192 "#.HW]\n[Dev.NTamd64]\n", "" },
        { MAKER MODEL "[Inst.HW]\nAddReg=Reg", ",#", "\n" REGISTRY },
        { MAKER MODEL "[Inst.HW]\nNeeds=0", "\n[#]\nNeeds=0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f", "\n" },
        { MAKER MODEL HARDWARE "[Reg]\n", VALUE G1 "\n", "" },
        { MAKER MODEL HARDWARE "[Reg]\n", VALUE "%#%\n", "[Strings]\na=\"" G1 "\"\n" },
        { "[Strings]\n", "s#=" G1 "\n", MAKER MODEL HARDWARE "[Reg]\n" VALUE "%s1%,%s0%,%S1%\n" },
        { "[Strings]\na=\n" MAKER "[Dev.NTamd64]\nx=Inst,", "%a%", "\n" HARDWARE REGISTRY },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        const size_t few = steps_for(&examples[i], MEBIBYTE / 8);
        const size_t many = steps_for(&examples[i], MEBIBYTE);

        assert_true(few < MEBIBYTE / 8 * 4);
        assert_true(many < 9 * (few + 100));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_may_be_any_number_of_devices),
        cmocka_unit_test(guids_that_do_not_fit_are_told),
        cmocka_unit_test(needs_that_are_too_deep_are_told),
        cmocka_unit_test(names_that_are_too_long_find_nothing),
        cmocka_unit_test(work_grows_as_the_file_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
