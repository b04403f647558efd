#!/bin/sh
# Licences, bans and sources of all dependencies, and dependencies that nothing uses.
# cargo-deny and cargo-machete are used where they are installed; `.ci/run` installs them.
set -eu
if command -v cargo-deny >/dev/null 2>&1; then
    cargo deny --offline --locked check bans licenses sources
    if ! cargo deny --offline --locked check advisories >/tmp/advisories.$$ 2>&1; then
        if grep -q 'failed to load advisory database\|unable to\|failed to' /tmp/advisories.$$ && ! grep -q '^error\[' /tmp/advisories.$$; then
            echo "skipped: advisories (the advisory database is not at hand)"
        else
            cat /tmp/advisories.$$
            rm -f /tmp/advisories.$$
            exit 1
        fi
    fi
    rm -f /tmp/advisories.$$
else
    echo "skipped: cargo-deny is not installed (cargo install cargo-deny --locked)"
fi
if command -v cargo-machete >/dev/null 2>&1; then
    cargo machete
else
    echo "skipped: cargo-machete is not installed (cargo install cargo-machete --locked)"
fi
