#!/bin/sh
# The LibreOffice of Debian's backports (25.2 for Debian 12), beside the installed one and without
# touching it: a small Debian of its own in a folder. Prints the path of a `soffice` that runs it,
# to give as XL_CPOM_SOFFICE. Root is needed; about 900 MB and five minutes the first time.
set -eu

dossier="${1:-${XDG_CACHE_HOME:-$HOME/.cache}/xl_cpom/libreoffice-recent}"
programmes="$dossier/bin"

if [ ! -x "$programmes/soffice" ]; then
    [ "$(id -u)" = 0 ] || { echo "à lancer en administrateur" >&2; exit 1; }
    export DEBIAN_FRONTEND=noninteractive
    command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >&2
    distribution="$(. /etc/os-release && echo "$VERSION_CODENAME")"
    systeme="$dossier/systeme"
    rm -rf "$dossier"
    mkdir -p "$systeme" "$programmes"
    debootstrap --variant=minbase --include=ca-certificates "$distribution" "$systeme" >&2
    sources="$systeme/etc/apt/sources.list"
    sed "s/ $distribution / $distribution-backports /" "$sources" >"$dossier/plus"
    cat "$dossier/plus" >>"$sources"
    cp /etc/resolv.conf "$systeme/etc/resolv.conf"
    chroot "$systeme" apt-get update -qq >&2
    chroot "$systeme" apt-get install -y -qq -t "$distribution-backports" \
        --no-install-recommends libreoffice-calc-nogui python3-uno fonts-dejavu-core >&2

    # Runs a program of that Debian on the files of this machine: /tmp and the current folder are
    # at their own places there, for the time of the run.
    for programme in soffice unopkg; do
        cat >"$programmes/$programme" <<FIN
#!/bin/sh
exec unshare --mount sh -c '
    systeme=\$1; programme=\$2; shift 2
    for ici in /proc /dev /tmp "\$PWD"; do
        mkdir -p "\$systeme\$ici"
        mount --bind "\$ici" "\$systeme\$ici"
    done
    exec chroot "\$systeme" "\$programme" "\$@"
' sh "$systeme" $programme "\$@"
FIN
        chmod +x "$programmes/$programme"
    done
fi
"$programmes/soffice" --version >&2
echo "$programmes/soffice"
