#include "wine/prologue.h"

#include <stdint.h>
#include <string.h>

/* What follows the first byte of an instruction. */
enum form {
    UNKNOWN,
    ALONE,          /* nothing */
    OPERAND,        /* where its operands are: ModRM, SIB and displacement */
    OPERAND_BYTE,   /* that, and a byte */
    OPERAND_VALUE,  /* that, and a value of 2 or 4 bytes */
    BYTE,           /* a byte */
    VALUE,          /* a value of 2 or 4 bytes */
    REGISTER_VALUE, /* a value as long as a register */
    ADDRESS,        /* an address */
    TWO,            /* a second byte, which tells what follows */
    NARROW,         /* prefix: values have 2 bytes */
    TEST,           /* its operands, and a byte when it tests; nothing else of this kind */
    PUSH,           /* its operand, when it pushes; nothing else of this kind */
    PREFIX,         /* another one */
};

/* Instructions of the first row begin with 0x00, of the last with 0xF0. */
static const unsigned char forms[256] = {
    [0x01] = OPERAND,
    [0x03] = OPERAND,
    [0x09] = OPERAND,
    [0x0B] = OPERAND,
    [0x0F] = TWO,
    [0x21] = OPERAND,
    [0x23] = OPERAND,
    [0x29] = OPERAND,
    [0x2B] = OPERAND,
    [0x31] = OPERAND,
    [0x33] = OPERAND,
    [0x38] = OPERAND,
    [0x39] = OPERAND,
    [0x3A] = OPERAND,
    [0x3B] = OPERAND,
    [0x50] = ALONE,
    [0x51] = ALONE,
    [0x52] = ALONE,
    [0x53] = ALONE,
    [0x54] = ALONE,
    [0x55] = ALONE,
    [0x56] = ALONE,
    [0x57] = ALONE,
    [0x64] = PREFIX,
    [0x65] = PREFIX,
    [0x66] = NARROW,
    [0x68] = VALUE,
    [0x6A] = BYTE,
    [0x80] = OPERAND_BYTE,
    [0x81] = OPERAND_VALUE,
    [0x83] = OPERAND_BYTE,
    [0x84] = OPERAND,
    [0x85] = OPERAND,
    [0x88] = OPERAND,
    [0x89] = OPERAND,
    [0x8A] = OPERAND,
    [0x8B] = OPERAND,
    [0x8D] = OPERAND,
    [0x90] = ALONE,
    [0xA1] = ADDRESS,
    [0xB8] = REGISTER_VALUE,
    [0xB9] = REGISTER_VALUE,
    [0xBA] = REGISTER_VALUE,
    [0xBB] = REGISTER_VALUE,
    [0xBC] = REGISTER_VALUE,
    [0xBD] = REGISTER_VALUE,
    [0xBE] = REGISTER_VALUE,
    [0xBF] = REGISTER_VALUE,
    [0xC6] = OPERAND_BYTE,
    [0xC7] = OPERAND_VALUE,
    [0xF3] = PREFIX,
    [0xF6] = TEST,
    [0xFF] = PUSH,
};

/* Behind 0x0F: moves to and from xmm registers, endbr, nop, moves that extend a value. */
static bool is_known_second(unsigned char second)
{
    static const unsigned char known[] = {
        0x10, 0x11, 0x1E, 0x1F, 0x28, 0x29, 0x57, 0xB6, 0xB7, 0xBE, 0xBF,
    };

    for (size_t i = 0; i < sizeof(known); i++)
        if (known[i] == second)
            return true;
    return false;
}

/* --- One instruction ------------------------------------------------------------------------- */

struct instruction {
    bool x64;
    bool narrow;        /* its values have 2 bytes */
    bool wide;          /* its registers have 8 bytes */
    size_t size;        /* [bytes] so far; 0: it may not be moved */
    size_t distance_at; /* [bytes] before a distance of 4 bytes from behind it; 0: there is none */
};

static void refuse(struct instruction *instruction)
{
    instruction->size = 0;
}

