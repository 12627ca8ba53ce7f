#!/bin/sh
# Makes libusb-1.0 for the Unix libraries of winusb.dll for Wine, for both processors, by building
# Debian's source package; half a minute. Does nothing when all of it is there:
#
#     FOLDER/x64/, FOLDER/x86/
#         libusb-1.0.a          static, for shared libraries, whose exports it does not add to; needs
#                               nothing but libc: hears of devices from the kernel, not from udev
#         include/libusb.h
#     FOLDER/COPYING            its licence
#     FOLDER/VERSION            Debian's version of the source
#
# The same source and compiler make the same bytes, whatever FOLDER is.
#
#     libusb_unix.sh FOLDER
#
# Exit status 77: not without gcc for both, apt or the network.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=src/cmake/libusb_source.sh
. "$here/libusb_source.sh"
what="libusb for Unix libraries"
library=libusb-1.0.a
mkdir -p "$1"
folder=$(cd "$1" && pwd)

is_complete() {
    for file in $library include/libusb.h; do
        [ -s "$folder/x64/$file" ] && [ -s "$folder/x86/$file" ] || return 1
    done
    [ -s "$folder/COPYING" ] && [ -s "$folder/VERSION" ]
}

# Its functions are marked as exported, which config.h says how to do.
hide_functions() { # config.h
    hidden='#define DEFAULT_VISIBILITY __attribute__ ((visibility ("hidden")))'
    sed -i "s/^#define DEFAULT_VISIBILITY .*/$hidden/" "$1" && grep -qxF "$hidden" "$1"
}

# The linker takes those of its functions that are called.
build() { # processor, host, options of gcc
    CFLAGS="$3 -D_FILE_OFFSET_BITS=64 -ffunction-sections -fdata-sections"
    configure_libusb "$1" --host="$2" CC=gcc AR=ar RANLIB=ranlib \
        --disable-shared --enable-static --with-pic --disable-udev &&
        hide_functions config.h &&
        make -C libusb
}

# Nothing in it can be exported, so none of its calls can be anybody else's.
check_symbols() { # library
    readelf --wide --syms "$1" >"$work/symbols" &&
        grep -q 'GLOBAL HIDDEN .* libusb_init$' "$work/symbols" &&
        ! grep -E 'GLOBAL DEFAULT +[0-9]' "$work/symbols"
}

make_for() { # processor, host, options of gcc
    built=$work/$1/libusb/.libs/$library
    mkdir -p "$folder/$1/include"
    quietly build "$@"
    quietly check_symbols "$built"
    objcopy --enable-deterministic-archives "$built" "$folder/$1/$library"
    cp "$work/source/libusb/libusb.h" "$folder/$1/include"
}

! is_complete || exit 0
need_program gcc gcc
need_compiler -m64 libc6-dev
need_compiler -m32 gcc-multilib
fetch_libusb
make_for x64 x86_64-linux-gnu -m64
# Arithmetic as on the other processor; and programs' stacks may be aligned for 4 bytes only.
make_for x86 i686-linux-gnu "-m32 -msse2 -mfpmath=sse -mstackrealign"
describe_libusb
