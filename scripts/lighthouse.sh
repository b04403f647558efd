#!/bin/sh
# Lighthouse over pages of invented issues, held to 99, 100, 100 and 100. Needs chromium and node; fetches its packages once.
set -eu
cd "$(dirname "$0")/.."
tool=tests/checkers/lighthouse
test -d $tool/node_modules || npm ci --prefix $tool --ignore-scripts --no-audit --no-fund
CHROME_PATH=${CHROME_PATH:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
export CHROME_PATH
rm -rf target/checked
ROUNDUP_CHECKED=target/checked cargo test --locked --quiet --test main checked::parts >/dev/null
for page in golden/ sixty/ index.html; do
    node $tool/run.mjs target/checked $page
done
