#!/bin/sh
# Compares what transfers cost under Wine with what they cost natively: prints, and judges nothing.
# Arguments: the native program, then those of run.sh.
set -eu

here=$(dirname "$0")
native=$1
shift
case $3 in
*/x86/*) size=x86 ;;
*) size=x64 ;;
esac
PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine || echo true) # run.sh says that there is none
version=$("$wine" --version)

"$native" >/tmp/native
sh "$here/../run.sh" "$@" >/tmp/wine || {
    status=$?
    cat /tmp/wine
    exit "$status"
}
tr -d '\r' </tmp/wine | paste /tmp/native - |
    awk -F '\t' -v of="$size, ${version%% *}" '{
        printf "bench/wine: %s: %-20s native %8.1f us, Wine %8.1f us, ratio %.2f\n",
            of, $1, $2, $4, $4 / $2 }'
