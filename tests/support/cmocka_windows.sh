#!/bin/sh
# Makes CMocka for programs for Windows: FOLDER/libcmocka.a and FOLDER/include/cmocka*.h. Debian has
# it for Linux only, so its source package is built with MinGW. Does nothing when it is there.
#
#     cmocka_windows.sh FOLDER
#
# Exit status 77: not without MinGW, apt or the network.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=src/cmake/source_package.sh
. "$top/src/cmake/source_package.sh"
what="CMocka for Windows"
compiler=x86_64-w64-mingw32-gcc
mkdir -p "$1"
folder=$(cd "$1" && pwd)

build() {
    cmake -S "$work/source" -B "$work/build" -DCMAKE_SYSTEM_NAME=Windows \
        -DCMAKE_C_COMPILER=$compiler -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DWITH_STATIC_LIB=ON -DUNIT_TESTING=OFF -DWITH_EXAMPLES=OFF &&
        cmake --build "$work/build" --target cmocka-static
}

[ ! -s "$folder/libcmocka.a" ] || exit 0
need_program $compiler gcc-mingw-w64-x86-64-win32
make_work
fetch_source cmocka
quietly build
mkdir -p "$folder/include"
cp "$work"/source/include/cmocka*.h "$folder/include"
cp "$work"/build/src/libcmocka*.a "$folder/libcmocka.a"
