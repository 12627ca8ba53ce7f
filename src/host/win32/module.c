#include "host/win32/module.h"

static HMODULE get(DWORD flags)
{
    static const char here;
    HMODULE module = NULL;

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | flags,
                       (const WCHAR *)(const void *)&here, &module);
    return module;
}

HMODULE wu_module_self(void)
{
    return get(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT);
}

HMODULE wu_module_hold(void)
{
    return get(0);
}

void wu_module_pin(void)
{
    get(GET_MODULE_HANDLE_EX_FLAG_PIN);
}
