#include "adb.h"

#include <string.h>

/* With this version, messages have sums. */
enum { VERSION = 0x01000000 };

static const char banner[] = "device::ro.product.name=labdevice;ro.product.model=Lab_device;"
                             "ro.product.device=labdevice;";

/* Where a message's fields are. */
enum { COMMAND = 0, FIRST = 4, SECOND = 8, LENGTH = 12, SUM = 16, MAGIC = 20 };

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t sum_of(const uint8_t *data, uint32_t size)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < size; i++)
        sum += data[i];
    return sum;
}

static void send(struct stream *back,
                 const char *command,
                 uint32_t first,
                 uint32_t second,
                 const void *data,
                 uint32_t size)
{
    uint8_t header[ADB_HEADER];

    adb_put32(header + COMMAND, adb_word(command));
    adb_put32(header + FIRST, first);
    adb_put32(header + SECOND, second);
    adb_put32(header + LENGTH, size);
    adb_put32(header + SUM, sum_of(data, size));
    adb_put32(header + MAGIC, ~adb_word(command));
    stream_give(back, header, sizeof(header));
    if (size > 0)
        stream_give(back, data, size);
}

void adb_reset(struct adb *adb)
{
    for (size_t i = 0; i < ADB_STREAMS; i++)
        adb_stream_end(&adb->streams[i]);
    adb->most = 0;
    adb->have = 0;
}

/* --- Streams --------------------------------------------------------------------------------- */

static uint32_t number_of(const struct adb *self, const struct adb_stream *stream)
{
    return (uint32_t)(stream - self->streams) + 1;
}

/* Sends what may be sent, and ends what has nothing more to say. */
static void advance(struct adb *self, struct adb_stream *stream, struct stream *back)
{
    const uint32_t left = stream->size - stream->sent;
    const uint32_t part = least(left, self->most);

    if (stream->waiting)
        return;
    if (part > 0) {
        send(back, "WRTE", number_of(self, stream), stream->peer, stream->output + stream->sent,
             part);
        stream->sent += part;
        stream->waiting = true;
    } else if (stream->ends) {
        send(back, "CLSE", number_of(self, stream), stream->peer, NULL, 0);
        adb_stream_end(stream);
    } else {
        stream->size = 0;
        stream->sent = 0;
    }
}

/* The stream that a message is about. NULL: there is none, or another with this number. */
static struct adb_stream *find(struct adb *self)
{
    const uint32_t peer = adb_get32(self->message + FIRST);
    const uint32_t number = adb_get32(self->message + SECOND);

    if (peer == 0 || number == 0 || number > ADB_STREAMS || self->streams[number - 1].peer != peer)
        return NULL;
    return &self->streams[number - 1];
}

static struct adb_stream *find_free(struct adb *self)
{
    for (size_t i = 0; i < ADB_STREAMS; i++) {
        if (self->streams[i].peer == 0)
            return &self->streams[i];
    }
    return NULL;
}

/* --- Services -------------------------------------------------------------------------------- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void put_text(struct adb_stream *stream, const char *text)
{
    adb_stream_put(stream, text, (uint32_t)strlen(text));
}

static void run_shell(struct adb_stream *stream, const char *line)
{
    if (begins(line, "echo ")) {
        put_text(stream, line + strlen("echo "));
    } else {
        put_text(stream, "labdevice: not found: ");
        put_text(stream, line);
    }
    put_text(stream, "\n");
    stream->ends = true;
}

/* False: there is no such service. */
static bool serve(struct adb_stream *stream, const char *name)
{
    stream->syncs = strcmp(name, "sync:") == 0;
    if (begins(name, "shell:"))
        run_shell(stream, name + strlen("shell:"));
    return stream->syncs || begins(name, "shell:");
}

/* --- Messages -------------------------------------------------------------------------------- */

