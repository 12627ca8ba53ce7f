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
