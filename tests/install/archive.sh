# What scripts share that take the release archive. Sourced.
# shellcheck shell=sh

# Makes the archive of what was built, and gives its name.
make_archive() { # build folder, file for what is said
    cmake --build "$1" --target release >"$2" 2>&1 || {
        tail -n 50 "$2" >&2
        exit 1
    }
    sed -n 's/^-- \(.*\.tar\.gz\)$/\1/p' "$2"
}