static void connect(struct adb *self, struct stream *back)
{
    const uint32_t most = adb_get32(self->message + SECOND);

    adb_reset(self);
    self->most = least(most, ADB_PAYLOAD);
    send(back, "CNXN", VERSION, ADB_PAYLOAD, banner, sizeof(banner));
}

static void open_stream(struct adb *self, struct stream *back, uint32_t size)
{
    const uint32_t peer = adb_get32(self->message + FIRST);
    struct adb_stream *stream = find_free(self);
    char name[ADB_PATH + 1] = "";

    if (peer == 0)
        return;
    if (stream && size <= ADB_PATH) {
        memcpy(name, self->message + ADB_HEADER, size);
        stream->peer = peer;
        if (serve(stream, name)) {
            send(back, "OKAY", number_of(self, stream), peer, NULL, 0);
            advance(self, stream, back);
            return;
        }
        adb_stream_end(stream);
    }
    send(back, "CLSE", 0, peer, NULL, 0);
}

static void go_on(struct adb *self, struct stream *back)
{
    struct adb_stream *stream = find(self);

    if (!stream)
        return;
    stream->waiting = false;
    advance(self, stream, back);
}

static void take_written(struct adb *self, struct stream *back, uint32_t size)
{
    struct adb_stream *stream = find(self);
    const uint32_t peer = adb_get32(self->message + FIRST);

    if (!stream) {
        send(back, "CLSE", 0, peer, NULL, 0);
        return;
    }
    send(back, "OKAY", number_of(self, stream), peer, NULL, 0);
    if (stream->syncs)
        adb_sync_take(stream, self->folder, self->message + ADB_HEADER, size);
    advance(self, stream, back);
}

static void close_stream(struct adb *self, struct stream *back)
{
    struct adb_stream *stream = find(self);

    if (!stream)
        return;
    send(back, "CLSE", number_of(self, stream), stream->peer, NULL, 0);
    adb_stream_end(stream);
}

/* A host that has not introduced itself is not listened to, nor is what nobody knows. */
static void carry_out(struct adb *self, struct stream *back, uint32_t size)
{
    const uint32_t command = adb_get32(self->message + COMMAND);

    self->have = 0;
    if (command == adb_word("CNXN"))
        connect(self, back);
    else if (self->most == 0)
        return;
    else if (command == adb_word("OPEN"))
        open_stream(self, back, size);
    else if (command == adb_word("OKAY"))
        go_on(self, back);
    else if (command == adb_word("WRTE"))
        take_written(self, back, size);
    else if (command == adb_word("CLSE"))
        close_stream(self, back);
}

/* --- What the host sends ------------------------------------------------------------------------
 */

static bool is_header(const uint8_t *header)
{
    return adb_get32(header + MAGIC) == ~adb_get32(header + COMMAND) &&
           adb_get32(header + LENGTH) <= ADB_PAYLOAD;
}

/* False: this is no message. */
static bool check(struct adb *self, struct stream *back)
{
    uint32_t size;

    if (self->have < ADB_HEADER)
        return true;
    if (!is_header(self->message))
        return false;
    size = adb_get32(self->message + LENGTH);
    if (self->have < ADB_HEADER + size)
        return true;
    if (sum_of(self->message + ADB_HEADER, size) != adb_get32(self->message + SUM))
        return false;
    carry_out(self, back, size);
    return true;
}

/* How much of it is to come, as far as is known. */
static uint32_t missing(const struct adb *self)
{
    if (self->have < ADB_HEADER)
        return ADB_HEADER - self->have;
    return ADB_HEADER + adb_get32(self->message + LENGTH) - self->have;
}

bool adb_take(struct adb *adb, struct stream *back, const uint8_t *data, uint32_t size)
{
    while (size > 0) {
        const uint32_t part = least(size, missing(adb));

        memcpy(adb->message + adb->have, data, part);
        adb->have += part;
        data += part;
        size -= part;
        if (!check(adb, back)) {
            adb->have = 0;
            return false;
        }
    }
    return true;
}
