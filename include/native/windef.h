/*
 * The basic Win32 types, at their Win32 sizes, for Linux.
 *
 * LONG, ULONG and DWORD have 32 bits although Linux's long has 64. WCHAR has 16 bits although
 * Linux's wchar_t has 32: L"" literals are WCHAR strings only with -fshort-wchar, while u"" and
 * TEXT("") literals always fit (TEXT in programs with UNICODE defined).
 */
#ifndef _WINDEF_
#define _WINDEF_

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <uchar.h>
#endif

#include <sal.h>

/* --- Calling conventions: there is only one here ------------------------------------------- */

#define WINAPI
#define APIENTRY
#define CALLBACK
#define DECLSPEC_IMPORT
#define CONST const
#define VOID void

/* --- Integers ------------------------------------------------------------------------------ */

typedef int BOOL, *PBOOL, *LPBOOL;
typedef char CHAR, *PCHAR;
typedef unsigned char UCHAR, *PUCHAR;
typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef BYTE BOOLEAN, *PBOOLEAN;
typedef short SHORT, *PSHORT;
typedef unsigned short USHORT, *PUSHORT;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef int INT, *PINT, *LPINT;
typedef unsigned int UINT, *PUINT, *LPUINT;
typedef int LONG, *PLONG, *LPLONG;
typedef unsigned int ULONG, *PULONG;
typedef unsigned int DWORD, *PDWORD, *LPDWORD;
typedef long long LONGLONG, *PLONGLONG;
typedef unsigned long long ULONGLONG, *PULONGLONG;

typedef signed char INT8;
typedef unsigned char UINT8;
typedef short INT16;
typedef unsigned short UINT16;
typedef int INT32, LONG32;
typedef unsigned int UINT32, ULONG32, DWORD32;
typedef long long INT64, LONG64;
typedef unsigned long long UINT64, ULONG64, DWORD64;

typedef intptr_t INT_PTR, LONG_PTR, *PLONG_PTR;
typedef uintptr_t UINT_PTR, ULONG_PTR, *PULONG_PTR, DWORD_PTR, *PDWORD_PTR;
typedef size_t SIZE_T, *PSIZE_T;
typedef LONG HRESULT;

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

/* --- Characters ---------------------------------------------------------------------------- */

#if __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#define _WU_WIDE_LITERAL(text) L##text
#else
typedef char16_t WCHAR;
#define _WU_WIDE_LITERAL(text) u##text
#endif

typedef WCHAR *PWCHAR, *PWSTR, *LPWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR;
typedef CHAR *PSTR, *LPSTR;
typedef const CHAR *PCSTR, *LPCSTR;

#ifdef UNICODE
typedef WCHAR TCHAR, *PTCHAR;
typedef LPWSTR PTSTR, LPTSTR;
typedef LPCWSTR PCTSTR, LPCTSTR;
#define __TEXT(text) _WU_WIDE_LITERAL(text)
#else
typedef CHAR TCHAR, *PTCHAR;
typedef LPSTR PTSTR, LPTSTR;
typedef LPCSTR PCTSTR, LPCTSTR;
#define __TEXT(text) text
#endif
#define TEXT(text) __TEXT(text)

/* --- Pointers and handles ------------------------------------------------------------------ */

typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef void *HANDLE, **PHANDLE, **LPHANDLE;
typedef HANDLE HWND, HINSTANCE, HMODULE, HLOCAL;

/* --- 64-bit values ------------------------------------------------------------------------- */

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/* --- Small helpers ------------------------------------------------------------------------- */

#define MAX_PATH 260

#define LOBYTE(value) ((BYTE)((value)&0xff))
#define HIBYTE(value) ((BYTE)(((value) >> 8) & 0xff))
#define LOWORD(value) ((WORD)((value)&0xffff))
#define HIWORD(value) ((WORD)(((value) >> 16) & 0xffff))
#define MAKEWORD(low, high) ((WORD)(LOBYTE(low) | (LOBYTE(high) << 8)))

#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))

#endif
