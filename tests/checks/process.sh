#!/bin/sh
# What the native library does to a process that loads it, as far as its file tells: it stays
# loaded, and makes nothing executable or writable that is not.
#
# usage: process.sh LIBRARY
set -eu

library=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
    echo "$*"
    failed=1
}

readelf --dynamic --wide "$library" >"$work/dynamic"
readelf --segments --wide "$library" >"$work/segments"

grep -q 'NODELETE' "$work/dynamic" || complain "dlclose unloads it below its threads"
! grep 'TEXTREL' "$work/dynamic" || complain "its code is written to when it is loaded"
grep 'GNU_STACK' "$work/segments" | grep -q ' RW ' || complain "it wants an executable stack"

exit "$failed"
