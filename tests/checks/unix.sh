#!/bin/sh
# The Unix libraries of winusb.dll for Wine need nothing but libc, and export nothing but the table of
# functions under Wine's two names. Says which libc that takes.
#
# usage: unix.sh LIBRARY...
export LC_ALL=C
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

complain() {
    echo "$library: $*"
    failed=1
}

# The dynamic linker is a part of libc, too.
check_needs() {
    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$work/dynamic" >"$work/needed"
    grep -qx 'libc\.so\.6' "$work/needed" || complain "does not need libc"
    ! grep -vxE 'libc\.so\.6|ld-linux(-x86-64)?\.so\.2' "$work/needed" || complain "needs these, too"
    nm --dynamic --undefined-only "$1" | awk '$1 == "U" && $2 !~ /@GLIBC_/' >"$work/foreign"
    [ ! -s "$work/foreign" ] || complain "these are nobody's: $(cat "$work/foreign")"
}

check_exports() {
    nm --dynamic --defined-only "$1" | sort -k 3 >"$work/exports"
    [ "$(awk '{ print $3 }' "$work/exports" | tr '\n' ' ')" = \
        '__wine_unix_call_funcs __wine_unix_call_wow64_funcs ' ] ||
        complain "exports something else: $(head -n 5 "$work/exports")"
    [ "$(awk '{ print $1 }' "$work/exports" | uniq | wc -l)" -eq 1 ] || complain "the tables differ"
}

check_flags() {
    grep -q 'FLAGS_1.*NOW.*NODELETE' "$work/dynamic" || complain "may be unloaded, or lacks functions late"
    ! grep -q TEXTREL "$work/dynamic" || complain "is not position independent"
    readelf --segments --wide "$1" | grep -q 'GNU_STACK .* RW  ' || complain "wants an executable stack"
}

for library in "$@"; do
    readelf --dynamic --wide "$library" >"$work/dynamic" || exit 1
    check_needs "$library"
    check_exports "$library"
    check_flags "$library"
    libc=$(readelf --version-info "$library" | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1)
    echo "${library##*/}: $(stat -c %s "$library") bytes, needs $libc"
done
exit $failed
