# What the tests of devices that never answer share: ten of them, with one serial number, beside the
# lab's device, which has it too and answers. Sourced, with $device set to labdevice.
# shellcheck shell=sh disable=SC2034,SC2154

work=$(mktemp -d)
failed=0

fail() {
    echo "FAILED: $*" >&2
    failed=1
}

present() {
    grep -lx 'Lab device' /sys/bus/usb/devices/*/product 2>/dev/null | wc -l
}

await() { # NUMBER of devices
    for _ in $(seq 300); do
        [ "$(present)" -ne "$1" ] || return 0
        sleep 0.2
    done
    echo "there are $(present) devices, not $1" >&2
    exit 1
}

plug_in() { # sets $plugged, and $last, the process of the last one
    plugged=
    for port in $(seq 1 10); do
        "$device" --silent usbip "$port" >>"$work/asked" &
        last=$!
        plugged="$plugged $last"
    done
    await 11
}

paths() { # FILE
    grep -o '\\\\?.*#{a5dcbf10[^ ]*' "$work/$1" | sort
}

asked() {
    grep -c ' asked$' "$work/asked"
}

# How many waited for an answer at the most at a time.
together() {
    awk '/ asked$/ { waits[$1] = 1 }
        / given up$/ { delete waits[$1] }
        length(waits) > most { most = length(waits) }
        END { print most + 0 }' "$work/asked"
}

# The first time. All are asked at once, unless the clock leaps and some have given up before the
# others are asked.
judge_asked() {
    once=$(asked)
    [ "$(grep ' asked$' "$work/asked" | sort -u | wc -l)" -eq 10 ] || fail 'not all were asked'
    [ "$(together)" -ge 5 ] || fail "no more than $(together) were asked at a time"
}

judge_not_asked() {
    [ "$(asked)" -eq "$once" ] || fail 'they were asked again'
}

judge_paths() { # FILE
    [ "$(paths "$1" | uniq | wc -l)" -eq 11 ] || fail 'not eleven paths'
    [ "$(paths "$1" | grep -c '#lab0001#')" -eq 1 ] || fail 'not one path with the serial number'
}

goal() { # FIRST SECOND LIMIT-OF-SECOND [ms]
    if [ "$1" -le 1500 ] && [ "$2" -le "$3" ]; then
        echo "goal, 1500 and $3 ms: met"
    else
        echo "goal, 1500 and $3 ms: missed"
    fi
}
