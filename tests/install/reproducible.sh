#!/bin/sh
# Builds the commit that BUILD_FOLDER was built from once more, elsewhere: the release archive is the
# same file. Takes as long as building everything but the tests. Exit status 77: the tree is not as it
# was committed.
#
#     reproducible.sh BUILD_FOLDER
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:?usage: reproducible.sh BUILD_FOLDER}" && pwd)
scratch=$(mktemp -d -p /var/tmp) # behind /usr, before which trees usually are, where names are sorted
trap 'rm -rf "$scratch"' EXIT
# shellcheck source=tests/install/archive.sh
. "$top/tests/install/archive.sh"

git -C "$top" diff --quiet HEAD || {
    echo "there are changes that are not committed" >&2
    exit 77
}

umask 027
git clone -q "$top" "$scratch/a/tree"
mkdir "$scratch/out"
cp -R "$build/libusb" "$scratch/out/libusb"
cmake -S "$scratch/a/tree" -B "$scratch/out" -DWINUSB_TESTS=OFF >"$scratch/log"
first=$(make_archive "$build" "$scratch/log")
second=$(make_archive "$scratch/out" "$scratch/log")
cmp "$first" "$second" || {
    for archive in "$first" "$second"; do
        tar -xzOf "$archive" "$(basename "$archive" .tar.gz)/SHA256SUMS" >>"$scratch/sums"
    done
    sort "$scratch/sums" | uniq -u
    exit 1
}
sha256sum "$first"
