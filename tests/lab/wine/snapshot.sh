# What scripts share that look whether a Wine prefix ends as it began. Sourced, with $WINEPREFIX set.
# shellcheck shell=sh

# Wine's server writes the registry as it ends, so it is told by SIGINT alone: -k would kill it when it
# does not end in time. There may be none.
stop_wine() {
    wineserver -k2 || true
    wineserver -w
}

# snapshot FILE: all that the prefix holds, but for times
snapshot() {
    stop_wine
    (
        cd "$WINEPREFIX" || exit 1
        find . -type d -printf '%P\n' -o ! -name '*.reg' -printf '%P %y %l %s\n' | sort
        cksum <drive_c/windows/system32/winusb.dll
        for file in system.reg user.reg; do
            sed -e 's/^\(\[.*\]\) [0-9]*$/\1/' -e '/^#time=/d' -e '/^"DriverDateData"/d' "$file"
        done
    ) >"$1"
}
