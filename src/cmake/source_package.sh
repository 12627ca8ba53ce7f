# What scripts share that build something from a Debian source package: a folder to work
# in, apt with lists of its own, the package's source. Sourced, with $what set to what is made, as
# messages call it, and $folder to the folder that takes it.
# shellcheck shell=sh disable=SC2154

# It cannot be made here, which is nobody's mistake.
skip() {
    echo "$what: $*" >&2
    exit 77
}

need_program() { # name, Debian package
    command -v "$1" >/dev/null || skip "there is no $1 (package $2)"
}

need_compiler() { # option of gcc, Debian package
    echo '#include <errno.h>' | gcc "$1" -x c -c -o /dev/null - 2>/dev/null ||
        skip "gcc $1 compiles nothing (package $2)"
}

# Makes the folder $work, gone at exit.
make_work() {
    work=$(mktemp -d "$folder/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    chmod 755 "$work"
}

# Runs a command whose output matters when it fails.
quietly() {
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        return 1
    }
}

# With lists of its own: the machine's need not name sources, and stay as they are.
own_apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

list_sources() {
    # shellcheck disable=SC2016 # fields of apt's
    apt-get indextargets --format 'deb-src $(REPO_URI) $(CODENAME) $(COMPONENT)' \
        'Identifier: Packages' 'Label: Debian' | sort -u >"$work/sources.list"
    [ -s "$work/sources.list" ] || {
        echo "apt has no lists of Debian's packages: apt-get update makes them" >&2
        return 1
    }
}

download_source() { # package
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/package" &&
        list_sources &&
        own_apt update &&
        (cd "$work/package" && own_apt source --download-only "$1")
}

# Puts a package's source as its authors published it into $work/source, its version into
# $work/version. Needs apt and the network.
fetch_source() { # package
    need_program apt-get apt
    quietly download_source "$1" || skip "its source package cannot be fetched"
    sed -n 's/^Version: //p' "$work"/package/*.dsc >"$work/version"
    mkdir "$work/source"
    find "$work/package" -name '*.orig.tar.*' ! -name '*.asc' \
        -exec tar -C "$work/source" --strip-components=1 -xf {} +
}
