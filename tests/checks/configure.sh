#!/bin/sh
# Configures a build folder again and again while programs and files come and go, as they do with
# packages: what is built depends on what is there then, and on what a person said at any time.
# Programs for Wine and Windows are empty files here, as configuring does not run them.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build=$work/build
mingw="$work/bin/x86_64-w64-mingw32-gcc $work/bin/x86_64-w64-mingw32-windres $work/bin/x86_64-w64-mingw32-dlltool
    $work/bin/i686-w64-mingw32-gcc $work/bin/i686-w64-mingw32-windres $build/libusb/VERSION"
unix=$build/libusb/unix/VERSION
everything="$mingw $unix"
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# This machine's programs without those that matter, which are nowhere else.
hide_programs() {
    mkdir -p "$work/bin"
    find /usr/local/bin /usr/bin /bin/ -mindepth 1 -maxdepth 1 ! -name '*-w64-mingw32-*' \
        -exec ln -sf -t "$work/bin" {} +
    export PATH="$work/bin"
}

# A compiler that takes -m32 when that is said, whatever this machine's does: configuring only links.
make_compiler() {
    compiler=$(readlink -f /usr/bin/cc)
    rm -f "$work/bin/cc" "$work/bin/gcc"
    cat >"$work/bin/cc" <<END
#!/bin/sh
[ "\$1" != -m32 ] || { [ -e "$work/32_bits" ] && shift; } || exit 1
exec "$compiler" "\$@"
END
    chmod 755 "$work/bin/cc"
}

appear() { # files
    for file in "$@"; do
        mkdir -p "${file%/*}"
        : >"$file"
        chmod 755 "$file"
    done
}

configure() { # options of cmake
    cmake -S "$top" -B "$build" -DCMAKE_SYSTEM_IGNORE_PATH='/usr/local/bin;/usr/bin;/bin' "$@" >"$work/log" 2>&1
}

# Configures and compares which of the products that vary are built with those named.
expect() { # when, products, options of cmake
    when=$1 products=$2
    shift 2
    configure "$@" || {
        tail -n 20 "$work/log"
        fail "$when: configuring failed"
        return
    }
    found=$(sed -n 's|.*/CMakeFiles/\(.*\)\.dir$|\1|p' "$build/CMakeFiles/TargetDirectories.txt" |
        grep -xE 'winusb_x64|winusb_x86|winusb_unix_32|windows_find' | sort | tr '\n' ' ')
    [ "${found% }" = "$products" ] || fail "$when: '$products' was expected, '${found% }' is built"
}

expect_error() { # when, text of the error, options of cmake
    when=$1 text=$2
    shift 2
    ! configure "$@" || fail "$when: configuring did not fail"
    tr -s ' \n' ' ' <"$work/log" | grep -qF "$text" || {
        tail -n 20 "$work/log"
        fail "$when: no error says '$text'"
    }
}

hide_programs
make_compiler
# shellcheck disable=SC2086 # lists of files
{
    expect "nothing is there" ""
    appear $everything
    expect "all has come but 32 bits" "windows_find winusb_x64 winusb_x86"
    appear "$work/32_bits"
    expect "all has come" "windows_find winusb_unix_32 winusb_x64 winusb_x86"
    rm $unix
    expect "libusb for Unix libraries has gone" "windows_find winusb_x64 winusb_x86"
    rm $mingw
    expect "MinGW has gone" ""

    # The rest is the same without the tests, which take most of the time.
    appear $everything
    touch -d '1 hour ago' "$build/CMakeFiles/configured"
    expect "OFF is said" "winusb_x64 winusb_x86" -DWINUSB_UNIX=OFF -DWINUSB_TESTS=OFF
    [ -n "$(find "$build/CMakeFiles/configured" -mmin -30)" ] || fail "x64 and x86 are not configured again"
    expect "OFF stays" "winusb_x64 winusb_x86"
    rm "$work/bin/i686-w64-mingw32-gcc"
    expect "AUTO is said, and one compiler has gone" "winusb_unix_32" -DWINUSB_UNIX=AUTO

    expect_error "ON without a compiler" "missing: i686-w64-mingw32-gcc" -DWINUSB_WINDOWS=ON
    expect_error "ON stays" "missing: i686-w64-mingw32-gcc"
    appear $mingw
    expect "ON with all there" "winusb_unix_32 winusb_x64 winusb_x86"
    rm "$work/32_bits"
    expect_error "ON without 32 bits" "package gcc-multilib" -DWINUSB_UNIX=ON
    appear "$work/32_bits"
    expect "ON with 32 bits" "winusb_unix_32 winusb_x64 winusb_x86"
    expect "no Unix libraries" "winusb_x64 winusb_x86" -DWINUSB_UNIX=OFF
    expect_error "a DLL for Wine without them" "missing: its Unix libraries" -DWINUSB_WINE=ON
    rm "$build/libusb/VERSION"
    expect_error "ON without libusb" "missing: libusb for Windows" -DWINUSB_WINE=AUTO
    expect_error "ON with sanitizers" "without sanitizers" \
        -DWINUSB_WINDOWS=AUTO -DWINUSB_UNIX=ON -DWINUSB_SANITIZE=thread
    appear $mingw
    expect "without sanitizers" "winusb_unix_32 winusb_x64 winusb_x86" -DWINUSB_SANITIZE=
}

# A program named by a person counts, whatever else is there.
own=$work/own/gcc
appear "$own"
expect "a path is said" "winusb_unix_32 winusb_x64 winusb_x86" -DMINGW_GCC_X64="$own" -DWINUSB_WINDOWS=ON
expect "the path stays" "winusb_unix_32 winusb_x64 winusb_x86"
rm "$own"
expect_error "the path leads nowhere" "$own"

# Libraries that everything takes.
mkdir "$work/none"
export PKG_CONFIG_LIBDIR="$work/none"
expect_error "libraries have gone" "package libusb-1.0-0-dev" -UMINGW_GCC_X64
unset PKG_CONFIG_LIBDIR
expect "libraries are back" "winusb_unix_32 winusb_x64 winusb_x86"
[ "$failures" -eq 0 ] || exit 1
echo "configure: what is built follows what is there"
