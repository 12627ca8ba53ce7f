#!/bin/sh
# Compares what transfers cost under Wine with what they cost natively: prints, and judges nothing.
# Arguments: the native program, then those of run.sh.
set -eu

here=$(dirname "$0")
native=$1
shift

"$native" >/tmp/native
sh "$here/../run.sh" "$@" >/tmp/wine || {
    status=$?
    cat /tmp/wine
    exit "$status"
}
tr -d '\r' </tmp/wine | paste /tmp/native - | awk -F '\t' '
    { printf "bench/wine: %-20s native %8.1f us, Wine %8.1f us, ratio %.2f\n", $1, $2, $4, $4 / $2 }'
