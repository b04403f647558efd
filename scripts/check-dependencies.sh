#!/bin/sh
# Licences, bans and sources of all dependencies, and dependencies that nothing uses.
# cargo-deny and cargo-machete are used where they are installed; `.ci/run` installs them.
set -eu
if command -v cargo-deny >/dev/null 2>&1; then
    cargo fetch --locked --quiet
    cargo deny --log-level error --locked check bans licenses sources
    said=$(mktemp)
    if ! cargo deny --log-level error --locked check advisories >"$said" 2>&1; then
        if grep -q 'error\[\(vulnerability\|unsound\|unmaintained\|yanked\)\]' "$said"; then
            cat "$said"
            rm -f "$said"
            exit 1
        fi
        echo "skipped: advisories (the advisory database is not at hand)"
    fi
    rm -f "$said"
else
    echo "skipped: cargo-deny is not installed (cargo install cargo-deny --locked)"
fi
if command -v cargo-machete >/dev/null 2>&1; then
    cargo machete
else
    echo "skipped: cargo-machete is not installed (cargo install cargo-machete --locked)"
fi
