#!/bin/sh
# Makes CMocka for programs for Windows: FOLDER/libcmocka.a and FOLDER/include/cmocka*.h. Debian has
# it for Linux only, so its source package is built with MinGW. Does nothing when it is there.
#
#     cmocka_windows.sh FOLDER
#
# Exit status 77: not without MinGW, apt or the network.
set -eu

compiler=x86_64-w64-mingw32-gcc
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ ! -s "$folder/libcmocka.a" ] || exit 0

skip() {
    echo "CMocka for Windows: $*" >&2
    exit 77
}

command -v $compiler >/dev/null || skip "there is no $compiler"
command -v apt-get >/dev/null || skip "there is no apt-get to fetch it"

work=$(mktemp -d "$folder/cmocka.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# With lists of its own: the machine's need not name sources, and stay as they are.
own_apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

fetch() {
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/source"
    # shellcheck disable=SC2016 # fields of apt's
    apt-get indextargets --format 'deb-src $(REPO_URI) $(CODENAME) $(COMPONENT)' \
        'Identifier: Packages' 'Label: Debian' | sort -u >"$work/sources.list"
    [ -s "$work/sources.list" ] || {
        echo "apt has no lists of Debian's packages: apt-get update makes them" >&2
        return 1
    }
    own_apt update
    (cd "$work" && own_apt source --download-only cmocka)
    tar -xf "$work"/cmocka_*.orig.tar.?z -C "$work/source" --strip-components=1
}

build() {
    cmake -S "$work/source" -B "$work/build" -DCMAKE_SYSTEM_NAME=Windows \
        -DCMAKE_C_COMPILER=$compiler -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DWITH_STATIC_LIB=ON -DUNIT_TESTING=OFF -DWITH_EXAMPLES=OFF
    cmake --build "$work/build" --target cmocka-static
}

fetch >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    skip "its source package cannot be fetched"
}
build >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
mkdir -p "$folder/include"
cp "$work"/source/include/cmocka*.h "$folder/include"
cp "$work"/build/src/libcmocka*.a "$folder/libcmocka.a"
