/*
 * adb's service "sync:": requests of eight bytes, four letters and a length, and what has this
 * length.
 *
 *     STAT path                      answered by STAT, mode, size, time; zeros: there is no such
 * file SEND path,mode DATA... DONE    answered by OKAY, or by FAIL and why RECV path answered by
 * DATA... DONE, or by FAIL and why QUIT
 */
#include "adb_stream.h"

#include <string.h>
#include <sys/stat.h>

enum { HEADER = 8, FOLDER_MODE = 040755, FILE_MODE = 0100644 };

static void reply(struct adb_stream *stream, const char *letters, uint32_t number)
{
    uint8_t bytes[HEADER];

    memcpy(bytes, letters, 4);
    adb_put32(bytes + 4, number);
    adb_stream_put(stream, bytes, sizeof(bytes));
}

static void fail(struct adb_stream *stream, const char *why)
{
    reply(stream, "FAIL", (uint32_t)strlen(why));
    adb_stream_put(stream, why, (uint32_t)strlen(why));
}

/* --- Files: they are kept in one folder, whatever folder their path names -----------------------
 */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static uint32_t size_of(FILE *file)
{
    struct stat status;

    return fstat(fileno(file), &status) == 0 ? (uint32_t)status.st_size : 0;
}

static void tell_of(struct adb_stream *stream, const char *folder, const char *path)
{
    const bool is_folder = name_of(path)[0] == '\0' || strcmp(path, "/data/local/tmp") == 0;
    FILE *file = is_folder ? NULL : keep_open(folder, name_of(path), "rb");
    uint8_t numbers[8] = { 0 };

    reply(stream, "STAT", is_folder ? FOLDER_MODE : file ? FILE_MODE : 0);
    if (file) {
        adb_put32(numbers, size_of(file));
        fclose(file);
    }
    adb_stream_put(stream, numbers, sizeof(numbers));
}

static void give(struct adb_stream *stream, const char *folder, const char *path)
{
    FILE *file = keep_open(folder, name_of(path), "rb");
    uint8_t piece[ADB_SYNC_DATA];
    size_t size;

    if (!file) {
        fail(stream, "there is no such file");
        return;
    }
    while ((size = fread(piece, 1, sizeof(piece), file)) > 0) {
        reply(stream, "DATA", (uint32_t)size);
        adb_stream_put(stream, piece, (uint32_t)size);
    }
    fclose(file);
    reply(stream, "DONE", 0);
}

/* Behind the last comma is the mode. */
static void begin_file(struct adb_sync *sync, const char *folder, char *path)
{
    char *comma = strrchr(path, ',');

    if (comma)
        *comma = '\0';
    if (sync->file)
        fclose(sync->file);
    sync->file = keep_open(folder, name_of(path), "wb");
    sync->sending = true;
}

/* A file that could not be kept whole is none. */
static void add_to_file(struct adb_sync *sync, const uint8_t *data, uint32_t size)
{
    if (!sync->file || fwrite(data, 1, size, sync->file) == size)
        return;
    fclose(sync->file);
    sync->file = NULL;
}

static void end_file(struct adb_stream *stream)
{
    struct adb_sync *sync = &stream->sync;
    const bool kept = sync->file && fclose(sync->file) == 0;

    sync->file = NULL;
    sync->sending = false;
    if (kept)
        reply(stream, "OKAY", 0);
    else
        fail(stream, "the file cannot be kept");
}

/* --- Requests -------------------------------------------------------------------------------- */

static void refuse(struct adb_stream *stream)
{
    fail(stream, "no such request");
    stream->ends = true;
}

/* How much follows a request's header, besides a file's data. */
static uint32_t path_size(const uint8_t *header)
{
    const uint32_t word = adb_get32(header);

    if (word == adb_word("STAT") || word == adb_word("SEND") || word == adb_word("RECV"))
        return adb_get32(header + 4);
    return 0;
}

static void carry_out(struct adb_stream *stream, const char *folder)
{
    struct adb_sync *sync = &stream->sync;
    const uint32_t word = adb_get32(sync->bytes), number = adb_get32(sync->bytes + 4);
    char path[ADB_PATH + 1] = "";

    memcpy(path, sync->bytes + HEADER, sync->have - HEADER);
    if (word == adb_word("STAT"))
        tell_of(stream, folder, path);
    else if (word == adb_word("RECV"))
        give(stream, folder, path);
    else if (word == adb_word("SEND"))
        begin_file(sync, folder, path);
    else if (word == adb_word("DATA") && sync->sending && number <= ADB_SYNC_DATA)
        sync->data_left = number;
    else if (word == adb_word("DONE") && sync->sending)
        end_file(stream);
    else if (word == adb_word("QUIT"))
        stream->ends = true;
    else
        refuse(stream);
    sync->have = 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* @return [bytes] taken */
static uint32_t take_data(struct adb_sync *sync, const uint8_t *data, uint32_t size)
{
    const uint32_t part = least(size, sync->data_left);

    add_to_file(sync, data, part);
    sync->data_left -= part;
    return part;
}

/* @return [bytes] taken */
static uint32_t
take_request(struct adb_stream *stream, const char *folder, const uint8_t *data, uint32_t size)
{
    struct adb_sync *sync = &stream->sync;
    const uint32_t whole =
        sync->have < HEADER ? HEADER : HEADER + least(path_size(sync->bytes), ADB_PATH);
    const uint32_t part = least(size, whole - sync->have);

    memcpy(sync->bytes + sync->have, data, part);
    sync->have += part;
    if (sync->have == HEADER && path_size(sync->bytes) > ADB_PATH)
        refuse(stream);
    else if (sync->have >= HEADER && sync->have == HEADER + path_size(sync->bytes))
        carry_out(stream, folder);
    return part;
}

void adb_sync_take(struct adb_stream *stream,
                   const char *folder,
                   const uint8_t *data,
                   uint32_t size)
{
    while (size > 0 && !stream->ends) {
        const uint32_t part = stream->sync.data_left > 0 ? take_data(&stream->sync, data, size)
                                                         : take_request(stream, folder, data, size);

        data += part;
        size -= part;
    }
}
