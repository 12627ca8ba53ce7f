#!/bin/sh
# Each folder of src/ includes only what it may, only usb knows libusb, and winusb.def has the
# ordinals 1 to 37 in the order of the names.
#
# usage: layers.sh [ROOT]
# shellcheck disable=SC2044,SC2013 # no file of ours has a blank in its name

root=${1:-$(dirname "$0")/../..}
cd "$root" || exit 1
failed=0

complain() {
    echo "$*"
    failed=1
}

# The files by which the DLL for Wine asks its Unix side.
gate='unix/gate.h unix/calls.h'

# What a folder may include besides its own files: folders, or single files.
# shellcheck disable=SC2086 # lists of words
allowed() {
    case $1 in
        api) echo core host/export.h ;;
        core) echo usb devices track frame/controller.h clock host ;;
        devices) echo usb host $gate ;;
        usb | frame) echo host $gate ;;
        track) echo frame clock host ;;
        windows) echo api core usb devices track clock frame host ;;
        native) echo core devices host ;;
        wine) echo core devices host unix ;;
        unix) echo usb devices frame wine host ;;
        clock) ;;
        host) echo $gate ;;
        cli) echo api core usb devices track clock frame host native wine ;;
        *) return 1 ;;
    esac
}

# may_include FOLDER FILE
may_include() {
    for own in "$1" $(allowed "$1"); do
        case $2 in
            "$own" | "$own"/*) return 0 ;;
        esac
    done
    return 1
}

# includes FILE: what stands in quotes, with its folder
includes() {
    sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$1"
}

for folder in $(find src -mindepth 1 -maxdepth 1 -type d ! -name cmake | sed 's|^src/||'); do
    allowed "$folder" >/dev/null || complain "src/$folder: not in the table of $0"
    for file in $(find "src/$folder" -name '*.[ch]'); do
        for included in $(includes "$file"); do
            case $included in
                host_types.h | boot_code.h) continue ;; # the build chooses or makes it
                */*) ;;
                *) [ -e "include/$included" ] && continue ;; # public
            esac
            may_include "$folder" "$included" || complain "$file: may not include \"$included\""
        done
    done
done

for file in $(grep -rlE '# *include *[<"].*libusb\.h' src | grep -v '^src/usb/'); do
    complain "$file: only src/usb may include libusb.h"
done

[ "$(awk '/^ / { print $2 }' winusb.def | tr '\n' ' ')" = "$(seq -f '@%g' 1 37 | tr '\n' ' ')" ] ||
    complain "winusb.def: ordinals are not @1 to @37"
awk '/^ / { print $1 }' winusb.def | LC_ALL=C sort -cu || complain "winusb.def: not in order"

exit $failed
