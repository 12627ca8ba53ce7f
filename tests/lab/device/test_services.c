/* fastboot.c, adb.c: what the lab's device says to what a host says, right or wrong. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adb.h"
#include "fastboot.h"

enum { ROOM = ADB_PAYLOAD };

struct fixture {
    char folder[32]; /* of files that are kept */
    struct stream back;
    struct fastboot fastboot;
    struct adb adb;
    uint8_t answer[ROOM];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    strcpy(fixture->folder, "/tmp/labdevice.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->back.behaviour.kind = LABDEV_LOOPBACK;
    fixture->back.packet_size = ROOM;
    fixture->fastboot.folder = fixture->folder;
    fixture->adb.folder = fixture->folder;
    *state = fixture;
    return 0;
}

static char *path_of(const struct fixture *fixture, const char *name)
{
    static char path[64];

    snprintf(path, sizeof(path), "%s/%s", fixture->folder, name);
    return path;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    stream_forget(&fixture->back);
    fastboot_reset(&fixture->fastboot);
    adb_reset(&fixture->adb);
    remove(path_of(fixture, "boot"));
    remove(path_of(fixture, "file"));
    assert_int_equal(rmdir(fixture->folder), 0); /* nothing else was kept */
    free(fixture);
    return 0;
}

/* What the device says next. */
static int64_t hear(struct fixture *fixture)
{
    memset(fixture->answer, 0, 128);
    return stream_packet(&fixture->back, fixture->answer, ROOM);
}

static void hear_nothing(struct fixture *fixture)
{
    assert_int_equal(hear(fixture), STREAM_NOTHING);
}

static void
assert_kept(const struct fixture *fixture, const char *name, const void *data, size_t size)
{
    FILE *file = fopen(path_of(fixture, name), "rb");
    uint8_t *kept = malloc(size + 1);

    assert_non_null(file);
    assert_int_equal(fread(kept, 1, size + 1, file), size);
    assert_memory_equal(kept, data, size);
    fclose(file);
    free(kept);
}

/* --- fastboot -------------------------------------------------------------------------------- */

static void say(struct fixture *fixture, const char *line)
{
    fastboot_take(&fixture->fastboot, &fixture->back, (const uint8_t *)line,
                  (uint32_t)strlen(line));
}

static void hear_line(struct fixture *fixture, const char *line)
{
    assert_int_equal(hear(fixture), strlen(line));
    assert_string_equal((const char *)fixture->answer, line);
}

static void hear_failure(struct fixture *fixture)
{
    assert_true(hear(fixture) > 4);
    assert_memory_equal(fixture->answer, "FAIL", 4);
    hear_nothing(fixture);
}

static void variables_are_told(void **state)
{
    struct fixture *fixture = *state;

    say(fixture, "getvar:product");
    hear_line(fixture, "OKAYlabdevice");
    say(fixture, "getvar:all");
    hear_line(fixture, "INFOversion: 0.4");
    while (hear(fixture) > 4)
        assert_memory_equal(fixture->answer, "INFO", 4);
    assert_string_equal((const char *)fixture->answer, "OKAY");
    hear_nothing(fixture);
}

static void image_is_kept_as_it_was_sent(void **state)
{
    struct fixture *fixture = *state;

    say(fixture, "download:0000000a");
    hear_line(fixture, "DATA0000000a");
    say(fixture, "getv");
    say(fixture, "");
    hear_nothing(fixture);
    say(fixture, "ar:all");
    hear_line(fixture, "OKAY");
    say(fixture, "flash:boot");
    hear_line(fixture, "OKAY");

    assert_kept(fixture, "boot", "getvar:all", 10);
}

