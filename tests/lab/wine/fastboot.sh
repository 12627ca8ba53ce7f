#!/bin/sh
# Tries winusb.dll by a program that we did not write: Google's fastboot for 32-bit Windows, as
# device/fastboot.sh does by the native one.
#
#     fastboot.sh PREFIX WINUSB.DLL TOOLS
#
# The DLL is for 32-bit programs; android_tools.sh made TOOLS. For guests whose device has the personality
# fastboot.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
exec sh "$here/../device/fastboot.sh" \
    sh "$here/run.sh" "$(realpath "$1")" "$(realpath "$2")" "$(realpath "$3")/fastboot.exe"
