#!/bin/sh
# Counts the system calls of a transfer, by strace, in the lab: this library's against bare
# libusb's. Fails unless a synchronous transfer makes the same calls here and there, to a tenth of
# one; those of a stream are printed only.
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

# The device is asked for its descriptors by each program alike, as none finds notes of another's.
export XDG_RUNTIME_DIR=/nonexistent

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "bench/calls: $*" >&2
    exit 1
}

# Prints how often each call is made, as lines of "name count". Not in a pipe, which would hide
# that the program failed.
count() { # side, task, number of transfers
    strace -f -c -U name,calls -o "$folder/summary" \
        "$program" --only "$1" "$2" "$3" "$product" >/dev/null ||
        fail "task $2 of side $1 failed with $3 transfers"
    awk 'NF == 2 && $2 > 0 && $1 != "total"' "$folder/summary"
}

# Prints what each further transfer adds, as lines of "name number".
per_transfer() { # side, task
    count "$1" "$2" 0 >"$folder/none"
    count "$1" "$2" "$transfers" >"$folder/many"
    awk -v n="$transfers" '
        { calls[$1] += FILENAME ~ /none$/ ? -$2 : $2 }
        END { for (name in calls) printf "%s %.2f\n", name, calls[name] / n }
        ' "$folder/none" "$folder/many"
}

# Prints in which calls this library differs from bare libusb.
differences() { # task
    awk '
        { calls[$1]; if (NR == FNR) ours[$1] = $2; else theirs[$1] = $2 }
        END {
            for (name in calls) {
                more = ours[name] - theirs[name]
                if (more > 0.1 || more < -0.1)
                    printf " %s %.2f instead of %.2f", name, ours[name], theirs[name]
            }
        }' "$folder/$1.0" "$folder/$1.1"
}

# Tasks of transfers.c by their numbers.
for task in '0 control' '1 read' '5 stream'; do
    for side in '0 winusb' '1 libusb' '2 libusb, thread'; do
        figures=$folder/${task%% *}.${side%% *}
        per_transfer "${side%% *}" "${task%% *}" >"$figures"
        calls=$(awk '$2 >= 0.05 { printf " %s %s", $1, $2 }' "$figures")
        [ -n "$calls" ] || fail "${task#* }: ${side#* }: no calls were counted"
        echo "bench/calls: ${task#* }: ${side#* }:$calls"
    done
done

for task in '0 control' '1 read'; do
    differ=$(differences "${task%% *}")
    [ -z "$differ" ] || fail "${task#* }: calls differ from bare libusb's:$differ"
done
