#!/bin/sh
# Screenshots of the desk on the demo's month, for the docs. Needs chromium, node and `npm ci --prefix tests/checkers --ignore-scripts`.
set -eu
cd "$(dirname "$0")/.."
home=$(mktemp -d)
desk=
trap 'test -z "$desk" || kill "$desk"; rm -rf "$home"' EXIT
cargo build --locked
roundup=${CARGO_TARGET_DIR:-target}/debug/roundup
"$roundup" demo "$home/demo" >/dev/null
# The clock stands still, so that the same pictures come out.
ROUNDUP_NOW=2026-11-01T06:00:00Z "$roundup" --home "$home/demo" --json curate 2026-10 --no-open --port 0 >"$home/told" &
desk=$!
until grep -q entrance "$home/told"; do sleep 0.1; done
mkdir -p docs/pictures
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export CHROMIUM
node scripts/desk-pictures.mjs "$(sed 's/.*"entrance":"\([^"]*\)".*/\1/' "$home/told")" "$home/demo" docs/pictures
sh scripts/shrink-pictures.sh docs/pictures/desk-*.png
