# What checks of winusb.dll share: a folder to work in, the DLL's export table, the published one.
# shellcheck shell=sh disable=SC2154

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Ordinal, address from the image's base, and name of each export of a DLL; '-' where there is none.
exports() { # objdump, DLL
    "$1" -p "$2" >"$work/headers" || exit 1
    awk '/^Export Address Table/ { base = $NF }
        /Export RVA|Forwarder RVA/ { sub(/.*\+base\[ */, ""); sub(/\]/, ""); rva[$1 - base] = $2 }
        /Ordinal.*Name.*Table$/ { names = 1 }
        names && /^\t\[/ { sub(/\[ */, ""); sub(/\]/, ""); name[$1] = $2 }
        /^PE File Base/ { names = 0 }
        END { for (i in rva) print i + base, rva[i], i in name ? name[i] : "-" }' \
        "$work/headers" | sort -n
}

# Ordinal, name and [bytes] of arguments of each function of Microsoft's DLL.
published() {
    sed -n 's/^PUBLISHED(\(.*\), \(.*\), \(.*\))$/\1 \2 \3/p' "$(dirname "$0")/published.inc"
}

# Fails with the lines that only one of the files has.
compare() { # what should be, what is, what the lines mean
    if ! [ -s "$1" ] || ! diff "$1" "$2"; then
        echo "'<': wanted; '>': found ($3)"
        exit 1
    fi
}
