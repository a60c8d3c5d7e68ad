#!/bin/sh
# man5.sh -- punchwatch.yaml(5), from the comments of config/punchwatch.yaml: there each key, its default and its meaning are said
# once, and a test holds them to what the program knows.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^#define PW_VERSION "\(.*\)"/\1/p' sensor/base/version.h)
awk -v version="$version" -f docs/man/yaml.awk config/punchwatch.yaml
