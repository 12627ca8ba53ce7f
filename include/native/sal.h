/*
 * Microsoft's source annotations, which say nothing to gcc and clang: accepted and ignored.
 */
#ifndef _SAL_H_
#define _SAL_H_

#define _In_
#define _In_opt_
#define _In_z_
#define _In_reads_(count)
#define _In_reads_bytes_(size)
#define _In_reads_bytes_opt_(size)
#define _Out_
#define _Out_opt_
#define _Out_bytecap_(size)
#define _Out_writes_(count)
#define _Out_writes_bytes_(size)
#define _Out_writes_bytes_to_opt_(size, count)
#define _Inout_
#define _Inout_opt_
#define _Success_(expression)
#define _Check_return_

#endif
