# What libusb_windows.sh and libusb_unix.sh share: libusb from Debian's source package, built once for
# each processor. Sourced, with $what, $folder and $here set, the last to this folder.
# shellcheck shell=sh disable=SC2154

# shellcheck source=src/cmake/source_package.sh
. "$here/source_package.sh"

# Puts the source into $work/source. All tools write its time instead of today's.
fetch_libusb() {
    need_program make make
    need_program bzip2 bzip2
    make_work
    echo "Fetching libusb's source"
    fetch_source libusb-1.0
    SOURCE_DATE_EPOCH=$(stat -c %Y "$work/source/configure")
    export SOURCE_DATE_EPOCH
    echo "Building $what, version $(cat "$work/version")"
}

configure_libusb() { # folder in $work, arguments of configure; CFLAGS may be set
    mkdir "$work/$1" && cd "$work/$1" || return
    shift
    ../source/configure "$@" CFLAGS="-O2 -g -ffile-prefix-map=$work=. ${CFLAGS-}"
}

# The version comes last, as it tells that all is there.
describe_libusb() {
    cp "$work/source/COPYING" "$folder/COPYING"
    cp "$work/version" "$folder/VERSION"
}
