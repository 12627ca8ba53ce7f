#!/bin/sh
# Counts the system calls of a transfer, by strace, in the lab: this library's against bare
# libusb's. Judges nothing.
#
#     sh calls.sh PROGRAM PRODUCT      PROGRAM is what transfers.c becomes
set -eu

program=${1:?usage: calls.sh PROGRAM PRODUCT}
product=${2:?usage: calls.sh PROGRAM PRODUCT}
transfers=64

command -v strace >/dev/null || {
    echo "bench: skipped: no strace; apt-get install strace" >&2
    exit 77
}

# Prints how often each call is made, as lines of "name count".
count() { # side, task, number of transfers
    strace -f -c -U name,calls "$program" --only "$1" "$2" "$3" "$product" 2>&1 >/dev/null |
        awk 'NF == 2 && $2 > 0 && $1 != "total"'
}

# Prints what each further transfer adds.
per_transfer() { # side, task
    {
        count "$1" "$2" 0 | sed 's/^/less /'
        count "$1" "$2" "$transfers" | sed 's/^/more /'
    } | awk -v n="$transfers" '
        { calls[$2] += $1 == "less" ? -$3 : $3 }
        END { for (name in calls) if (calls[name] >= n / 20) printf " %s %.2f", name, calls[name] / n }'
}

# Tasks of transfers.c by their numbers.
for task in '0 control' '1 read' '5 stream'; do
    for side in '0 winusb' '1 libusb' '2 libusb, thread'; do
        echo "bench/calls: ${task#* }: ${side#* }:$(per_transfer "${side%% *}" "${task%% *}")"
    done
done
