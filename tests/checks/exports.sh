#!/bin/sh
# The shared library exports what winusb.def and native.def list, and nothing else.
#
# usage: exports.sh LIBRARY

cd "$(dirname "$0")/../.." || exit 1
library=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

awk '/^ / { print $1 }' winusb.def src/native/native.def | sort >"$work/listed"
nm --dynamic --defined-only "$library" >"$work/symbols" || exit 1
awk '{ print $NF }' "$work/symbols" | sort >"$work/exported"

if ! diff "$work/listed" "$work/exported"; then
    echo "'<': listed but not exported; '>': exported but not listed"
    exit 1
fi
echo "$(wc -l <"$work/exported") symbols, all listed"
