#!/bin/sh
# deb.sh -- the Debian package: a copy of the sources, with packaging/debian where Debian's tools want it, built by them, and looked
# at by lintian, which must find no error and no warning. The packages are then in build/deb.
#
# `make test` runs the tests; DEB_TESTS=yes runs the unit tests here, too, as Debian's own builders would.
set -eu
cd "$(dirname "$0")/.."
sh tests/install-deps.sh deb

version=$(sed -n 's/^#define PW_VERSION "\(.*\)"/\1/p' sensor/base/version.h)
packaged=$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)
[ "$version" = "$packaged" ] || { echo "deb: sensor/base/version.h has $version, packaging/debian/changelog $packaged" >&2; exit 1; }

out=build/deb
tree=$out/punchwatch-$version
rm -rf "$out"
mkdir -p "$tree"
if [ -e .git ] && command -v git >/dev/null; then
	git ls-files -z --cached --others --exclude-standard
else
	find . \( -path ./build -o -path ./.git -o -path ./punchwatch \) -prune -o -type f -print0
fi | xargs -0 cp --parents -t "$tree"
cp -r packaging/debian "$tree/debian"

options=parallel=2
[ "${DEB_TESTS:-no}" = yes ] || options="nocheck $options"
(cd "$tree" && DEB_BUILD_OPTIONS=$options dpkg-buildpackage -us -uc >../build.log 2>&1) || { tail -n 40 "$out/build.log"; exit 1; }
rm -rf "$tree"
(cd "$out" && lintian --fail-on error,warning --info ./*.changes)
ls -l "$out"/*.deb
