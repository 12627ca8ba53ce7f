#!/bin/sh
# Makes programs that walk USB hubs and that we did not write: those that come with libusb, from Debian's
# source package, with libusb itself in them; a minute. For both processors, and for Linux, where the
# tests of them are tried first. Does nothing when all of them are there:
#
#     FOLDER/x64/, FOLDER/x86/    listdevs.exe, testlibusb.exe, xusb.exe, stress.exe
#     FOLDER/linux/               listdevs, testlibusb, xusb, stress
#     FOLDER/COPYING              their licence
#     FOLDER/VERSION              Debian's version of the source
#
#     libusb_programs.sh FOLDER
#
# They are used here and never handed on. apt has checked the source by Debian's keys. Exit status 77: not
# without MinGW for both, apt or the network.
set -eu

here=$(cd "$(dirname "$0")/../../../../src/cmake" && pwd)
# shellcheck source=src/cmake/libusb_source.sh
. "$here/libusb_source.sh"
what="libusb's programs"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
programs='examples/listdevs examples/testlibusb examples/xusb tests/stress'

is_complete() {
    [ -s "$folder/COPYING" ] && [ -s "$folder/VERSION" ] || return 1
    for program in $programs; do
        name=${program#*/}
        [ -s "$folder/x64/$name.exe" ] && [ -s "$folder/x86/$name.exe" ] &&
            [ -s "$folder/linux/$name" ] || return 1
    done
}

build() { # folder in $work, option of configure...
    configure_libusb "$@" --enable-static --disable-shared --enable-examples-build --enable-tests-build &&
        make -j2
}

# MinGW has DLLs of its own, which nobody would have beside these.
check_imports() { # host, program
    ! "$1-objdump" -p "$2" | grep -i 'DLL Name: lib'
}

make_for() { # host, folder
    quietly build "$1" --host="$1" LDFLAGS=-static
    mkdir -p "$2"
    for program in $programs; do
        quietly check_imports "$1" "$work/$1/$program.exe"
        cp "$work/$1/$program.exe" "$2"
    done
}

make_for_linux() { # folder
    quietly build linux --disable-udev # guests have no udevd
    mkdir -p "$1"
    for program in $programs; do
        cp "$work/linux/$program" "$1"
    done
}

! is_complete || exit 0
need_program x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
need_program i686-w64-mingw32-gcc gcc-mingw-w64-i686-win32
need_compiler -m64 gcc
fetch_libusb
make_for x86_64-w64-mingw32 "$folder/x64"
make_for i686-w64-mingw32 "$folder/x86"
make_for_linux "$folder/linux"
describe_libusb