static void bad_commands_fail(void **state)
{
    static const char *const lines[] = {
        "getvar",
        "getvar:",
        "getvar:colour",
        "download:",
        "download:a",
        "download:0000000g",
        "download:000000001",
        "download:00000000",
        "download:ffffffff",
        "flash:boot",
        "flash:",
        "reboot",
        "a line that is longer than the sixty-four bytes of which a command is",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        say(fixture, lines[i]);
        hear_failure(fixture);
    }
    fastboot_take(&fixture->fastboot, &fixture->back, (const uint8_t *)"getvar:all", 11);
    hear_failure(fixture);
}

static void no_partition_leads_out_of_the_folder(void **state)
{
    static const char *const lines[] = { "flash:../boot", "flash:/boot", "flash:.", "flash:boot/" };
    struct fixture *fixture = *state;

    say(fixture, "download:00000001");
    say(fixture, "x");
    hear_line(fixture, "DATA00000001");
    hear_line(fixture, "OKAY");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        say(fixture, lines[i]);
        hear_failure(fixture);
    }
}

static void more_data_than_announced_is_refused(void **state)
{
    struct fixture *fixture = *state;

    say(fixture, "download:00000004");
    hear_line(fixture, "DATA00000004");
    say(fixture, "12345");
    hear_failure(fixture);
    say(fixture, "flash:boot");
    hear_failure(fixture);
    say(fixture, "getvar:version");
    hear_line(fixture, "OKAY0.4");
}

static void image_that_cannot_be_kept_fails(void **state)
{
    struct fixture *fixture = *state;

    say(fixture, "download:00000001");
    say(fixture, "x");
    hear_line(fixture, "DATA00000001");
    hear_line(fixture, "OKAY");
    fixture->fastboot.folder = NULL;
    say(fixture, "flash:boot");
    hear_failure(fixture);
    fixture->fastboot.folder = "/nowhere";
    say(fixture, "flash:boot");
    hear_failure(fixture);
}

/* --- adb ------------------------------------------------------------------------------------- */

struct message {
    uint8_t bytes[ADB_HEADER + 2048];
    uint32_t size;
};

static struct message
make(const char *command, uint32_t first, uint32_t second, const void *data, uint32_t size)
{
    struct message message = { .size = ADB_HEADER + size };
    uint32_t sum = 0;

    for (uint32_t i = 0; i < size; i++)
        sum += ((const uint8_t *)data)[i];
    adb_put32(message.bytes, adb_word(command));
    adb_put32(message.bytes + 4, first);
    adb_put32(message.bytes + 8, second);
    adb_put32(message.bytes + 12, size);
    adb_put32(message.bytes + 16, sum);
    adb_put32(message.bytes + 20, ~adb_word(command));
    if (size > 0)
        memcpy(message.bytes + ADB_HEADER, data, size);
    return message;
}

static bool give(struct fixture *fixture, const struct message *message)
{
    return adb_take(&fixture->adb, &fixture->back, message->bytes, message->size);
}

static void send(struct fixture *fixture,
                 const char *command,
                 uint32_t first,
                 uint32_t second,
                 const void *data,
                 uint32_t size)
{
    const struct message message = make(command, first, second, data, size);

    assert_true(give(fixture, &message));
}

/* A message without data. */
static void
hear_message(struct fixture *fixture, const char *command, uint32_t first, uint32_t second)
{
    const struct message message = make(command, first, second, NULL, 0);

    assert_int_equal(hear(fixture), ADB_HEADER);
    assert_memory_equal(fixture->answer, message.bytes, ADB_HEADER);
}

/* One with data, which comes apart from it. */
static void hear_data(struct fixture *fixture, const char *command, const void *data, uint32_t size)
{
    const struct message message = make(command, 1, 7, data, size);

    assert_int_equal(hear(fixture), ADB_HEADER);
    assert_memory_equal(fixture->answer, message.bytes, ADB_HEADER);
    assert_int_equal(hear(fixture), size);
    assert_memory_equal(fixture->answer, data, size);
}

