# What scripts share that make a Debian system in a folder. Sourced after setup.sh.
# shellcheck shell=sh

# Where this machine's apt has Debian from.
debian_mirror() {
    # shellcheck disable=SC2016 # a field of apt's
    apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Label: Debian' | sort -u | head -n 1
}

# And by which proxy, which debootstrap wants as a variable.
debian_proxy() {
    proxy=${http_proxy:-}
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [ "$proxy" = DIRECT ] || echo "$proxy"
}

# Makes a system of the packages that every Debian has, and those that options name. What debootstrap
# mounts in it ends with debootstrap, lest it be removed with the folder. MIRROR: where from instead of
# where this machine has its packages from.
make_debian() { # options of debootstrap..., release, folder
    install_packages debootstrap
    mirror=${MIRROR:-$(debian_mirror)}
    proxy=$(debian_proxy)
    as_root env ${proxy:+http_proxy="$proxy"} \
        unshare --mount debootstrap --variant=minbase "$@" ${mirror:+"$mirror"}
}

# Gives such a system the same packages from the same place as here, by the same ways, and none but
# Debian's.
copy_apt_settings() { # release, folder
    # shellcheck disable=SC2016 # fields of apt's
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' \
        'Origin: Debian' | grep " $1" | sort -u >"$2/etc/apt/sources.list"
    [ -s "$2/etc/apt/sources.list" ] || return 1
    apt-config dump Acquire >"$2/etc/apt/apt.conf.d/00outside"
    cp /etc/resolv.conf /etc/hosts "$2/etc"
    echo force-unsafe-io >"$2/etc/dpkg/dpkg.cfg.d/outside" # faster, and it does not outlive us
}

# --- A namespace of its own --------------------------------------------------------------------------
# What is mounted there is seen by nobody else and ends with it, so what is removed is a plain folder.
leave() {
    [ -z "$inside" ] || kill -KILL "$inside" 2>/dev/null || true
    wait
    rm -rf --one-file-system "$work" || { sleep 2 && rm -rf --one-file-system "$work"; }
}

# Runs the script once more, inside: `SCRIPT --inside FOLDER ARGUMENT...`. The folder, in /var/tmp, is
# removed at the end, as is whatever runs inside. Needs root.
run_inside() { # arguments
    inside=
    work=$(mktemp -d -p /var/tmp winusb.XXXXXX)
    trap leave EXIT
    trap 'exit 130' HUP INT TERM
    unshare --mount --pid --fork --kill-child --mount-proc sh "$0" --inside "$work" "$@" &
    inside=$!
    status=0
    wait "$inside" || status=$?
    inside=
    return "$status"
}
