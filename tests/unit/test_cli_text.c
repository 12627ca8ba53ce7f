/* What the tool reads from the command line, and how it writes numbers, bytes and tables. */
#include "cmocka_all.h"
#include "cli/cli.h"
#include "cli/hexdump.h"
#include "cli/number.h"
#include "cli/plain.h"
#include "cli/rate.h"
#include "cli/shell.h"
#include "cli/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- Numbers and bytes --------------------------------------------------------------------- */

static void numbers_are_decimal_or_hexadecimal_and_within_range(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        uint32_t value;
    } examples[] = {
        { "1", true, 1 },
        { "255", true, 255 },
        { "0xff", true, 255 },
        { "0XfF", true, 255 },
        { "010", true, 10 },
        { "0x1", true, 1 },
        { "0", false, 0 },
        { "256", false, 0 },
        { "0x100", false, 0 },
        { "", false, 0 },
        { "-1", false, 0 },
        { "+1", false, 0 },
        { " 1", false, 0 },
        { "1 ", false, 0 },
        { "1k", false, 0 },
        { "0x", false, 0 },
        { "ff", false, 0 },
        { "0x-1", false, 0 },
        { "0xg", false, 0 },
        { "1.5", false, 0 },
        { "0x0x1", false, 0 },
        { "4294967297", false, 0 },
        { "99999999999999999999999", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        uint32_t value = 77;

        assert_int_equal(wu_parse_number(examples[i].text, 1, 255, &value), examples[i].valid);
        assert_int_equal(value, examples[i].valid ? examples[i].value : 77);
    }
}

