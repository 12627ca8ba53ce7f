#!/bin/sh
# Tries winusb.dll by a program that we did not write: Google's adb for 32-bit Windows, as device/adb.sh
# does by the native one.
#
#     adb.sh AWAIT DESKTOP.exe PREFIX WINUSB.DLL TOOLS
#
# AWAIT is labdevice_await, DESKTOP.exe is desktop.c, and android_tools.sh made TOOLS. For guests whose
# device has the personality adb. Exit status 77: Wine 8 lacks what this adb needs to start.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
await=$(realpath "$1")
desktop=$(realpath "$2")
prefix=$(realpath "$3")
dll=$(realpath "$4")
tools=$(realpath "$5")
PATH=$PATH:/usr/lib/wine
wine=$(command -v wine64 || command -v wine || echo false)
case $("$wine" --version) in
wine-[1-8].*) echo "lab: this adb does not run on Wine 8" >&2 && exit 77 ;;
esac
# adb wants a window, and there is no display; a driver that shows none is enough.
printf '\n[Software\\\\Wine\\\\Drivers]\n"Graphics"="null"\n' >>"$prefix/user.reg"
sh "$here/run.sh" "$prefix" "$dll" "$desktop" >/tmp/desktop 2>&1 &
until grep -qs 'there is one' /tmp/desktop; do
    kill -0 $! 2>/dev/null || { cat /tmp/desktop && exit 1; }
    sleep 0.2
done
# An emulated processor would take minutes to make a key.
mkdir -p "$prefix/drive_c/users/root/.android"
cp "$tools/adbkey" "$prefix/drive_c/users/root/.android"
exec sh "$here/../device/adb.sh" "$await" sh "$here/run.sh" "$prefix" "$dll" "$tools/adb.exe"
