/*
 * Text that is CHAR or, in programs with UNICODE defined, WCHAR.
 *
 * The C library's functions know no 16-bit characters, so there is no _tprintf and the like, and no
 * _tmain in programs with UNICODE defined.
 */
#ifndef _INC_TCHAR
#define _INC_TCHAR

#include <windef.h>

#define _T(text) __TEXT(text)
#define _TEXT(text) __TEXT(text)

#ifndef UNICODE
#define _tmain main
#endif

#endif
