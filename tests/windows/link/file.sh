#!/bin/sh
# A DLL as a file: it needs no DLL but Windows' own, says what it is, does not say when it was made,
# and finds its debug information beside it.
#
#     file.sh OBJDUMP ADDR2LINE DLL VERSION
set -eu

# shellcheck source=tests/windows/link/dll.sh
. "$(dirname "$0")/dll.sh"
objdump=$1 addr2line=$2 dll=$3 version=$4

fail() {
    echo "$*"
    exit 1
}

"$objdump" -p "$dll" >"$work/headers"
"$objdump" -h "$dll" >"$work/sections"

sed -n 's/^[[:blank:]]*DLL Name: //p' "$work/headers" | tr '[:upper:]' '[:lower:]' >"$work/needed"
[ -s "$work/needed" ] || fail "no imports were found"
while read -r name; do
    case $name in
    advapi32.dll | cfgmgr32.dll | kernel32.dll | msvcrt.dll | ntdll.dll | setupapi.dll) ;;
    *) fail "it needs $name" ;;
    esac
done <"$work/needed"

# The file's header has a time, and so have its tables.
[ "$(grep -cE '^Time/Date' "$work/headers")" -eq 2 ] || fail "its times were not found"
times=$(grep -E '^Time/Date' "$work/headers" |
    grep -vE '(Thu Jan  1 00:00:00 1970|stamp[[:blank:]]+0+)$') || true
[ -z "$times" ] || fail "it has the time of its making: $times"

# Strings of the version resource are UTF-16.
grep -q '\.rsrc' "$work/sections" || fail "it has no resources"
tr -d '\000' <"$dll" >"$work/text"
for string in ProductName.*OpenWinUSB "FileVersion.*$version" "ProductVersion.*$version" \
    'OriginalFilename.*winusb\.dll' 'LegalCopyright.*MIT License'; do
    grep -aq "$string" "$work/text" || fail "its version resource lacks $string"
done

! grep -q '\.debug_' "$work/sections" || fail "it has debug information of its own"
[ -e "$dll.debug" ] || fail "there is no debug information beside it"
exports "$objdump" "$dll" >"$work/exports"
base=$(awk '/^ImageBase/ { print $2 }' "$work/headers")
rva=$(awk 'NR == 1 { print $2 }' "$work/exports")
"$addr2line" -e "$dll" "$(printf '%x' $((0x$base + 0x$rva)))" >"$work/line"
grep -q '/src/.*\.c:[0-9]' "$work/line" || fail "its debug information is not found: $(cat "$work/line")"
echo "Needs $(tr '\n' ' ' <"$work/needed")and nothing else"
