/*
 * Which of an INF file's sections are for this kind of Windows: 64 bits, on a PC.
 */
#ifndef WU_WINE_INF_TARGET_H
#define WU_WINE_INF_TARGET_H

#include <stdint.h>

/**
 * Tells how well a section of models fits by what is behind its name: `NTamd64.10.0...16299`, the
 * processor, the version with its kind, and the build.
 *
 * A section for our processor fits better than one for any, that better than one for another, which
 * is better than nothing; of two of these, that for the later Windows.
 *
 * @param decoration  without the dot before it; "" for a section that has none
 * @return the more, the better; 0: not at all
 */
uint64_t wu_inf_target_fit(const char *decoration);

/** What may be behind the name of an install section, the best first; NULL at the end. */
extern const char *const wu_inf_install_suffixes[];

#endif