static void introduce(struct fixture *fixture)
{
    send(fixture, "CNXN", 0x01000001, 1 << 20, "host::", 7);
    assert_int_equal(hear(fixture), ADB_HEADER);
    assert_memory_equal(fixture->answer, "CNXN", 4);
    assert_true(hear(fixture) > 8);
    assert_memory_equal(fixture->answer, "device::", 8);
    hear_nothing(fixture);
}

static void open_service(struct fixture *fixture, const char *name)
{
    introduce(fixture);
    send(fixture, "OPEN", 7, 0, name, (uint32_t)strlen(name) + 1);
}

static void open_sync(struct fixture *fixture)
{
    open_service(fixture, "sync:");
    hear_message(fixture, "OKAY", 1, 7);
}

static void shell_echoes(void **state)
{
    struct fixture *fixture = *state;

    open_service(fixture, "shell:echo hi there");
    hear_message(fixture, "OKAY", 1, 7);
    hear_data(fixture, "WRTE", "hi there\n", 9);
    hear_nothing(fixture);
    send(fixture, "OKAY", 7, 1, NULL, 0);
    hear_message(fixture, "CLSE", 1, 7);
    send(fixture, "CLSE", 7, 1, NULL, 0);
    hear_nothing(fixture);
}

static void stranger_is_not_listened_to(void **state)
{
    struct fixture *fixture = *state;

    send(fixture, "OPEN", 7, 0, "sync:", 6);
    send(fixture, "WRTE", 7, 1, "x", 1);
    hear_nothing(fixture);
}

/* No more of a message than the host takes. */
static void small_host_gets_small_messages(void **state)
{
    struct fixture *fixture = *state;

    send(fixture, "CNXN", 0x01000000, 4, "host::", 7);
    hear(fixture);
    hear(fixture);
    send(fixture, "OPEN", 7, 0, "shell:echo hello", 17);
    hear_message(fixture, "OKAY", 1, 7);
    hear_data(fixture, "WRTE", "hell", 4);
    send(fixture, "OKAY", 7, 1, NULL, 0);
    hear_data(fixture, "WRTE", "o\n", 2);
}

static void broken_messages_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct message right = make("CNXN", 0x01000000, 4096, "host::", 7);

    for (uint32_t i = 0; i < 4; i++) {
        static const uint32_t places[] = { 0, 12 + 3, 16,
                                           ADB_HEADER }; /* command, length, sum, data */
        struct message wrong = right;

        wrong.bytes[places[i]] ^= 0xFF;
        assert_false(give(fixture, &wrong));
        hear_nothing(fixture);
        introduce(fixture);
    }
}

static void messages_may_come_in_pieces(void **state)
{
    struct fixture *fixture = *state;
    const struct message message = make("OPEN", 7, 0, "shell:echo hi", 14);

    introduce(fixture);
    for (uint32_t i = 0; i < message.size; i++)
        assert_true(adb_take(&fixture->adb, &fixture->back, message.bytes + i, 1));
    hear_message(fixture, "OKAY", 1, 7);
    hear_data(fixture, "WRTE", "hi\n", 3);
}

static void unknown_service_is_closed(void **state)
{
    struct fixture *fixture = *state;

    open_service(fixture, "tcp:80");
    hear_message(fixture, "CLSE", 0, 7);
    send(fixture, "WRTE", 7, 1, "x", 1);
    hear_message(fixture, "CLSE", 0, 7);
    send(fixture, "OKAY", 7, 1, NULL, 0);
    send(fixture, "CLSE", 7, 1, NULL, 0);
    send(fixture, "CLSE", 7, UINT32_MAX, NULL, 0);
    hear_nothing(fixture);
}

static void streams_are_not_without_end(void **state)
{
    struct fixture *fixture = *state;

    introduce(fixture);
    for (uint32_t i = 1; i <= ADB_STREAMS; i++) {
        send(fixture, "OPEN", i, 0, "sync:", 6);
        hear_message(fixture, "OKAY", i, i);
    }
    send(fixture, "OPEN", 99, 0, "sync:", 6);
    hear_message(fixture, "CLSE", 0, 99);
    send(fixture, "CLSE", 3, 3, NULL, 0);
    hear_message(fixture, "CLSE", 3, 3);
    send(fixture, "OPEN", 99, 0, "sync:", 6);
    hear_message(fixture, "OKAY", 3, 99);
}

