#!/bin/sh
# Installs Countersign from this directory on Debian 12 or 13, without a network.
#
#   sh install.sh --check             verifies every file, and installs nothing
#   sh install.sh --expect "DIGEST"   verifies and installs if SHA256SUMS has this SHA-256
#   sh install.sh                     the same, and asks you to compare the digest
#
# All is copied first into a directory that only this process's user can write; the copy is verified,
# and installed from.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C DEBIAN_FRONTEND=noninteractive
unset APT_CONFIG CDPATH
umask 077

refuse() {
  printf '%s\n' "Nothing was installed: $1" >&2
  [ -z "${2:-}" ] || printf '%s\n' "$2" >&2
  exit 1
}

check=
expect=
while [ $# -gt 0 ]; do
  case $1 in
    --check) check=yes ;;
    --expect)
      [ $# -ge 2 ] || refuse "--expect needs the SHA-256 of SHA256SUMS."
      expect=$(printf %s "$2" | tr -d ' \n' | tr A-F a-f)
      shift
      ;;
    *) refuse "$1 is neither --check nor --expect." ;;
  esac
  shift
done

here=$(cd "$(dirname "$0")" && pwd -P)
if [ -z "$check" ]; then
  ID='' VERSION_ID='' PRETTY_NAME='this system'
  # shellcheck disable=SC1091 # Of the system that it runs on.
  [ ! -r /etc/os-release ] || . /etc/os-release
  case $ID-$VERSION_ID in
    debian-12 | debian-13) repository=debian-$VERSION_ID ;;
    *) refuse "this stick has packages for Debian 12 and 13, and $PRETTY_NAME is neither." \
      "Verify it with: sh install.sh --check. Then see README.txt for the .rpm and other systems." ;;
  esac
  [ "$(dpkg --print-architecture)" = amd64 ] ||
    refuse "the packages are for amd64, and this machine is $(dpkg --print-architecture)."
  [ "$(id -u)" -eq 0 ] || refuse "only root can install." "Run: sudo sh $0   (or as root: sh $0)"
fi

private=$(mktemp -d "${TMPDIR:-/var/tmp}/countersign.XXXXXXXX")
trap 'rm -rf "$private"' EXIT
trap 'exit 1' HUP INT TERM
copy=$private/stick
cp -R -P "$here" "$copy" || refuse "the stick could not be copied to $private." \
  "Free $(du -sm "$here" | cut -f1) MB there, or set TMPDIR to another directory."
cd "$copy"

again="Do not use this stick. Get another copy, from somebody you trust."
[ -f SHA256SUMS ] && [ ! -L SHA256SUMS ] || refuse "SHA256SUMS is missing." "$again"
odd=$(find . ! -type f ! -type d | head -n 1)
[ -z "$odd" ] || refuse "$odd is not a regular file." "$again"
# A release statement vouches for SHA256SUMS, and cannot be in it.
find . -type f ! -path ./SHA256SUMS ! -path ./countersign.release.json | sort >"$private/there"
sed -n 's/^[0-9a-f]\{64\}  /.\//p' SHA256SUMS | sort >"$private/listed"
added=$(comm -23 "$private/there" "$private/listed" | head -n 1)
[ -z "$added" ] || refuse "$added was added after the stick was made." "$again"
gone=$(comm -13 "$private/there" "$private/listed" | head -n 1)
[ -z "$gone" ] || refuse "$gone is missing." "$again"
changed=$(sha256sum --check --strict --quiet SHA256SUMS 2>&1) ||
  refuse "$(printf '%s' "$changed" | head -n 1)" "$again"
[ -s "$private/listed" ] || refuse "SHA256SUMS lists nothing." "$again"

digest=$(sha256sum <SHA256SUMS | cut -d ' ' -f 1)
spelled=$(printf %s "$digest" | sed 's/..../& /g')
if [ -n "$expect" ]; then
  [ "$expect" = "$digest" ] || refuse "SHA256SUMS is not the one you expect; its SHA-256 is $spelled" "$again"
fi
echo "Every file is as SHA256SUMS says, and none was added."
echo "SHA-256 of SHA256SUMS: $spelled"
if [ -n "$check" ]; then
  [ -n "$expect" ] || echo "Compare it with what the makers published by another way than this stick."
  exit 0
fi
if [ -z "$expect" ]; then
  [ -t 0 ] || refuse "nobody compared the digest." "Pass it: --expect \"DIGEST\""
  printf 'Is this the digest that the makers published by another way than this stick? [y/N] '
  read -r answer
  [ "$answer" = y ] || refuse "you did not confirm the digest."
fi

# Only the verified copy: no other source, setting or cache of apt has a say in what is fetched.
mkdir -p "$private/lists/partial" "$private/cache/archives/partial"
echo "deb [trusted=yes] file:$copy/$repository ./" >"$private/sources.list"
apt() {
  apt-get -q -y \
    -o Dir::Etc::sourcelist="$private/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$private/lists" -o Dir::Cache="$private/cache" \
    -o APT::Sandbox::User=root -o Acquire::Languages=none \
    -o APT::Install-Recommends=false -o APT::Get::Remove=false "$@"
}
apt update
apt install "$copy/countersign.deb" pcscd || {
  echo "apt could not install Countersign: its reason is above. What was installed can be seen with: dpkg -l countersign" >&2
  exit 1
}
echo "Installed: $(countersign --version). Open Countersign from the menu, or run: countersign-station"
