/*
 * Functions of ours under names of DLLs that are loaded: some that a DLL lacks, and some in the
 * place of its own.
 *
 * Whoever asks for such a name from then on gets ours, by GetProcAddress or by the imports of a
 * DLL that is loaded later: it is in the DLL's list of exports. Imports that were resolved before
 * are written anew. A DLL's own function leads to ours where its beginning can be moved, for
 * programs that found it before; what was moved is kept, for us to call. A DLL's functions that
 * call each other get to ours, too: so ours call Wine's for wide text, not those for narrow text,
 * which may call those.
 */
#ifndef WU_WINE_EXPORTS_H
#define WU_WINE_EXPORTS_H

#include <stddef.h>
#include <windows.h>

struct wu_stand_in {
    const char *name;
    const void *function; /* ours: WINAPI, with the parameters of that name */
    void *original;       /* set: the DLL's own; NULL: it has none, or one that ends the program */
};

struct wu_stand_ins {
    struct wu_stand_in *entries;
    size_t count;
    const char *const *modules; /* file names of the DLLs whose exports they are; ends with NULL */
};

/**
 * Puts the functions in place in all modules of the process, and in those that are loaded later.
 * Once, in DllMain or before the program calls one. Where there is no memory for it, a DLL stays
 * as it is.
 *
 * @param stand_ins  for good
 */
void wu_exports_stand_in(struct wu_stand_ins *stand_ins);

#endif
