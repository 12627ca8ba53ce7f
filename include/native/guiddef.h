/*
 * GUID, and how to define constants of it: DEFINE_GUID declares, or, after initguid.h, defines.
 */
#ifndef GUID_DEFINED
#define GUID_DEFINED

#include <stdint.h>
#include <string.h>

typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;

#ifdef __cplusplus
#define EXTERN_C extern "C"
#define REFGUID const GUID &
#else
#define EXTERN_C extern
#define REFGUID const GUID *
#endif

#ifdef __cplusplus
static inline int IsEqualGUID(const GUID &a, const GUID &b)
{
    return memcmp(&a, &b, sizeof(GUID)) == 0;
}
static inline bool operator==(const GUID &a, const GUID &b)
{
    return IsEqualGUID(a, b) != 0;
}
static inline bool operator!=(const GUID &a, const GUID &b)
{
    return IsEqualGUID(a, b) == 0;
}
#else
static inline int IsEqualGUID(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof(GUID)) == 0;
}
#endif

#endif

/* Outside of the guard: initguid.h may come after the first inclusion. A definition is weak, so
 * that several files of a program may define the same. */
#undef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
    EXTERN_C const GUID name __attribute__((weak));                  \
    const GUID name = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C const GUID name
#endif
