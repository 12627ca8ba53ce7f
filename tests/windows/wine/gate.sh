#!/bin/sh
# The way from a PE file to its Unix library: that it leads there, and what is said when there is none,
# or another.
#
#     gate.sh GATE.exe BITS FOLDER -- COMMAND...
#
# BITS are the Unix side's, FOLDER has the Unix libraries, COMMAND runs a program by Wine. Exit status
# 77: there are no Unix libraries.
set -eu

gate=$1
bits=$2
folder=$3
shift 4
work=$(mktemp -d "${gate%/*}/gate.XXXXXX")
trap 'rm -rf "$work"' EXIT
library=winusb-$bits.so
failed=0

[ -e "$folder/$library" ] || {
    echo "there is no $folder/$library" >&2
    exit 77
}

# What this machine has no files for in 32 bits is not needed.
make_library() { # C, on stdin
    gcc "-m$bits" -shared -fPIC -nostdlib -x c -o "$work/$library" -
}

run() { # NAME ERROR WORDS COMMAND...
    name=$1
    error=$2
    words=$3
    shift 3
    mkdir "$work/$name"
    cp "$gate" "$work/$name/gate.exe"
    [ ! -e "$work/$library" ] || mv "$work/$library" "$work/$name/"
    WINUSB_LOG=debug "$@" "$work/$name/gate.exe" >"$work/$name/output" 2>&1 || true
    sed "s/^/$name: /" "$work/$name/output"
    grep -q "^gate: error $error" "$work/$name/output" || {
        echo "FAILED: $name: not error $error" >&2
        failed=1
    }
    grep -q "$words" "$work/$name/output" || {
        echo "FAILED: $name: does not say: $words" >&2
        failed=1
    }
}

cp "$folder/$library" "$work/"
run right 0 "a call takes" "$@"
run none 126 "there is no $library in" "$@"

echo "this is no library" >"$work/$library"
run garbage 126 "cannot be used: .*$library: \(file too short\|invalid ELF header\)" "$@"

cp "$folder/winusb-$((96 - bits)).so" "$work/$library"
run size 126 "cannot be used: .*$library: wrong ELF class" "$@"

echo 'int some_other_function(void) { return 0; }' | make_library
run another 126 "$library is another library: it has no table of calls" "$@"

make_library <<'EOF'
static int call(void *arguments)
{
    unsigned long long *with = arguments;
    char *text = (char *)(__UINTPTR_TYPE__)with[1];

    for (const char *from = "9.9"; (*text = *from) != 0; from++)
        text++;
    return 0;
}

int (*const __wine_unix_call_funcs[])(void *) = { call };
EOF
run version 126 "$library is of version 9.9, but [0-9.]* is expected" "$@"

make_library <<'EOF'
static int call(void *arguments)
{
    *(volatile int *)4 = 0;
    return arguments == 0;
}

int (*const __wine_unix_call_funcs[])(void *) = { call };
EOF
run fault 126 "$library does not tell its version: status c0000005" "$@"

exit "$failed"
