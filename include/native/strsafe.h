/*
 * Copying of text that never writes beyond the end, as Microsoft's own WinUSB sample does it.
 */
#ifndef _STRSAFE_H_INCLUDED_
#define _STRSAFE_H_INCLUDED_

#include <windows.h>

#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)

/**
 * Copies a text as far as it fits, and ends it.
 *
 * @param target  the caller's; untouched when count is 0
 * @param count   [characters] of target
 * @param source  the text
 *
 * @return S_OK; STRSAFE_E_INSUFFICIENT_BUFFER when not all of it fits;
 *         STRSAFE_E_INVALID_PARAMETER when count is 0
 */
static inline HRESULT StringCchCopyA(LPSTR target, size_t count, LPCSTR source)
{
    if (count == 0)
        return STRSAFE_E_INVALID_PARAMETER;
    while (*source != 0 && --count > 0)
        *target++ = *source++;
    *target = 0;
    return *source == 0 ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

/** As StringCchCopyA(). */
static inline HRESULT StringCchCopyW(LPWSTR target, size_t count, LPCWSTR source)
{
    if (count == 0)
        return STRSAFE_E_INVALID_PARAMETER;
    while (*source != 0 && --count > 0)
        *target++ = *source++;
    *target = 0;
    return *source == 0 ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

/** As StringCchCopyA(). @param size  [bytes] of target */
static inline HRESULT StringCbCopyA(LPSTR target, size_t size, LPCSTR source)
{
    return StringCchCopyA(target, size, source);
}

/** As StringCchCopyW(). @param size  [bytes] of target */
static inline HRESULT StringCbCopyW(LPWSTR target, size_t size, LPCWSTR source)
{
    return StringCchCopyW(target, size / sizeof(WCHAR), source);
}

#ifdef UNICODE
#define StringCchCopy StringCchCopyW
#define StringCbCopy StringCbCopyW
#else
#define StringCchCopy StringCchCopyA
#define StringCbCopy StringCbCopyA
#endif

#endif
