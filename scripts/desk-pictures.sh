#!/bin/sh
# Screenshots of the desk on the demo's month, for the docs. Needs chromium, node and `npm ci --prefix tests/checkers --ignore-scripts`.
set -eu
cd "$(dirname "$0")/.."
bytes_max=256000
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
for picture in docs/pictures/desk-*.png; do
    # A palette of 256 colours is enough for a page; without the tool the picture stays as it is.
    if command -v pngquant >/dev/null; then pngquant --force --skip-if-larger --ext .png 256 "$picture" || true; fi
    if command -v optipng >/dev/null; then optipng -quiet "$picture"; fi
    bytes=$(wc -c <"$picture")
    test "$bytes" -le "$bytes_max" || { echo "$picture has $bytes bytes, more than $bytes_max" >&2; exit 1; }
done
ls -l docs/pictures/desk-*.png
