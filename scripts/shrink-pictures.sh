#!/bin/sh
# Makes screenshots small: scripts/shrink-pictures.sh PICTURE.png…; ends with 1 when one is too large to be kept.
set -eu
bytes_max=256000
for picture; do
    # A palette of 256 colours is enough for a page; without the tool the picture stays as it is.
    if command -v pngquant >/dev/null; then pngquant --force --skip-if-larger --ext .png 256 "$picture" || true; fi
    if command -v optipng >/dev/null; then optipng -quiet "$picture"; fi
    bytes=$(wc -c <"$picture")
    test "$bytes" -le "$bytes_max" || { echo "$picture has $bytes bytes, more than $bytes_max" >&2; exit 1; }
done
ls -l "$@"
