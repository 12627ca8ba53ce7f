#!/bin/sh
# Does what the README says on a Debian 12 that has nothing else, in the README's order: what it says
# to try first, then all other commands. Takes the commit that is checked out, and nothing that has
# been built from it. Of the tests those below are run, each product's; none of them may be skipped.
#
#     sh tests/checks/fresh_root.sh [--packages FOLDER]
#
# FOLDER keeps what is downloaded, for the next time. Needs root; ten minutes, and three gigabytes in
# /var/tmp that are removed at the end.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/support/setup.sh
. "$top/tests/support/setup.sh"
# shellcheck source=tests/support/debian_root.sh
. "$top/tests/support/debian_root.sh"
release=bookworm

# What each product and each package is needed for.
tests='unit/test_estimator api/test_handles fuzz/descriptor check/exports check/configure
    check/headers bench/instructions install/consumer install/release
    check/unix install/unix unix/call_32 unix/test_usb_notes
    lab/prepare lab/example_xhci lab/timesync_honest_xhci
    lab/wine_prefix lab/wine_api_test_parse lab/wine_load x64/check/exports_wine x64/unix/gate
    x64/unit/test_handle x64/api/test_handles x64/check/file x64/dll/identity x64/route/all
    x64/link/linked x64/link/linked_microsoft
    x86/check/stack_bytes x86/check/imports_microsoft'
# The only ones that may say that they cannot be run: there is no 32-bit Wine.
excused=x86/programs

fail() {
    echo "fresh root: $*" >&2
    exit 1
}

# --- The system, and the README's commands in it --------------------------------------------------------
make_system() { # folder for packages, if any
    say "Fetching $release"
    make_debian ${1:+--cache-dir="$1"} $release "$root" >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        fail "debootstrap failed"
    }
    copy_apt_settings $release "$root" || fail "apt here has no lists of $release"
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    [ -z "${1:-}" ] || mount --bind "$1" "$root/var/cache/apt/archives"
    git clone -q "$top" "$root/root/winusb"
}

in_system() { # command of a shell
    say "In the fresh system: $*"
    chroot "$root" env -i -C /root/winusb HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc "$*"
    say "$(($(date +%s) - started)) s since the start"
}

# The commands of the README's first section.
first_commands() {
    sed -n '/^## Try it/,/^Both install/s/^    \(sh .*\)$/\1/p' "$top/README.md"
}

check_tests() {
    log=$root/root/winusb/build/ctest.log
    for test in $tests; do
        grep -qE " $test \.+ +Passed " "$log" || fail "$test was not run, or was skipped"
    done
    [ "$(grep -cE '^ *[0-9]+/[0-9]+ Test ' "$log")" -eq "$(echo "$tests" | wc -w)" ] ||
        fail "tests were run that nobody asked for"
    in_system "ctest --test-dir build -N -L '^missing\$'" >"$work/missing"
    found=$(sed -n 's/^ *Test *#[0-9]*: //p' "$work/missing")
    [ "$found" = "$excused" ] || fail "these tests cannot be run: $found"
}

run_readme() {
    [ "$(first_commands | tr '\n' ' ')" = 'sh tests/demo.sh sh tests/run.sh ' ] ||
        fail "the README begins with other commands: $(first_commands)"
    in_system "$(first_commands | sed -n 1p)" </dev/null
    # shellcheck disable=SC2086 # a list of words
    in_system "$(first_commands | sed -n 2p) -R '^($(echo $tests | tr ' ' '|'))\$'" </dev/null
    check_tests
    in_system sh tests/checks/readme.sh </dev/null
}

if [ "${1:-}" = --inside ]; then
    work=$2
    root=$work/root
    started=$(date +%s)
    make_system "${3:-}"
    run_readme
    say "The README's commands and $(echo "$tests" | wc -w) tests passed on a Debian that had nothing"
    exit
fi
[ "$(id -u)" -eq 0 ] || fail "this needs root"
[ -n "$(debian_mirror)" ] || update_lists
case ${1:-} in
--packages)
    mkdir -p "$2"
    run_inside "$(cd "$2" && pwd)"
    ;;
*) run_inside ;;
esac