/* ModRM, SIB and displacement. */
static void read_operand(struct instruction *instruction, const unsigned char *code)
{
    enum { NEAR = 1, FAR = 2, REGISTER = 3, SIB = 4, PLAIN_ADDRESS = 5 };
    const unsigned mode = code[0] >> 6, base = code[0] & 7;
    const bool has_sib = mode != REGISTER && base == SIB;
    const bool is_plain = mode == 0 && (has_sib ? code[1] & 7u : base) == PLAIN_ADDRESS;

    if (is_plain && !has_sib && instruction->x64)
        instruction->distance_at = instruction->size + 1;
    instruction->size += has_sib ? 2 : 1;
    if (mode == NEAR)
        instruction->size += 1;
    else if (mode == FAR || is_plain)
        instruction->size += 4;
}

/* What some instructions do is told by three bits of ModRM. */
static unsigned kind_of(const unsigned char *operand)
{
    return operand[0] >> 3 & 7;
}

static void read_form(struct instruction *instruction, enum form form, const unsigned char *code)
{
    enum { TESTS = 1 /* and 0 */, PUSHES = 6 };
    const size_t value = instruction->narrow ? 2 : 4;

    switch (form) {
    case ALONE:
        return;
    case BYTE:
        instruction->size += 1;
        return;
    case VALUE:
        instruction->size += value;
        return;
    case REGISTER_VALUE:
        instruction->size += instruction->wide ? 8 : value;
        return;
    case ADDRESS:
        instruction->size += instruction->x64 ? 8 : 4;
        return;
    case OPERAND:
        read_operand(instruction, code);
        return;
    case OPERAND_BYTE:
        read_operand(instruction, code);
        instruction->size += 1;
        return;
    case OPERAND_VALUE:
        read_operand(instruction, code);
        instruction->size += value;
        return;
    case TEST:
        if (kind_of(code) <= TESTS)
            read_form(instruction, OPERAND_BYTE, code);
        else
            refuse(instruction);
        return;
    case PUSH:
        if (kind_of(code) == PUSHES)
            read_operand(instruction, code);
        else
            refuse(instruction);
        return;
    default:
        refuse(instruction);
    }
}

static bool is_rex(unsigned char byte, bool x64)
{
    return x64 && (byte & 0xF0) == 0x40;
}

static void read_instruction(struct instruction *instruction, const unsigned char *code)
{
    enum { PREFIXES = 4, WIDE = 8 };
    size_t at = 0;

    while (at < PREFIXES && (forms[code[at]] == NARROW || forms[code[at]] == PREFIX))
        instruction->narrow = forms[code[at++]] == NARROW || instruction->narrow;
    if (is_rex(code[at], instruction->x64))
        instruction->wide = (code[at++] & WIDE) != 0;

    const bool has_second = forms[code[at]] == TWO;
    if (has_second)
        at++;
    instruction->size = at + 1;
    if (!has_second)
        read_form(instruction, (enum form)forms[code[at]], code + at + 1);
    else if (is_known_second(code[at]))
        read_operand(instruction, code + at + 1);
    else
        refuse(instruction);
}

/* --- Moving ---------------------------------------------------------------------------------- */

/* What is so far from where it stood is that much nearer to where it will stand, or farther. */
static bool keep_distance(unsigned char *to, const unsigned char *from, size_t distance_at)
{
    int32_t distance;
    int64_t moved;

    memcpy(&distance, from + distance_at, sizeof(distance));
    moved = (int64_t)distance + (intptr_t)from - (intptr_t)to;
    distance = (int32_t)moved;
    memcpy(to + distance_at, &distance, sizeof(distance));
    return distance == moved;
}

size_t wu_prologue_move(unsigned char *to, const unsigned char *from, size_t least, bool x64)
{
    size_t size = 0;

    while (size < least) {
        struct instruction next = { .x64 = x64 };

        read_instruction(&next, from + size);
        if (next.size == 0 || size + next.size > WU_PROLOGUE_MAX)
            return 0;
        memcpy(to + size, from + size, next.size);
        if (next.distance_at > 0 && !keep_distance(to + size, from + size, next.distance_at))
            return 0;
        size += next.size;
    }
    return size;
}
