#!/bin/sh
# Makes the release archive of what was built, looks whether all is in it, and builds a program with
# the part for Linux.
#
#     release.sh BUILD_FOLDER
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?usage: release.sh BUILD_FOLDER}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$*"
    exit 1
}

# shellcheck source=tests/install/archive.sh
. "$here/archive.sh"

archive=$(make_archive "$build" "$scratch/log")
cp "$archive" "$scratch/archive"
sleep 1 # for times of files to differ
make_archive "$build" "$scratch/log" >"$scratch/name"
cp "$archive" "$scratch/again"
cmp "$scratch/archive" "$scratch/again"
tar -C "$scratch" -xzf "$scratch/archive"
name=$(basename "$archive" .tar.gz)
cd "$scratch/$name" || fail "the archive does not unpack into $name"

# --- What is in it ---------------------------------------------------------------------------------
for file in winusb.dll winusb.dll.debug winusb.lib libwinusb.dll.a libusb-1.0.dll \
    libusb-1.0.dll.debug; do
    printf './x64/%s\n./x86/%s\n' "$file" "$file"
done >"$scratch/wanted"
(
    cd "$here/../../include"
    find . -maxdepth 1 -name '*.h' | sed 's|^\.|./include|'
    find . -name '*.h' | sed 's|^\.|./linux/include/winusb|'
) >>"$scratch/wanted"
library=$(dirname "$(find . -name libwinusb.so)")
version=${name#winusb-}
cat >>"$scratch/wanted" <<END
./COPYING.libusb
./LICENSE
./README.md
./SHA256SUMS
./libusb.txt
./linux/bin/winusb
$library/cmake/winusb/winusbConfig.cmake
$library/cmake/winusb/winusbConfigVersion.cmake
$library/libwinusb.so
$library/libwinusb.so.${version%%.*}
$library/libwinusb.so.$version
$library/pkgconfig/winusb.pc
END
for folder in ./wine "$library/winusb"; do
    for file in x64/winusb.dll x64/winusb-wine.exe x86/winusb.dll x86/winusb-wine.exe winusb-64.so \
        winusb-32.so; do
        echo "$folder/$file"
    done
done >>"$scratch/wanted"
sort "$scratch/wanted" >"$scratch/sorted"
find . ! -type d ! -name 'winusbConfig-*.cmake' | sort >"$scratch/found"
diff "$scratch/sorted" "$scratch/found" || fail "'<': missing; '>': not expected"

sha256sum --quiet --strict -c SHA256SUMS
find . ! -type d ! -name SHA256SUMS | wc -l >"$scratch/files"
[ "$(wc -l <SHA256SUMS)" -eq "$(cat "$scratch/files")" ] || fail "SHA256SUMS does not have all files"
! grep -rlF -e "$build" -e "$(cd "$here/../.." && pwd)/" . || fail "these know where they were built"
grep -q "$(cat "$build/libusb/VERSION")" libusb.txt || fail "libusb.txt has another version"
[ ! -e wine/winusb-64.so ] || grep -q "libusb $(cat "$build/libusb/unix/VERSION")" libusb.txt ||
    fail "libusb.txt has another version for Unix libraries"
echo "$name: $(cat "$scratch/files") files, the same twice"

# --- Using it --------------------------------------------------------------------------------------
library=$PWD/${library#./}
export LD_LIBRARY_PATH="$library"
flags=$(PKG_CONFIG_PATH=$library/pkgconfig pkg-config --cflags --libs winusb)
for program in consumer example; do
    # shellcheck disable=SC2086 # several words
    cc -o "$scratch/$program" "$here/$program.c" $flags
done
"$scratch/consumer"
"$scratch/example" >"$scratch/said" 2>&1 || grep -q '^Finding and opening the device' "$scratch/said" ||
    fail "the example: $(cat "$scratch/said")"
linux/bin/winusb --version | grep -q "$version" || fail "winusb --version: another version"
echo "consumer, example and tool run"
