#!/bin/sh
# Screenshots of the demo's email and page, for the README. Needs chromium, node and `npm ci --prefix tests/checkers --ignore-scripts`.
set -eu
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cargo run --locked -- demo "$home/demo" >/dev/null
mkdir -p docs/pictures
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export CHROMIUM
node scripts/pictures.mjs "file://$home/demo/out/2026-10/" "$home/demo" docs/pictures
sh scripts/shrink-pictures.sh docs/pictures/email*.png docs/pictures/page*.png
