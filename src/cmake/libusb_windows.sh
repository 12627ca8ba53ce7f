#!/bin/sh
# Makes libusb-1.0 for Windows, for both processors, by building Debian's source package with MinGW;
# half a minute. Does nothing when all of it is there:
#
#     FOLDER/x64/, FOLDER/x86/
#         libusb-1.0.dll        needs no DLL but Windows' own
#         libusb-1.0.dll.debug  its debug information, which GDB finds beside it
#         libusb-1.0.delay.a    links with -ldelayimp; the DLL is not looked for until a first call
#         include/libusb.h
#     FOLDER/COPYING            its licence
#     FOLDER/VERSION            Debian's version of the source
#
# The same source and compilers make the same bytes, whatever FOLDER is.
#
#     libusb_windows.sh FOLDER
#
# Exit status 77: not without MinGW for both, apt or the network.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=src/cmake/libusb_source.sh
. "$here/libusb_source.sh"
what="libusb for Windows"
dll=libusb-1.0.dll
mkdir -p "$1"
folder=$(cd "$1" && pwd)

is_complete() {
    for file in $dll $dll.debug libusb-1.0.delay.a include/libusb.h; do
        [ -s "$folder/x64/$file" ] && [ -s "$folder/x86/$file" ] || return 1
    done
    [ -s "$folder/COPYING" ] && [ -s "$folder/VERSION" ]
}

build() { # host
    configure_libusb "$1" --host="$1" --disable-static --enable-shared LDFLAGS=-static-libgcc &&
        make -C libusb
}

# MinGW has DLLs of its own, which nobody would have beside ours.
check_imports() { # host, DLL
    ! "$1-objdump" -p "$2" | grep -i 'DLL Name: lib'
}

split_debug() { # host, DLL as linked, folder
    "$1-objcopy" --only-keep-debug "$2" "$3/$dll.debug" &&
        (cd "$3" && "$1-objcopy" --strip-all --add-gnu-debuglink=$dll.debug "$2" $dll)
}

# The list of exports has each function under its plain and its decorated name, as the DLL has, so
# programs for x86 find _libusb_init@4. Made here, as dlltool puts the path it is given into symbols,
# and copied without the time that it was made.
import_library() { # host, folder
    cd "$work" &&
        "$1-dlltool" --temp-prefix libusb --input-def source/libusb/libusb-1.0.def \
            --output-delaylib libusb.a &&
        "$1-objcopy" --enable-deterministic-archives libusb.a "$2/libusb-1.0.delay.a"
}

make_for() { # host, folder
    linked=$work/$1/libusb/.libs/$dll
    mkdir -p "$2/include"
    quietly build "$1"
    quietly check_imports "$1" "$linked"
    quietly split_debug "$1" "$linked" "$2"
    quietly import_library "$1" "$2"
    cp "$work/source/libusb/libusb.h" "$2/include"
}

! is_complete || exit 0
need_program x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
need_program i686-w64-mingw32-gcc gcc-mingw-w64-i686-win32
fetch_libusb
make_for x86_64-w64-mingw32 "$folder/x64"
make_for i686-w64-mingw32 "$folder/x86"
describe_libusb
