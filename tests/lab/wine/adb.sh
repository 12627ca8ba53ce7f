#!/bin/sh
# Tries winusb.dll by a program that we did not write: Google's adb for 32-bit Windows, as device/adb.sh
# does by the native one.
#
#     adb.sh AWAIT PREFIX WINUSB.DLL TOOLS
#
# AWAIT is labdevice_await, the DLL is for 32-bit programs, and android_tools.sh made TOOLS. For guests
# whose device has the personality adb. Exit status 77: Wine 8 lacks what this adb needs to start.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine || echo false)
case $("$wine" --version) in
wine-[1-8].*) echo "lab: this adb does not run on Wine 8" >&2 && exit 77 ;;
esac
# adb wants a window, and there is no display; a driver that shows none is enough.
printf '\n[Software\\\\Wine\\\\Drivers]\n"Graphics"="null"\n' >>"$2/user.reg"
exec sh "$here/../device/adb.sh" "$(realpath "$1")" \
    sh "$here/run.sh" "$(realpath "$2")" "$(realpath "$3")" "$(realpath "$4")/adb.exe"
