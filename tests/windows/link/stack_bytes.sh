#!/bin/sh
# Each function that a DLL for x86 exports takes as many bytes from the stack as Microsoft's: all its
# ways out do, be they its own or those of the functions that it ends with a jump to.
#
#     stack_bytes.sh OBJDUMP DLL
set -eu

# shellcheck source=tests/windows/link/dll.sh
. "$(dirname "$0")/dll.sh"

exports "$1" "$2" >"$work/exports"
base=$(awk '/^ImageBase/ { print $2 }' "$work/headers")
while read -r _ rva name; do
    printf '%08x %s\n' $((0x$base + 0x$rva)) "$name"
done <"$work/exports" >"$work/addresses"

"$1" -d --no-show-raw-insn "$2" >"$work/code" || exit 1
awk 'NR == FNR { function_at[$1] = $2; next }
    /^[0-9a-f]+ <.*>:$/ { here = $1; next }
    $2 ~ /^ret/ { ways[here] = ways[here] " " ($3 == "" ? "0" : substr($3, 4)) }
    $2 ~ /^jmp/ && $4 ~ /^<[^+]*>$/ { ends[here] = ends[here] " " $3 }
    function walk(address, depth,    i, n, next_one) {
        if (depth > 4)
            return
        found = found ways[address]
        n = split(ends[address], next_one)
        for (i = 1; i <= n; i++)
            walk(next_one[i], depth + 1)
    }
    END {
        for (address in function_at) {
            found = ""
            walk(address, 0)
            n = split(found, bytes)
            line = n ? bytes[1] : "unknown"
            for (i = 2; i <= n; i++)
                if (bytes[i] != bytes[1])
                    line = line " or " bytes[i]
            print function_at[address], line
        }
    }' "$work/addresses" "$work/code" | sort >"$work/taken"

published | while read -r _ name bytes; do
    printf '%s %x\n' "$name" "$bytes"
done | sort >"$work/published"
compare "$work/published" "$work/taken" "function, bytes in hexadecimal"
echo "$(wc -l <"$work/taken") functions take what Microsoft's take"
