/*
 * What a Wine prefix says of itself, read from its files, without Wine.
 */
#ifndef WU_WINE_CONFIGURATION_H
#define WU_WINE_CONFIGURATION_H

enum wu_prefix_kind {
    WU_PREFIX_NONE,       /* not a prefix at all */
    WU_PREFIX_FOREIGN,    /* somebody else's, who may have laid links in it */
    WU_PREFIX_UNFINISHED, /* Wine has begun to make it */
    WU_PREFIX_WIN32,
    WU_PREFIX_WIN64,
};

enum wu_prefix_kind wu_prefix_kind(const char *prefix);

#endif
