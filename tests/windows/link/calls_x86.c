/* x86: the called function takes its arguments from the stack. */
#include "calls.h"

struct call call_with_zeros(FARPROC function, unsigned bytes, unsigned skew)
{
    struct call call;

    /* The stack pointer is kept where every calling convention leaves it alone. */
    __asm__ volatile("movl %%esp, %%esi\n\t"
                     "andl $-16, %%esp\n\t"
                     "subl %%edx, %%esp\n"
                     "1:\n\t"
                     "pushl $0\n\t"
                     "loop 1b\n\t"
                     "movl %%esp, %%edi\n\t"
                     "call *%%eax\n\t"
                     "movl %%esp, %%edx\n\t"
                     "subl %%edi, %%edx\n\t"
                     "movl %%esi, %%esp"
                     : "=a"(call.result), "=d"(call.bytes), "=c"(bytes)
                     : "a"(function), "d"(skew), "c"(bytes / 4)
                     : "esi", "edi", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
                       "xmm6", "xmm7");
    return call;
}
