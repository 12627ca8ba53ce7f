#!/bin/sh
# Starts a 64-bit and a 32-bit program under Wine, and tells of what size the process is that runs each:
# a 32-bit program has a 32-bit one on old WoW64, a 64-bit one on new WoW64.
#
#     sizes.sh WANTED PREFIX WINUSB.DLL PROGRAM64.exe PROGRAM32.exe
#
# WANTED is old or new; the programs are sizes.c. Exit status 77: something is missing.
set -eu

here=$(dirname "$0")
wanted=$1
prefix=$2
dll=$3
patience=120 # [s] then a program is taken for hung
work=$(mktemp -d)

fail() {
    echo "FAILED: $*"
    sed 's/^/    /' "$work/said"
    exit 1
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

# Bits of the process that runs a program: it has that in its command line, and Wine's loader for its
# own. Wine's start.exe, which starts programs of another size than its own, has, too.
process_bits() { # program
    for process in /proc/[0-9]*; do
        case $(readlink "$process/exe") in
        */wine*) ;;
        *) continue ;;
        esac
        words=$(tr '\0' ' ' <"$process/cmdline")
        case $words in
        *start.exe*) continue ;;
        *"${1##*/}"*) ;;
        *) continue ;;
        esac
        # The fifth byte of an ELF: 1 for 32 bits, 2 for 64.
        echo $(($(od -An -tu1 -j4 -N1 "$process/exe") * 32))
        return
    done
    echo unknown
}

# try BITS PROCESS_BITS PROGRAM
try() {
    began=$(milliseconds)
    rm -f "$work/go"
    sh "$here/run.sh" "$prefix" "$dll" "$3" "$work/go" >"$work/said" 2>&1 &
    for _ in $(seq $((10 * patience))); do
        ! grep -qs ' bits, ' "$work/said" || break
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    took=$(($(milliseconds) - began))
    bits=$(process_bits "$3")
    touch "$work/go"
    wait $! || { status=$? && [ $status -ne 77 ] || exit 77 && fail "$3: exit status $status"; }
    grep -q "^$1 bits, " "$work/said" || fail "$3 does not have $1 bits"
    [ "$bits" = "$2" ] || fail "$3 runs in a process of $bits bits, not $2"
    echo "sizes: $(cat "$work/said"), in a process of $bits bits, started in $took ms"
}

try 64 64 "$4"
case $wanted in
old) try 32 32 "$5" ;;
new) try 32 64 "$5" ;;
*) echo "sizes: $wanted is neither old nor new" && exit 2 ;;
esac
try 64 64 "$4" # the wineserver is there now
