/*
 * Parts that INF files in tests have in common, to be written one after the other.
 */
#ifndef WU_TESTS_INF_PIECES_H
#define WU_TESTS_INF_PIECES_H

#define G1 "{00000001-aaaa-4bbb-8ccc-000000000000}"
#define G2 "{00000002-aaaa-4bbb-8ccc-000000000000}"
#define G3 "{00000003-aaaa-4bbb-8ccc-000000000000}"

/* Parts of files that most examples have. */
#define MAKER "[Manufacturer]\n%Maker%=Dev,NTamd64\n"
#define MODEL "[Dev.NTamd64]\n%X%=Inst,USB\\VID_1234&PID_5678\n"
#define HARDWARE "[Inst.HW]\nAddReg=Reg\n"
#define VALUE "HKR,,DeviceInterfaceGUIDs,0x10000,"
#define REGISTRY "[Reg]\n" VALUE "\"" G1 "\"\n"
#define STRINGS "[Strings]\nMaker=\"Maker\"\nX=\"X\"\n"

#endif