static const uint8_t pushed[] = "SEND\x0d\0\0\0/tmp/file,420"
                                "DATA\5\0\0\0hello"
                                "DATA\0\0\0\0"
                                "DATA\7\0\0\0 there\n"
                                "DONE\1\2\3\4";
enum { PUSHED = sizeof(pushed) - 1 };

static void file_is_kept_however_it_is_cut(void **state)
{
    struct fixture *fixture = *state;

    open_sync(fixture);
    for (uint32_t part = 1; part <= PUSHED; part++) {
        for (uint32_t at = 0; at < PUSHED; at += part) {
            send(fixture, "WRTE", 7, 1, pushed + at, at + part < PUSHED ? part : PUSHED - at);
            hear_message(fixture, "OKAY", 1, 7);
        }
        hear_data(fixture, "WRTE", "OKAY\0\0\0\0", 8);
        send(fixture, "OKAY", 7, 1, NULL, 0);
        hear_nothing(fixture);
        assert_kept(fixture, "file", "hello there\n", 12);
        remove(path_of(fixture, "file"));
    }
}

static void file_is_told_of_and_given_back(void **state)
{
    struct fixture *fixture = *state;

    open_sync(fixture);
    send(fixture, "WRTE", 7, 1, pushed, PUSHED);
    hear_message(fixture, "OKAY", 1, 7);
    hear_data(fixture, "WRTE", "OKAY\0\0\0\0", 8);
    send(fixture, "OKAY", 7, 1, NULL, 0);
    send(fixture, "WRTE", 7, 1, "STAT\4\0\0\0fileSTAT\2\0\0\0noRECV\4\0\0\0file", 34);
    hear_message(fixture, "OKAY", 1, 7);
    hear_data(fixture, "WRTE",
              "STAT\xA4\x81\0\0\x0c\0\0\0\0\0\0\0"
              "STAT\0\0\0\0\0\0\0\0\0\0\0\0"
              "DATA\x0c\0\0\0hello there\nDONE\0\0\0\0",
              60);
}

static void answer_waits_until_the_last_was_taken(void **state)
{
    static const uint8_t nothing[16] = "STAT";
    struct fixture *fixture = *state;

    open_sync(fixture);
    send(fixture, "WRTE", 7, 1, "STAT\1\0\0\0x", 9);
    hear_message(fixture, "OKAY", 1, 7);
    hear_data(fixture, "WRTE", nothing, sizeof(nothing));
    send(fixture, "WRTE", 7, 1, "STAT\1\0\0\0x", 9);
    hear_message(fixture, "OKAY", 1, 7);
    hear_nothing(fixture);
    send(fixture, "OKAY", 7, 1, NULL, 0);
    hear_data(fixture, "WRTE", nothing, sizeof(nothing));
}

static void no_path_leads_out_of_the_folder(void **state)
{
    static const char *const names[] = { "..", "/tmp/..", "/tmp/.", "/", "", "a\\b", "/tmp/.x" };
    struct fixture *fixture = *state;

    open_sync(fixture);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        uint8_t request[64] = "SEND";
        const uint32_t length = (uint32_t)strlen(names[i]);

        adb_put32(request + 4, length);
        memcpy(request + 8, names[i], length);
        memcpy(request + 8 + length, "DONE\0\0\0\0", 8);
        send(fixture, "WRTE", 7, 1, request, length + 16);
        hear_message(fixture, "OKAY", 1, 7);
        hear(fixture);
        hear(fixture);
        assert_memory_equal(fixture->answer, "FAIL", 4);
        send(fixture, "OKAY", 7, 1, NULL, 0);
    }
}

