#include "adb_stream.h"

#include <stdlib.h>
#include <string.h>

void adb_stream_put(struct adb_stream *stream, const void *data, uint32_t size)
{
    if (size == 0)
        return;
    if (size > ADB_OUTPUT - stream->size) {
        stream->ends = true;
        return;
    }
    stream->output = realloc(stream->output, stream->size + size);
    if (!stream->output) {
        fputs("labdevice: out of memory\n", stderr);
        exit(1);
    }
    memcpy(stream->output + stream->size, data, size);
    stream->size += size;
}

void adb_stream_end(struct adb_stream *stream)
{
    if (stream->sync.file)
        fclose(stream->sync.file);
    free(stream->output);
    *stream = (struct adb_stream){ .peer = 0 };
}
