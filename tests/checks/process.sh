#!/bin/sh
# What the native library does to a process that loads it, as far as its file tells: it stays
# loaded, its own calls cannot be diverted, and it makes nothing executable or writable that is not.
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
readelf --relocs --wide "$library" >"$work/relocations"
nm --dynamic --defined-only "$library" | awk '$2 == "T" { print $3 }' >"$work/functions"
nm --dynamic --defined-only "$library" | awk '$2 !~ /^[TA]$/' >"$work/others"

grep -q 'NODELETE' "$work/dynamic" || complain "dlclose unloads it below its threads"
! grep 'TEXTREL' "$work/dynamic" || complain "its code is written to when it is loaded"
grep 'GNU_STACK' "$work/segments" | grep -q ' RW ' || complain "it wants an executable stack"
[ ! -s "$work/others" ] || complain "it exports data: $(cat "$work/others")"

# A relocation by name is looked up in the whole process.
[ -s "$work/functions" ] || complain "it exports nothing"
sed 's/@@.*//' "$work/functions" | sort >"$work/own"
awk '$3 ~ /^R_/ { print $5 }' "$work/relocations" | sed 's/@.*//' | sort -u >"$work/looked_up"
comm -12 "$work/own" "$work/looked_up" >"$work/diverted"
[ ! -s "$work/diverted" ] ||
    complain "another's function may be called in their place: $(tr '\n' ' ' <"$work/diverted")"

exit "$failed"
