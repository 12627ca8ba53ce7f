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
        "$device" --silent usbip "$port" >"$work/asked.$port" &
        last=$!
        plugged="$plugged $last"
    done
    await 11
}

paths() { # FILE
    grep -o '\\\\?.*#{a5dcbf10[^ ]*' "$work/$1" | sort
}

asked() {
    cat "$work"/asked.* | wc -l
}

judge_asked() { # the first time
    once=$(asked)
    [ "$(find "$work" -name 'asked.*' -size +0 | wc -l)" -eq 10 ] || fail 'not all were asked'
}

judge_not_asked() {
    [ "$(asked)" -eq "$once" ] || fail 'they were asked again'
}

# One after the other they take a second each, however fast the machine.
judge_time() { # of the first time [ms]
    [ "$1" -lt 10000 ] || fail "the first time took $1 ms"
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