static void hexadecimal_bytes_are_pairs_of_digits(void **state)
{
    static const struct {
        const char *text;
        int count; /* -1: no bytes */
        unsigned char bytes[3];
    } examples[] = {
        { "1b", 1, { 0x1b } },
        { "0x1B", 1, { 0x1b } },
        { "00ff10", 3, { 0x00, 0xff, 0x10 } },
        { "00 ff 10", 3, { 0x00, 0xff, 0x10 } },
        { "00:ff:10", 3, { 0x00, 0xff, 0x10 } },
        { "", 0, { 0 } },
        { "1", -1, { 0 } },
        { "123", -1, { 0 } },
        { "1g", -1, { 0 } },
        { "g1", -1, { 0 } },
        { "1 2", -1, { 0 } },
        { "0x1", -1, { 0 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        struct wu_bytes bytes = { 0 };
        const int count = examples[i].count;

        assert_int_equal(wu_bytes_append_hex(&bytes, examples[i].text), count >= 0);
        assert_int_equal(bytes.count, count > 0 ? count : 0);
        if (count > 0)
            assert_memory_equal(bytes.data, examples[i].bytes, (size_t)count);
        wu_bytes_free(&bytes);
    }
}

static void bytes_are_appended_and_nonsense_appends_nothing(void **state)
{
    struct wu_bytes bytes = { 0 };

    (void)state;

    assert_true(wu_bytes_append_hex(&bytes, "0102"));
    assert_false(wu_bytes_append_hex(&bytes, "03zz"));
    assert_true(wu_bytes_append_hex(&bytes, "04"));

    assert_int_equal(bytes.count, 3);
    assert_memory_equal(bytes.data, "\x01\x02\x04", 3);
    wu_bytes_free(&bytes);
}

/* --- Writing ------------------------------------------------------------------------------- */

/* What was written to a file of memory. */
struct written {
    FILE *file;
    char *text;
    size_t size;
};

static void begin(struct written *written)
{
    written->file = open_memstream(&written->text, &written->size);
    assert_non_null(written->file);
}

static void ends_as(struct written *written, const char *text)
{
    fclose(written->file);
    assert_string_equal(written->text, text);
    free(written->text);
}

static void dump_shows_offset_bytes_and_characters(void **state)
{
    struct written written;
    unsigned char bytes[18];

    (void)state;
    memcpy(bytes, "Hello, world!\n\x7f\xff~ ", 18);

    begin(&written);
    wu_hexdump(written.file, 0x1f0, bytes, 18);

    ends_as(&written,
            "000001f0  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 0a 7f ff  |Hello, world!...|\n"
            "00000200  7e 20                                             |~ |\n");
}

static void dump_of_any_length_keeps_its_columns(void **state)
{
    const unsigned char bytes[16] = { 0 };

    (void)state;
    for (size_t count = 1; count <= 16; count++) {
        struct written written;

        begin(&written);
        wu_hexdump(written.file, 0, bytes, count);
        fclose(written.file);

        assert_int_equal(strchr(written.text, '|') - written.text, 60);
        assert_int_equal(strlen(written.text), 60 + count + 3);
        free(written.text);
    }
}

static void dump_of_nothing_is_nothing(void **state)
{
    struct written written;

    (void)state;

    begin(&written);
    wu_hexdump(written.file, 0, NULL, 0);

    ends_as(&written, "");
}

static void amounts_are_told_with_their_rate(void **state)
{
    static const struct {
        struct wu_amount amount;
        const char *text;
    } examples[] = {
        { { 0, 0, 0 }, "0 bytes, 0 requests, 0.000 s" },
        { { 0, 1, 500000000 }, "0 bytes, 1 request, 0.500 s" },
        { { 1, 1, 1000000 }, "1 byte, 1 request, 0.001 s, 1 kB/s" },
        { { 5, 1, 2000000000 }, "5 bytes, 1 request, 2.000 s, 0.0025 kB/s" },
        { { 99999, 2, 1000000000 }, "99999 bytes, 2 requests, 1.000 s, 100 kB/s" },
        { { 100000, 2, 1000000000 }, "100000 bytes, 2 requests, 1.000 s, 0.10 MB/s" },
        { { 30000000, 458, 2000000000 }, "30000000 bytes, 458 requests, 2.000 s, 15.00 MB/s" },
        { { UINT64_MAX, UINT64_MAX, 1 },
          "18446744073709551615 bytes, 18446744073709551615 requests, 0.000 s, "
          "18446744073709549518848.00 MB/s" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        char text[WU_RATE_SIZE];

        wu_rate_format(&examples[i].amount, text);

        assert_string_equal(text, examples[i].text);
    }
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
    struct wu_table table;
    struct written written;

    (void)state;
    wu_table_init(&table, 3);
    wu_table_add(&table, "A");
    wu_table_add(&table, "LONG");
    wu_table_add(&table, "Z");
    wu_table_add(&table, "0x%02x", 129);
    wu_table_add(&table, "b");
    wu_table_add(&table, "as long as it likes");

    begin(&written);
    wu_table_print(&table, written.file);

    ends_as(&written, "A     LONG  Z\n"
                      "0x81  b     as long as it likes\n");
    assert_false(table.failed);
    wu_table_free(&table);
}

static void lines_do_not_end_in_blanks(void **state)
{
    struct wu_table table;
    struct written written;

    (void)state;
    wu_table_init(&table, 3);
    for (int i = 0; i < 3; i++)
        wu_table_add(&table, "long");
    wu_table_add(&table, "a");
    wu_table_add(&table, "%s", "");
    wu_table_add(&table, "%s", "");

    begin(&written);
    wu_table_print(&table, written.file);

    ends_as(&written, "long  long  long\na\n");
    wu_table_free(&table);
}

static void row_without_all_its_cells_is_left_out(void **state)
{
    struct wu_table table;
    struct written written;

    (void)state;
    wu_table_init(&table, 2);
    wu_table_add(&table, "a");
    wu_table_add(&table, "b");
    wu_table_add(&table, "c");

    begin(&written);
    wu_table_print(&table, written.file);

    ends_as(&written, "a  b\n");
    wu_table_free(&table);
}

static void what_controls_a_terminal_is_shown_instead(void **state)
{
    static const struct {
        const char *text, *shown;
    } examples[] = {
        { "Gadget 3000", "Gadget 3000" },
        { "\\\\?\\usb#vid_1234", "\\\\?\\usb#vid_1234" },
        { "M\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "M\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80" },
        { "\033[2J\033]0;title\a", "\\x1b[2J\\x1b]0;title\\x07" },
        { "a\nb\rc\td\be\x7F", "a\\x0ab\\x0dc\\x09d\\x08e\\x7f" },
        { "\xC2\x9B"
          "31m",
          "\\xc2\\x9b31m" }, /* C1 */
        { "\x9B"
          "31m",
          "\\x9b31m" }, /* in Latin-1 */
        { "\xE2\x80\xAE"
          "abc\xE2\x81\xA6",
          "\\xe2\\x80\\xaeabc\\xe2\\x81\\xa6" },                 /* backwards */
        { "\xE2\x80\xA8", "\\xe2\\x80\\xa8" },                   /* a new line */
        { "\xF3\xA0\x81\x81", "\\xf3\\xa0\\x81\\x81" },          /* a tag */
        { "\xC0\x9B\xE0\x80\x9B", "\\xc0\\x9b\\xe0\\x80\\x9b" }, /* too long */
        { "\xC1\x81", "\\xc1\\x81" },                            /* an A that is */
        { "\xED\xA0\x80\xF4\x90\x80\x80", "\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80" },
        { "\xE2\x82", "\\xe2\\x82" }, /* cut short */
        { "\xE2\x82\033", "\\xe2\\x82\\x1b" },
        { "\xFF\xFE", "\\xff\\xfe" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        struct written written;
        struct wu_table table;

        begin(&written);
        wu_plain_line(written.file, "%s", examples[i].text);
        fclose(written.file);
        assert_int_equal(written.text[written.size - 1], '\n');
        written.text[written.size - 1] = '\0';
        assert_string_equal(written.text, examples[i].shown);
        free(written.text);

        wu_table_init(&table, 1);
        wu_table_add(&table, "%s", examples[i].text);
        assert_string_equal(table.cells[0], examples[i].shown);
        wu_table_free(&table);
    }
}

/* Whatever two bytes come: none of control is left but the end of the line. */
static void lines_hold_no_control_characters(void **state)
{
    (void)state;
    for (unsigned first = 1; first < 256; first++)
        for (unsigned second = 1; second < 256; second++) {
            struct written written;

            begin(&written);
            wu_plain_line(written.file, "%c%c", first, second);
            fclose(written.file);
            for (size_t i = 0; i + 1 < written.size; i++) {
                assert_true((unsigned char)written.text[i] >= ' ' && written.text[i] != 0x7F);
                assert_false((written.text[i] & 0xC0) == 0x80 && i == 0);
            }
            assert_null(strstr(written.text, "\xC2\x9B"));
            free(written.text);
        }
}

/* What a function writes to stderr. @return owned by the caller */
static char *complaint(void (*complain)(void))
{
    const int saved = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    char *text = calloc(1, 256);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    complain();
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    close(saved);
    rewind(file);
    assert_true(fread(text, 1, 255, file) > 0);
    fclose(file);
    return text;
}

static void complain_of_device(void)
{
    wu_cli_complain("cannot open %s", "\033[31m");
    wu_cli_fail(ERROR_BUSY, "%s", "\n\xC2\x9B");
    wu_cli_usage("list", "what is '%s'?", "\a");
}

static void complaints_are_plain_lines(void **state)
{
    char *text = complaint(complain_of_device);

    (void)state;
    assert_string_equal(text, "winusb: cannot open \\x1b[31m\n"
                              "winusb: \\x0a\\xc2\\x9b: ERROR_BUSY (170): in use\n"
                              "winusb: what is '\\x07'?\n"
                              "Try 'winusb list --help'.\n");
    free(text);
}

static void errors_are_told_by_name_number_and_words(void **state)
{
    char text[WU_CLI_ERROR_SIZE];

    (void)state;

    wu_cli_error_format(ERROR_SEM_TIMEOUT, text);
    assert_string_equal(text, "ERROR_SEM_TIMEOUT (121): no answer within the timeout");
    wu_cli_error_format(54321, text);
    assert_string_equal(text, "error (54321): failed");
}

/* --- Commands ------------------------------------------------------------------------------- */

static void paths_are_quoted_where_a_shell_needs_it(void **state)
{
    static const struct {
        const char *path, *quoted;
    } examples[] = {
        { "/home/u/.wine", "/home/u/.wine" },
        { "/home/\303\274/x_1-2+3", "/home/\303\274/x_1-2+3" },
        { "/home/u/My Prefix", "'/home/u/My Prefix'" },
        { "/tmp/it's", "'/tmp/it'\\''s'" },
        { "/tmp/$(x)", "'/tmp/$(x)'" },
        { "/tmp/~;*", "'/tmp/~;*'" },
        { "", "" },
    };
    static char longest[PATH_MAX], quoted[WU_SHELL_QUOTED_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        wu_shell_quote(examples[i].path, quoted);
        assert_string_equal(quoted, examples[i].quoted);
    }

    memset(longest, '\'', sizeof(longest) - 1);
    wu_shell_quote(longest, quoted);
    assert_int_equal(strlen(quoted), WU_SHELL_QUOTED_SIZE - 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_or_hexadecimal_and_within_range),
        cmocka_unit_test(hexadecimal_bytes_are_pairs_of_digits),
        cmocka_unit_test(bytes_are_appended_and_nonsense_appends_nothing),
        cmocka_unit_test(dump_shows_offset_bytes_and_characters),
        cmocka_unit_test(dump_of_any_length_keeps_its_columns),
        cmocka_unit_test(dump_of_nothing_is_nothing),
        cmocka_unit_test(amounts_are_told_with_their_rate),
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(lines_do_not_end_in_blanks),
        cmocka_unit_test(row_without_all_its_cells_is_left_out),
        cmocka_unit_test(what_controls_a_terminal_is_shown_instead),
        cmocka_unit_test(lines_hold_no_control_characters),
        cmocka_unit_test(complaints_are_plain_lines),
        cmocka_unit_test(errors_are_told_by_name_number_and_words),
        cmocka_unit_test(paths_are_quoted_where_a_shell_needs_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
