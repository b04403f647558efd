# One door: `just` lists everything.

# Lists what can be done
default:
    @just --list

# Exactly what CI runs besides the tests: form, lints, docs, fuzz targets, licences, unused dependencies
check:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --no-deps --document-private-items --locked
    cargo check --manifest-path fuzz/Cargo.toml --target-dir target --locked
    cargo test --test main tidy --locked
    sh scripts/check-dependencies.sh

# All tests
test:
    cargo test --locked

# A month from invented records, offline
demo *ARGS:
    cargo run --release --locked -- demo {{ARGS}}

# Quality figures on the development data beside this folder, where it is
eval:
    sh scripts/eval.sh

# Runs the tests of what you change as you change it
watch *ARGS:
    cargo watch -x 'test --lib {{ARGS}}'

# Looks through changed snapshots one by one
accept:
    cargo insta review

# Screenshots of the email and the page for the README (needs what desk-pictures needs)
pictures:
    sh scripts/pictures.sh

# Screenshots of the desk for the docs (needs chromium, node and `npm ci --prefix tests/checkers --ignore-scripts`)
desk-pictures:
    sh scripts/desk-pictures.sh

# Lighthouse over an invented issue's page and the archive, served on this computer (needs chromium and node)
lighthouse:
    sh scripts/lighthouse.sh

# How quick the desk is with 500 papers, held to its bars: on a quiet machine (needs what desk-pictures needs)
desk-speed:
    ROUNDUP_DESK_BARS=1 cargo test --locked --test main browser::many -- --nocapture

# Curves of how early included papers are found: FILE.csv.gz… [--baseline FILE.csv] (docs/ranking.md)
curves *ARGS:
    cargo run --release --locked --example plot_ranking -- {{ARGS}} --out docs/pictures

# The program, its manual page, completions and a Debian package, in target/package (needs cargo-deb for the last)
package:
    sh scripts/package.sh

# Crashes, kills, faults and hostile input, all that can be tried, with the counts that are quoted: [SUITE…]
prove *ARGS:
    sh scripts/prove.sh {{ARGS}}

# How quick each stage is, beside plain measures and other programs, into docs/PERFORMANCE.md: on a quiet machine
performance *ARGS:
    python3 scripts/performance.py {{ARGS}}

# Every fuzz target for some seconds each (needs a nightly compiler and cargo-fuzz)
fuzz *ARGS:
    sh scripts/fuzz.sh {{ARGS}}
