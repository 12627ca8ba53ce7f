#include "track/reader.h"

#include "host/host.h"

void wu_reader_start(struct wu_reader *reader, struct wu_frame_source *source)
{
    if (reader->tick != source->ops->tick)
        reader->last_time = 0;
    reader->source = source;
    reader->tick = source->ops->tick;
    reader->bits = source->ops->bits;
    reader->widths = 0;
}

bool wu_reader_read(struct wu_reader *reader, struct wu_read *read_out)
{
    read_out->before = wu_host_clock_now();
    if (!reader->source->ops->read(reader->source, &read_out->raw))
        return false;
    read_out->after = wu_host_clock_now();
    reader->reads++;
    return true;
}

bool wu_reader_is_present(const struct wu_read *read)
{
    return read->raw != WU_FRAME_ABSENT;
}

void wu_reader_note_width(struct wu_reader *reader, const struct wu_read *read)
{
    reader->width[reader->widths++ % WU_READER_WIDTHS] = read->after - read->before;
}

int64_t wu_reader_usual_width(const struct wu_reader *reader)
{
    const unsigned count =
        reader->widths < WU_READER_WIDTHS ? reader->widths : (unsigned)WU_READER_WIDTHS;
    int64_t sorted[WU_READER_WIDTHS];

    for (unsigned i = 0; i < count; i++) {
        unsigned j = i;

        for (; j > 0 && sorted[j - 1] > reader->width[i]; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = reader->width[i];
    }
    return count > 0 ? sorted[2 * count / 5] : 0;
}

int64_t wu_reader_continued(const struct wu_reader *reader, const struct wu_read *read)
{
    if (reader->last_time == 0)
        return read->raw;
    return wu_frame_extend(reader->last_tick + (read->before - reader->last_time) / reader->tick,
                           read->raw, reader->bits);
}

void wu_reader_believe(struct wu_reader *reader, const struct wu_read *read, int64_t tick)
{
    reader->last_tick = tick;
    reader->last_time = read->after;
}
