#!/bin/sh
# Screenshots of the demo's email and page, for the README. Needs chromium.
set -eu
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cargo run --locked -- demo "$home/demo" >/dev/null
shoot() { # FILE OUT WIDTH HEIGHT
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$home/profile" \
        --screenshot="$2" --window-size="$3,$4" "file://$home/demo/out/2026-10/$1" >/dev/null 2>&1
}
mkdir -p docs/pictures
shoot email.html docs/pictures/email.png 700 1250
shoot email.html docs/pictures/email-phone.png 375 1250
shoot index.html docs/pictures/page.png 1200 1250
ls -l docs/pictures
