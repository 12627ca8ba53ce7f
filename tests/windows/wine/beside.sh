#!/bin/sh
# The DLL beside a program, with its Unix library, in a prefix that has nothing of ours: an override
# has Wine load it. What happens when the one or the other is missing.
#
#     beside.sh CONSUMER.exe PROCESSOR BITS FOLDER -- COMMAND...
#
# PROCESSOR is the program's, BITS are the Unix side's, FOLDER is that of the build for Wine, COMMAND
# runs a program by Wine. Exit status 77: there are no Unix libraries.
set -eu

consumer=$1
processor=$2
library=winusb-$3.so
folder=$4
shift 5
work=$(mktemp -d "${consumer%/*}/beside.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

[ -e "$folder/$library" ] || {
    echo "there is no $folder/$library" >&2
    exit 77
}

fail() {
    echo "FAILED: $*" >&2
    failed=1
}

# run FOLDER OVERRIDES COMMAND...: what the program says, in this folder, where our DLL is beside it;
# what crashes is not looked at by Wine's debugger, which would start a desktop
run() {
    name=$1
    overrides="wineboot.exe,winedbg.exe=$2"
    shift 2
    WINUSB_LOG=info WINEDLLOVERRIDES=$overrides LC_ALL=C.UTF-8 \
        "$@" "$work/$name/consumer.exe" >"$work/output" 2>&1 || true
    sed "s/^/$name: /" "$work/output"
}

says() {
    grep -qE -e "$1" "$work/output" || fail "$name: does not say: $1"
}

says_not() {
    ! grep -qE -e "$1" "$work/output" || fail "$name: says: $1"
}

for name in both 'älöne 日本'; do
    mkdir "$work/$name"
    cp "$consumer" "$work/$name/consumer.exe"
    cp "$folder/$processor/winusb.dll" "$work/$name/"
done
cp "$folder/$library" "$work/both/"

run both ';winusb=n,b' "$@"
says 'this is OpenWinUSB for Wine'
says '^WinUsb_Initialize: error 6'

run both '' "$@"
says_not 'this is OpenWinUSB for Wine'
says_not '^WinUsb_Initialize' # Wine's own ends the program instead

run 'älöne 日本' ';winusb=n,b' "$@"
says '^WinUsb_Initialize: error 126'
says "there is no $library in .*\\\\${work##*/}.älöne 日本.?\$"
says "there is no $library in .*\\\\${work##*/}.?\$"
says "there is no $library in .*\\\\winusb.?\$"

exit "$failed"
