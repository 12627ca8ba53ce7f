/*
 * Calls each function of winusb.dll through its import library, without handle or buffer. Needs
 * neither headers nor a runtime library, so that any compiler for Windows makes it.
 */
#define PARAMETERS_4 void *
#define PARAMETERS_8 void *, PARAMETERS_4
#define PARAMETERS_12 void *, PARAMETERS_8
#define PARAMETERS_16 void *, PARAMETERS_12
#define PARAMETERS_20 void *, PARAMETERS_16
#define PARAMETERS_24 void *, PARAMETERS_20
#define PARAMETERS_28 void *, PARAMETERS_24
#define ZEROS_4 0
#define ZEROS_8 0, ZEROS_4
#define ZEROS_12 0, ZEROS_8
#define ZEROS_16 0, ZEROS_12
#define ZEROS_20 0, ZEROS_16
#define ZEROS_24 0, ZEROS_20
#define ZEROS_28 0, ZEROS_24

#define PUBLISHED(ordinal, name, bytes) \
    __declspec(dllimport) int __stdcall name(PARAMETERS_##bytes);
#include "published.inc"
#undef PUBLISHED

#define STD_OUTPUT ((unsigned)-11)
__declspec(dllimport) void *__stdcall GetStdHandle(unsigned which);
__declspec(dllimport) int __stdcall WriteFile(void *file,
                                              const char *text,
                                              unsigned length,
                                              unsigned *written,
                                              void *overlapped);
__declspec(dllimport) void __stdcall ExitProcess(unsigned status);

int main(void)
{
    static const char text[] = "37 functions linked, 0 mistakes\n";
    unsigned succeeded = 0;
    unsigned written;

#define PUBLISHED(ordinal, name, bytes) succeeded += name(ZEROS_##bytes) != 0;
#include "published.inc"
    if (succeeded != 1) /* WinUsb_Free always does */
        ExitProcess(1);
    WriteFile(GetStdHandle(STD_OUTPUT), text, sizeof(text) - 1, &written, 0);
    ExitProcess(0);
    return 0;
}
