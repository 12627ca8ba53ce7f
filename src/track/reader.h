/*
 * Reads a counter: between two readings of the clock, and continued to 64 bits.
 */
#ifndef WU_TRACK_READER_H
#define WU_TRACK_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/estimator.h"
#include "frame/frame_source.h"

enum { WU_READER_WIDTHS = 16 };

struct wu_reader {
    struct wu_frame_source *source; /* borrowed */
    int64_t tick;                   /* [ns] of the source */
    unsigned bits;                  /* of the source */

    int64_t width[WU_READER_WIDTHS]; /* [ns] brackets of the last reads that were noted */
    unsigned widths;                 /* how many were noted */

    int64_t last_tick; /* [ticks] the counter's 64-bit continuation at the last read that was */
    int64_t last_time; /* [ns] believed; 0: none was */
    uint64_t reads;    /* how many there were in all, for measuring cost */
};

/** Begins to read a source; its counting goes on from where @p reader was, or starts anew when
 *  @p reader is all zero bytes or counted something else. */
void wu_reader_start(struct wu_reader *reader, struct wu_frame_source *source);

/** Reads once. Between two reads of a burst nothing else needs to run.
 *  @return false when the source is lost */
bool wu_reader_read(struct wu_reader *reader, struct wu_read *read_out);

/** Tells whether a controller answered: all ones come from one without power. */
bool wu_reader_is_present(const struct wu_read *read);

/** Notes how wide a read's bracket was. */
void wu_reader_note_width(struct wu_reader *reader, const struct wu_read *read);

/** Gives the 40th percentile of the last brackets [ns]; 0 when there were none. */
int64_t wu_reader_usual_width(const struct wu_reader *reader);

/** Continues what was read to 64 bits [ticks], as the value nearest to what time lets expect. */
int64_t wu_reader_continued(const struct wu_reader *reader, const struct wu_read *read);

/** Counts on from a read. @param tick  [ticks] what it says, continued */
void wu_reader_believe(struct wu_reader *reader, const struct wu_read *read, int64_t tick);

#endif
