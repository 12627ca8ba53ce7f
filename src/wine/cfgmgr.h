/*
 * CfgMgr32's lists of device interfaces, for programs that look for their devices that way.
 *
 * Wine up to 10.0 has no CM_Get_Device_Interface_List(): it ends the process. Where that is so, and
 * the program has loaded cfgmgr32 or setupapi by now, ours takes its place and reads the same
 * registry as SetupDi does.
 */
#ifndef WU_WINE_CFGMGR_H
#define WU_WINE_CFGMGR_H

/** Puts the functions in place where they are missing. Once, before the program calls them. */
void wu_cfgmgr_complete(void);

#endif
