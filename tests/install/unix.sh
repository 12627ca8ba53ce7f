#!/bin/sh
# Builds the Unix libraries of winusb.dll for Wine once more, from the same tree in another place: they
# are the same files.
#
#     unix.sh BUILD_FOLDER
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:?usage: unix.sh BUILD_FOLDER}" && pwd)
scratch=$(mktemp -d -p /var/tmp) # behind /usr, before which trees usually are, where names are sorted
trap 'rm -rf "$scratch"' EXIT

quietly() {
    "$@" >"$scratch/log" 2>&1 || {
        tail -n 50 "$scratch/log"
        exit 1
    }
}

setting() { # of the first build
    sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

mkdir -p "$scratch/a/tree" "$scratch/out/libusb"
cp -R "$top/CMakeLists.txt" "$top/LICENSE" "$top/winusb.def" "$top/include" "$top/src" "$scratch/a/tree"
cp -R "$build/libusb/unix" "$scratch/out/libusb/unix"
quietly cmake -S "$scratch/a/tree" -B "$scratch/out" -DWINUSB_TESTS=OFF -DWINUSB_WINE=OFF -DWINUSB_WINDOWS=OFF \
    -DCMAKE_C_COMPILER="$(setting CMAKE_C_COMPILER)" -DCMAKE_BUILD_TYPE="$(setting CMAKE_BUILD_TYPE)"
quietly cmake --build "$scratch/out" --target winusb_unix_64 winusb_unix_32
for library in winusb-64.so winusb-32.so; do
    cmp "$build/wine/$library" "$scratch/out/wine/$library"
done
sha256sum "$build/wine/winusb-64.so" "$build/wine/winusb-32.so"