static void bad_requests_end_the_stream(void **state)
{
    static const char *const requests[] = {
        "DATA\1\0\0\0", "DONE\0\0\0\0", "LIST\1\0\0\0", "STAT\1\4\0\0", "SEND\xFF\xFF\xFF\xFF",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        open_sync(fixture);
        send(fixture, "WRTE", 7, 1, requests[i], 8);
        hear_message(fixture, "OKAY", 1, 7);
        hear(fixture);
        hear(fixture);
        assert_memory_equal(fixture->answer, "FAIL", 4);
        send(fixture, "OKAY", 7, 1, NULL, 0);
        hear_message(fixture, "CLSE", 1, 7);
    }
}

static void piece_longer_than_agreed_ends_the_stream(void **state)
{
    struct fixture *fixture = *state;

    open_sync(fixture);
    send(fixture, "WRTE", 7, 1, "SEND\4\0\0\0fileDATA\1\0\1\0", 20);
    hear_message(fixture, "OKAY", 1, 7);
    hear(fixture);
    hear(fixture);
    assert_memory_equal(fixture->answer, "FAIL", 4);
}

/* --- Both: whatever a host sends, the device goes on --------------------------------------------
 */

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

static void any_messages_are_survived(void **state)
{
    static const char *const commands[] = { "CNXN", "OPEN", "OKAY", "WRTE", "CLSE", "SYNC" };
    static const char data[][16] = { "sync:",         "shell:echo x", "SEND\4\0\0\0file",
                                     "DATA\1\0\0\0x", "DONE\0\0\0\0", "RECV\4\0\0\0file",
                                     "QUIT\0\0\0\0",  "\xFF\xFF" };
    struct fixture *fixture = *state;
    uint32_t seed = 1;

    for (int i = 0; i < 100000; i++) {
        struct message message = make(commands[draw(&seed, 6)], draw(&seed, 4), draw(&seed, 20),
                                      data[draw(&seed, 8)], draw(&seed, sizeof(data[0]) + 1));

        if (draw(&seed, 10) == 0)
            message.bytes[draw(&seed, message.size)] ^= 0x55;
        give(fixture, &message);
        stream_forget(&fixture->back);
    }
    adb_reset(&fixture->adb); /* a message that was cut waits for the rest */
    introduce(fixture);
}

static void any_commands_are_survived(void **state)
{
    static const char *const pieces[] = { "getvar:", "all",  "download:", "00000010",
                                          "flash:",  "boot", "\xFF",      "0" };
    struct fixture *fixture = *state;
    uint32_t seed = 1;

    for (int i = 0; i < 100000; i++) {
        char line[128] = "";

        for (uint32_t words = draw(&seed, 4); words > 0; words--)
            strcat(line, pieces[draw(&seed, 8)]);
        say(fixture, line);
        stream_forget(&fixture->back);
    }
    fastboot_reset(&fixture->fastboot);
    say(fixture, "getvar:version");
    hear_line(fixture, "OKAY0.4");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(variables_are_told),
        TEST(image_is_kept_as_it_was_sent),
        TEST(bad_commands_fail),
        TEST(no_partition_leads_out_of_the_folder),
        TEST(more_data_than_announced_is_refused),
        TEST(image_that_cannot_be_kept_fails),
        TEST(shell_echoes),
        TEST(stranger_is_not_listened_to),
        TEST(small_host_gets_small_messages),
        TEST(broken_messages_are_refused),
        TEST(messages_may_come_in_pieces),
        TEST(unknown_service_is_closed),
        TEST(streams_are_not_without_end),
        TEST(file_is_kept_however_it_is_cut),
        TEST(file_is_told_of_and_given_back),
        TEST(answer_waits_until_the_last_was_taken),
        TEST(no_path_leads_out_of_the_folder),
        TEST(bad_requests_end_the_stream),
        TEST(piece_longer_than_agreed_ends_the_stream),
        TEST(any_messages_are_survived),
        TEST(any_commands_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
