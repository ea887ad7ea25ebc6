#!/usr/bin/env bash
# Builds SoftHSM with GOST keys from Debian's own source archive: Debian's package is built without them.
#
#   build.sh FOLDER    leaves FOLDER/libsofthsm2.so; does nothing when it is there already
#
# What an interrupted build has left is thrown away by the next one. The system's package sources are read, not changed:
# their deb-src twins live in FOLDER only.
# It needs apt, g++, make, pkg-config and libbotan-2-dev (make packages-bench).
set -euo pipefail
[ $# = 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
result=$folder/libsofthsm2.so
[ ! -e "$result" ] || exit 0
for tool in apt-get g++ make pkg-config; do
  command -v "$tool" > /dev/null || {
    echo "SoftHSM with GOST keys is built from Debian's sources, and $tool is missing. On a system without apt build SoftHSM 2.6 with" \
      "--with-crypto-backend=botan --enable-gost, and put its library at $result." >&2
    exit 1
  }
done
say() { printf '%4ss  %s\n' "$SECONDS" "$1"; }
exec 9>"$folder/lock"
flock -n 9 || { say "another build of SoftHSM is under way: waiting for it"; flock 9; } # two test runs at once build it once
[ ! -e "$result" ] || exit 0

work=$folder/work
rm -rf "$work"
step=
failed() {
  [ ! -e "$work/log" ] || tail -20 "$work/log" >&2
  echo "SoftHSM with GOST keys could not be built: $step failed. All that was said is in $work/log; the next try begins anew." >&2
}
trap failed ERR
begin() { step=$1; say "$1"; }
mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/apt/sources.d" "$work/source"
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  if [ -f "$list" ]; then sed -n 's/^deb /deb-src /p' "$list"; fi
done | grep -iE 'debian|ubuntu' > "$work/apt/sources.list" || true
for sources in /etc/apt/sources.list.d/*.sources; do
  if [ -f "$sources" ] && grep -qiE '^URIs:.*(debian|ubuntu)' "$sources"; then
    sed 's/^Types:.*/Types: deb-src/' "$sources" > "$work/apt/sources.d/$(basename "$sources")"
  fi
done
apt=(apt-get -q -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt" -o Dir::Cache::Archives="$work/apt/archives"
  -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts="$work/apt/sources.d"
  -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1)

say "building SoftHSM with GOST keys: once, in two to four minutes"
begin "fetching Debian's source archive"
"${apt[@]}" update > "$work/log" 2>&1
cd "$work/source"
"${apt[@]}" source --tar-only softhsm2 >> "$work/log" 2>&1
tar -C "$work/source" --strip-components=1 -xf "$work"/source/softhsm2_*.orig.tar.*
begin configure
if [ ! -x configure ]; then # the archive may be a plain copy of the repository
  autoreconf -i >> "$work/log" 2>&1
fi
./configure --with-crypto-backend=botan --enable-gost --disable-p11-kit --disable-dependency-tracking --enable-static=no >> "$work/log" 2>&1
begin make
make -j2 -C src/lib >> "$work/log" 2>&1
built=src/lib/.libs/libsofthsm2.so
strip --strip-unneeded -o "$folder/libsofthsm2.so.new" "$built"
mv "$folder/libsofthsm2.so.new" "$result"
rm -rf "$work"
say "done: $result"
