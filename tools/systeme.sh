#!/bin/sh
# System packages of the end-to-end tests: installed when that is possible, else what will be
# skipped is said plainly. Never fails: the tests that need a program skip without it.
set -u

missing=""
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-calc-nogui python3-uno"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
soffice_writer() { ls "$(dirname "$(readlink -f "$(command -v soffice)")")" 2>/dev/null | grep -q "libswlo"; }
soffice_writer || missing="$missing libreoffice-writer-nogui"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installation de :$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing fonts-dejavu-core >/dev/null && exit 0
fi
echo "Programmes absents :$missing"
echo "Les tests qui en ont besoin seront ignorés. Sous Debian : sudo apt-get install$missing"
exit 0
