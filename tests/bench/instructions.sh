#!/bin/sh
# Counts the instructions that a transfer costs in the library itself: by callgrind, as the
# difference of many transfers to few, and of the library to the libusb below it. Judges nothing.
#
#     sh instructions.sh PROGRAM      PROGRAM is what instructions.c becomes
set -eu

program=${1:?usage: instructions.sh PROGRAM}
few=100
many=10100

command -v valgrind >/dev/null || {
    echo "bench: skipped: no valgrind; apt-get install valgrind" >&2
    exit 77
}

# Prints how many instructions the program executes.
count() { # arguments of the program
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# Prints how many of them each further transfer costs.
per_transfer() { # side, pattern
    echo $((($(count "$@" "$many") - $(count "$@" "$few")) / (many - few)))
}

# Not part: only every other read of those reaches libusb, so that there is nothing to subtract.
for pattern in single write control stream isoch; do
    with=$(per_transfer library "$pattern")
    without=$(per_transfer none "$pattern")
    echo "bench/instructions: $pattern: $((with - without)) a transfer ($with, of which the libusb that is none takes $without)"
done
