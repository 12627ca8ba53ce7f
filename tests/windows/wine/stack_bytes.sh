#!/bin/sh
# Each stand-in for x86 takes as many bytes from the stack as the function that it stands in for does in
# MinGW's import libraries.
#
#     stack_bytes.sh NM LIBRARIES... -- OBJECTS...
set -eu

nm=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Too new for those libraries.
cat >"$work/published" <<END
CM_Register_Notification@16
CM_Unregister_Notification@4
END
while [ "$1" != -- ]; do
    "$nm" "$1" 2>/dev/null | sed -n 's/.* T _\([A-Za-z0-9_]*@[0-9]*\)$/\1/p' >>"$work/published"
    shift
done
shift
"$nm" "$@" | sed -n 's/.* T _wu_\(\(CM_\|SetupDi\)[A-Za-z0-9_]*@[0-9]*\)$/\1/p' | sort >"$work/ours"

[ -s "$work/ours" ] || {
    echo "there are no stand-ins in: $*" >&2
    exit 1
}
grep -qx 'CM_Get_Child@12' "$work/published" || {
    echo "MinGW's import libraries do not say what functions take" >&2
    exit 1
}
sort -u "$work/published" | comm -13 - "$work/ours" >"$work/wrong"
[ ! -s "$work/wrong" ] || {
    echo "These take something else from the stack than those of their names:" >&2
    cat "$work/wrong" >&2
    exit 1
}
echo "$(wc -l <"$work/ours") stand-ins take what those of their names take"
