#!/bin/sh
# An import library has the published functions under the names that programs for its processor use,
# and a program linked with it imports them from winusb.dll as they are exported: by name, without
# decoration.
#
#     imports.sh NM OBJDUMP x86|x64 LIBRARY PROGRAM
set -eu

# shellcheck source=tests/windows/link/dll.sh
. "$(dirname "$0")/dll.sh"
nm=$1 objdump=$2 processor=$3 library=$4 program=$5

# On x86: _WinUsb_Free@4, and __imp__WinUsb_Free@4 for the pointer to it.
if [ "$processor" = x86 ]; then
    published | awk '{ print "_" $2 "@" $3; print "__imp__" $2 "@" $3 }'
else
    published | awk '{ print $2; print "__imp_" $2 }'
fi | sort >"$work/symbols"
"$nm" --defined-only --extern-only "$library" >"$work/nm"
awk 'NF == 3 && tolower($3) !~ /^\.|head|iname|import_descriptor|null_thunk/ { print $3 }' "$work/nm" |
    sort -u >"$work/defined"
compare "$work/symbols" "$work/defined" "symbol of the library"

published | awk '{ print $2 }' | sort >"$work/names"
"$objdump" -p "$program" >"$work/headers"
awk '/DLL Name:/ { ours = tolower($3) == "winusb.dll" }
    /^$/ && seen { ours = seen = 0 }
    ours && /^\t[0-9a-f]+\t/ { print $3; seen = 1 }' "$work/headers" | sort >"$work/imported"
compare "$work/names" "$work/imported" "name that a program imports"
echo "$(wc -l <"$work/imported") functions, imported by their names"
