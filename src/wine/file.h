/*
 * The program's file handles under Wine; devices/file.h says what they are for.
 */
#ifndef WU_WINE_FILE_H
#define WU_WINE_FILE_H

/** Begins to watch what the program does with its handles: closes them, binds them to completion
 *  ports, waits for them, cancels their requests. Once, before the program opens any. */
void wu_file_watch(void);

#endif
