#!/bin/sh
# Makes CMocka for programs for Windows: FOLDER/x64/libcmocka.a, FOLDER/x86/libcmocka.a where MinGW
# has a compiler for that, and FOLDER/include/cmocka*.h. Debian has it for Linux only, so its source
# package is built. Does nothing when all that is there.
#
#     cmocka_windows.sh FOLDER
#
# Exit status 77: not without MinGW, apt or the network.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=src/cmake/source_package.sh
. "$top/src/cmake/source_package.sh"
what="CMocka for Windows"
mkdir -p "$1"
folder=$(cd "$1" && pwd)

is_complete() {
    [ -s "$folder/x64/libcmocka.a" ] || return 1
    [ -s "$folder/x86/libcmocka.a" ] || ! command -v i686-w64-mingw32-gcc >/dev/null
}

build() { # compiler, build folder
    cmake -S "$work/source" -B "$2" -DCMAKE_SYSTEM_NAME=Windows \
        -DCMAKE_C_COMPILER="$1" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DWITH_STATIC_LIB=ON -DUNIT_TESTING=OFF -DWITH_EXAMPLES=OFF &&
        cmake --build "$2" --target cmocka-static
}

make_for() { # compiler, processor
    command -v "$1" >/dev/null || return 0
    quietly build "$1" "$work/$2"
    mkdir -p "$folder/$2"
    cp "$work/$2"/src/libcmocka*.a "$folder/$2/libcmocka.a"
}

! is_complete || exit 0
need_program x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
make_work
fetch_source cmocka
mkdir -p "$folder/include"
cp "$work"/source/include/cmocka*.h "$folder/include"
make_for i686-w64-mingw32-gcc x86
make_for x86_64-w64-mingw32-gcc x64
