/*
 * CfgMgr32 and SetupDi, as far as Wine lacks them, for what a program asks about a device before it
 * opens it.
 *
 * Of a device that we have published, what we know is the answer, whatever this Wine has under the
 * name of the function: nothing, something that ends the program, or something that fails. Of any
 * other device the answer is Wine's own.
 */
#ifndef WU_WINE_CFGMGR_H
#define WU_WINE_CFGMGR_H

/** Puts the functions in place, in DLLs that are loaded and in those that are loaded later. Once.
 */
void wu_cfgmgr_complete(void);

#endif
