#!/bin/sh
# Runs every fuzz target for some seconds each: scripts/fuzz.sh [SECONDS] [TARGET…]
# Needs a nightly compiler and cargo-fuzz (cargo install cargo-fuzz --locked). What is found lies in
# fuzz/artifacts/TARGET; `cargo +nightly fuzz tmin` makes it small.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-600}
[ $# -gt 0 ] && shift
targets=${*:-feed pubmed_xml reference_file page_html draft_file query}

# Seeds are our own fixtures and cases: whole files, and each query of the table as a file of its own.
seed() {
    corpus="fuzz/corpus/$1"
    mkdir -p "$corpus"
    case $1 in
        feed) cp fuzz/seeds/feed/* "$corpus/" ;;
        pubmed_xml) cp tests/fixtures/intake/*.xml "$corpus/" ;;
        reference_file) cp tests/fixtures/intake/* "$corpus/" ;;
        page_html) cp fuzz/seeds/page_html/* "$corpus/" ;;
        draft_file) find tests/golden -name '*.toml.snap' -exec cp {} "$corpus/" \; ;;
        query)
            grep '^query = ' tests/cases/queries.toml | sed 's/^query = .//; s/.$//' |
                awk -v folder="$corpus" '{ file = folder "/case-" NR; print > file; close(file) }'
            ;;
    esac
    # A snapshot begins with a head of its own between two lines of dashes.
    for file in "$corpus"/*.snap; do
        [ -e "$file" ] || continue
        awk 'seen > 1 { print } /^---$/ { seen++ }' "$file" >"${file%.snap}"
        rm "$file"
    done
}

export CARGO_PROFILE_DEV_OPT_LEVEL=1
for target in $targets; do
    seed "$target"
    echo "== $target, $seconds seconds"
    nice cargo +nightly fuzz run --dev --features run "$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=32768 -print_final_stats=1
done
