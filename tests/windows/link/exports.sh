#!/bin/sh
# A DLL exports what the list says, under these names and ordinals, and nothing else.
#
#     exports.sh OBJDUMP DLL LIST
set -eu

# shellcheck source=tests/windows/link/dll.sh
. "$(dirname "$0")/dll.sh"

exports "$1" "$2" | awk '{ print $1, $3 }' >"$work/exported"
awk '/^ / { sub(/@/, "", $NF); print $NF, $1 }' "$3" | sort -n >"$work/listed"
compare "$work/listed" "$work/exported" "ordinal, name"
echo "$(wc -l <"$work/exported") functions, all listed"
