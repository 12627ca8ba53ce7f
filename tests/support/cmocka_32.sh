#!/bin/sh
# Makes CMocka for Linux programs of 32 bits: FOLDER/libcmocka.a and FOLDER/include/cmocka*.h, from
# Debian's source package. Does nothing when all that is there.
#
#     cmocka_32.sh FOLDER
#
# Exit status 77: not without gcc for 32 bits, apt or the network.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=src/cmake/source_package.sh
. "$top/src/cmake/source_package.sh"
what="CMocka for 32 bits"
mkdir -p "$1"
folder=$(cd "$1" && pwd)

build() {
    cmake -S "$work/source" -B "$work/build" -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-m32 \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DWITH_STATIC_LIB=ON -DUNIT_TESTING=OFF -DWITH_EXAMPLES=OFF &&
        cmake --build "$work/build" --target cmocka-static
}

[ ! -s "$folder/libcmocka.a" ] || exit 0
need_compiler -m32 gcc-multilib
make_work
fetch_source cmocka
quietly build
mkdir -p "$folder/include"
cp "$work"/source/include/cmocka*.h "$folder/include"
cp "$work"/build/src/libcmocka*.a "$folder/libcmocka.a"
