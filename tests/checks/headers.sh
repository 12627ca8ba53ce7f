#!/bin/sh
# Compiles each header alone, tests/unit/test_abi.c and tests/install/example.c, with every compiler
# that programs use.
#
# usage: headers.sh
# exit:  0 all compile; 1 something does not; 77 all do, but a compiler or its headers are missing

cd "$(dirname "$0")/../.." || exit 1

warnings='-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror'
warnings_cxx='-Wall -Wextra -Wshadow -Wconversion -Werror'
wine=/usr/include/wine/wine/windows
failed=0
missing=0

complain() {
    echo "FAILED  $1"
    failed=$((failed + 1))
}

# compile LABEL HEADER COMPILER...: the header alone
compile() {
    label=$1 header=$2
    shift 2
    printf '#include "%s"\nint nothing_else;\n' "$header" | "$@" -fsyntax-only - && return
    complain "$label: $header"
}

# abi LABEL COMPILER...: sizes, offsets, values
abi() {
    label=$1
    shift
    "$@" -fsyntax-only tests/unit/test_abi.c && return
    complain "$label: tests/unit/test_abi.c"
}

# example LABEL COMPILER...: a program as it is written for Windows, with either kind of text
example() {
    label=$1
    shift
    command -v "$1" >/dev/null || return # which public has said
    if "$@" -fsyntax-only tests/install/example.c &&
        "$@" -DUNICODE -D_UNICODE -fsyntax-only tests/install/example.c; then
        echo "ok      $label, example"
    else
        complain "$label: tests/install/example.c"
    fi
}

# public LABEL FILES... -- COMPILER...: public headers and the ABI test
public() {
    label=$1 files='' before=$failed
    shift
    while [ "$1" != -- ]; do
        files="$files $1"
        shift
    done
    shift
    if ! command -v "$1" >/dev/null; then
        echo "skipped $label: no $1"
        missing=1
        return
    fi
    for file in $files; do
        compile "$label" "$(basename "$file")" "$@"
    done
    abi "$label" "$@"
    [ "$failed" != "$before" ] || echo "ok      $label"
}

# headers_of FOLDER CONDITIONS...: as find takes them
headers_of() {
    folder=$1
    shift
    (cd "$folder" && find . -name '*.h' "$@" | sed 's|^\./||' | sort)
}

# inside LABEL HEADERS -- COMPILER...: what programs do not see
inside() {
    inside=$1 headers=$2 before=$failed
    shift 3
    command -v "$1" >/dev/null || return # which public has said
    for header in $headers; do
        compile "inside, $inside" "$header" "$@"
    done
    [ "$failed" != "$before" ] || echo "ok      inside, $inside"
}

own=$(ls include/*.h)
all="$own $(ls include/native/*.h)"
native='-D_POSIX_C_SOURCE=200809L -Iinclude -Iinclude/native'

# shellcheck disable=SC2086 # the lists are meant to be split
{
    public 'gcc' $all -- gcc -xc -std=c17 $warnings $native
    public 'gcc, UNICODE' $all -- gcc -xc -std=c17 $warnings $native -DUNICODE
    public 'gcc, short wchar_t' $all -- gcc -xc -std=c17 $warnings $native -fshort-wchar -DUNICODE
    public 'g++' $all -- g++ -xc++ -std=c++17 $warnings_cxx $native
    public 'clang' $all -- clang -xc -std=c17 $warnings -Wdocumentation $native
    public 'clang++' $all -- clang++ -xc++ -std=c++17 $warnings_cxx $native

    example 'gcc' gcc -std=c17 $warnings $native
    example 'clang' clang -std=c17 $warnings $native

    for cpu in x86_64 i686; do
        example "MinGW $cpu" $cpu-w64-mingw32-gcc -std=c17 $warnings -Iinclude
        public "MinGW $cpu" $own -- $cpu-w64-mingw32-gcc -xc -std=c17 $warnings -Iinclude
        public "MinGW $cpu, C++" $own -- $cpu-w64-mingw32-g++ -xc++ -std=c++17 $warnings_cxx -Iinclude
    done

    if [ -e $wine/windows.h ]; then
        lean="-DWIN32_LEAN_AND_MEAN -Iinclude -isystem $wine"
        public 'Wine' $own -- gcc -xc -std=c17 $warnings $lean
        example 'Wine' gcc -std=c17 $warnings $lean -fshort-wchar
        public 'Wine, C++' $own -- g++ -xc++ -std=c++17 $warnings_cxx $lean
    else
        echo "skipped Wine: no $wine/windows.h"
        missing=1
    fi

    # Headers with what only Wine has: its registry, and CfgMgr32 whole.
    inside gcc "$(headers_of src ! -path '*/win32/*' ! -path '*/windows/*' \
        ! -name tree.h ! -name cfgmgr_parts.h)" -- \
        gcc -xc -std=c17 $warnings $native -Isrc -Isrc/host/posix
    inside MinGW "$(headers_of src \( -path '*/win32/*' -o -path '*/windows/*' -o -path '*/wine/*' \))" -- \
        x86_64-w64-mingw32-gcc -xc -std=c17 $warnings -Iinclude -Isrc -Isrc/host/win32
}

[ $failed = 0 ] || exit 1
[ $missing = 0 ] || exit 77
