# What tests/run.sh, tests/demo.sh and .ci/run share: missing packages, building, the lab's kernel.
# Sourced, with $top set to the top of the source tree.
# shellcheck shell=sh disable=SC2034,SC2154

build_packages='gcc libc6-dev cmake make pkg-config libusb-1.0-0-dev libcmocka-dev libjansson-dev
    libusbredirparser-dev'
lab_packages='qemu-system-x86 busybox-static cpio kmod xz-utils gnuplot-nox'
# winusb.dll for Wine, programs for Windows, and the Wine that runs them.
wine_packages='wine64 gcc-mingw-w64-x86-64-win32'
# winusb.dll for Windows, for both processors, and libusb for it.
windows_packages='gcc-mingw-w64-x86-64-win32 gcc-mingw-w64-i686-win32 clang llvm lld bzip2'
# The Unix libraries of winusb.dll for Wine, one of which is for 32 bits.
unix_packages='gcc-multilib bzip2'
# All compilers and headers that programs use, what counts system calls and instructions, and programs of others that
# the lab's device serves.
test_packages='g++ clang g++-mingw-w64-x86-64-win32 g++-mingw-w64-i686-win32 strace valgrind
    libwine-dev fastboot adb'

say() {
    printf '\n== %s\n' "$*"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "this needs root, and there is no sudo; as root, run: $*" >&2
        return 1
    fi
}

update_lists() {
    say "Updating apt's package lists"
    as_root apt-get -q update
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Installs those of the named packages that are missing. No other is removed for them.
install_packages() {
    command -v apt-get >/dev/null || {
        echo "no apt-get here: have these installed yourself: $*" >&2
        return 0
    }
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    update_lists
    say "Installing$missing"
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends --no-remove $missing
}

# Apart from the others, as gcc-multilib cannot be beside gcc for other processors.
install_unix_packages() {
    # shellcheck disable=SC2086 # a list of words
    install_packages $unix_packages || echo "without these the Unix libraries for Wine are not built" >&2
}

# Fetches the kernel that the lab boots; once more with fresh package lists if that fails.
prepare_lab() { # build folder
    say "Preparing the lab: Debian's kernel for a virtual machine"
    sh "$top/tests/lab/prepare.sh" "$1/lab" && return
    update_lists
    sh "$top/tests/lab/prepare.sh" "$1/lab"
}

# Makes CMocka for programs for Windows; where it cannot be had, tests that need it are skipped.
prepare_cmocka() { # build folder
    say "Preparing CMocka for programs for Windows"
    sh "$top/tests/support/cmocka_windows.sh" "$1/tests/windows" || [ $? -eq 77 ]
}

# Makes CMocka for the tests of what is for 32 bits.
prepare_cmocka_32() { # build folder
    say "Preparing CMocka for programs of 32 bits"
    sh "$top/tests/support/cmocka_32.sh" "$1/tests/unix" || [ $? -eq 77 ]
}

# Makes libusb for Windows; where it cannot be had, tests that need it are skipped.
prepare_libusb() { # build folder
    say "Preparing libusb for Windows"
    sh "$top/src/cmake/libusb_windows.sh" "$1/libusb" || [ $? -eq 77 ]
}

# Makes libusb for the Unix libraries; where it cannot be had, tests that need it are skipped.
prepare_unix_libusb() { # build folder
    say "Preparing libusb for the Unix libraries for Wine"
    sh "$top/src/cmake/libusb_unix.sh" "$1/libusb/unix" || [ $? -eq 77 ]
}

processors() {
    getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

configure() { # build folder, options of cmake
    folder=$1
    shift
    say "Configuring $folder"
    cmake -S "$top" -B "$folder" "$@"
}

build() { # build folder, targets to build instead of all
    folder=$1
    shift
    say "Building in $folder"
    if [ $# -gt 0 ]; then
        cmake --build "$folder" -j "$(processors)" --target "$@"
    else
        cmake --build "$folder" -j "$(processors)"
    fi
}
