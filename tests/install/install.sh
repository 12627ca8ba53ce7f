#!/bin/sh
# Installs what was built into a temporary folder, and builds a program with it in both ways that
# users have: CMake's package and pkg-config.
#
#     sh install.sh BUILD_FOLDER
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=${1:?usage: install.sh BUILD_FOLDER}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/usr" >"$scratch/log"

cmake -S "$here" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/usr" >>"$scratch/log"
cmake --build "$scratch/build" >>"$scratch/log"
"$scratch/build/consumer"
echo "find_package(winusb): builds and runs"

pc=$(find "$scratch/usr" -name winusb.pc)
library=$(dirname "$(dirname "$pc")")
flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs winusb)
# shellcheck disable=SC2086 # several words
for program in consumer example; do
    cc -o "$scratch/$program" "$here/$program.c" $flags
done
LD_LIBRARY_PATH=$library "$scratch/consumer"
echo "pkg-config winusb: builds and runs"

# The tool finds the DLL for Wine, where that was built.
if [ -e "$library/winusb" ]; then
    prefix=$scratch/prefix
    mkdir -p "$prefix/drive_c/windows/system32"
    echo '#arch=win64' >"$prefix/system.reg"
    "$scratch/usr/bin/winusb" wine install --prefix "$prefix" --wine true >>"$scratch/log"
    cmp "$library/winusb/x64/winusb.dll" "$prefix/drive_c/windows/system32/winusb.dll"
    cmp "$library/winusb/winusb-64.so" "$prefix/winusb/winusb-64.so"
    echo "winusb wine: finds what it installs"
fi
