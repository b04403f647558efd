#!/bin/sh
# Builds what is handed out: the program, its manual page and completions in target/package, and a Debian package
# where cargo-deb is installed (cargo install cargo-deb --locked).
#
# The same sources, compiler and folder give the same bytes: paths of this computer are taken out of the program, and
# times in the package are those of the last commit.
set -eu
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
PROFILE=${PROFILE:-dist}
registry=${CARGO_HOME:-$HOME/.cargo}
RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$PWD=/roundup --remap-path-prefix=$registry=/cargo"
export RUSTFLAGS
cargo build --locked --profile "$PROFILE"
case "$PROFILE" in dev) built=target/debug ;; *) built=target/$PROFILE ;; esac
out=target/package
rm -rf "$out"
mkdir -p "$out"
cp "$built/roundup" "$out/roundup"
"$out/roundup" man --out "$out/man" >/dev/null
gzip -9n "$out"/man/*.1
"$out/roundup" completions bash >"$out/roundup.bash"
"$out/roundup" completions zsh >"$out/_roundup"
"$out/roundup" completions fish >"$out/roundup.fish"
if command -v cargo-deb >/dev/null 2>&1; then
    cargo deb --no-build --no-strip --output "$out/"
    # What people install is looked into once more.
    for file in "$out"/*.deb; do dpkg-deb --info "$file" | sed -n '1,20p'; dpkg-deb --contents "$file"; done
else
    echo "skipped: the Debian package (cargo install cargo-deb --locked)"
fi
(cd "$out" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
