#!/bin/sh
# Runs a program for Windows with our DLL under Wine; its output and exit status are the program's.
# For guests, whose layer of memory takes what changes in the prefix. Exit status 77: something is
# missing.
#
#     run.sh PREFIX WINUSB.DLL PROGRAM.exe [ARGUMENT]...
set -eu

skip() {
    echo "lab: $*" >&2
    exit 77
}

PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine) || skip "there is no Wine here (package wine64)"
[ -e "$1/ready" ] || skip "there is no prefix: tests/lab/wine/prefix.sh $1 makes it"
[ -e "$2" ] || skip "winusb.dll for Wine has not been built (packages gcc-multilib, gcc-mingw-w64-x86-64-win32)"
prefix=$(realpath "$1") # Wine and links want it absolute
dll=$(realpath "$2")
shift 2
[ -e "$1" ] || skip "$1 has not been built: see tests/windows.cmake"

[ -O "$prefix" ] || chown "$(id -u)" "$prefix" # Wine takes its user's only
ln -sf "$dll" "$prefix/drive_c/windows/system32/winusb.dll"
# It finds its Unix library in the prefix, and goes before Wine's own when told. Programs of the other
# size have a DLL of their own.
built=${dll%/*/*}
mkdir -p "$prefix/winusb"
ln -sf "$built"/winusb-*.so "$prefix/winusb/"
[ ! -e "$prefix/drive_c/windows/syswow64" ] || [ ! -e "$built/x86/winusb.dll" ] ||
    ln -sf "$built/x86/winusb.dll" "$prefix/drive_c/windows/syswow64/"
unset DISPLAY WAYLAND_DISPLAY
export WINEPREFIX="$prefix" WINEDEBUG="${WINEDEBUG:--all}"
# Without wineboot Wine starts in a second, as it starts neither services nor a desktop. A program
# that needs them says so: WINEDLLOVERRIDES=.
export WINEDLLOVERRIDES="${WINEDLLOVERRIDES-wineboot.exe=};winusb=n"
# How a program has devices published that were plugged in after it had begun.
export LAB_PUBLISH="'$wine' '${dll%/*}/winusb-wine.exe' >&2"
status=$(mktemp)
{ "$wine" "$@" </dev/null || echo $? >"$status"; } | sed -u 's/\r$//' # lines that end as ours
[ ! -s "$status" ] || exit "$(cat "$status")"
