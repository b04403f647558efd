#!/bin/sh
# Quality figures on the development data beside this folder. Prints "skipped" where there is none.
set -eu
cd "$(dirname "$0")/.."
data=../shared/data
bench=../shared/bench
[ -d "$data" ] || { echo "skipped: no ../shared/data"; exit 0; }
cargo build --release --locked
roundup=target/release/roundup
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

title() { printf '\n== %s\n' "$*"; }

title "PubMed XML: records and fields"
$roundup parse --json "$data"/pubmed/efetch-*.xml >"$out/r.jsonl" || true
python3 $bench/score_pubmed.py "$data"/pubmed/efetch-*.xml --pred "$out/r.jsonl" || true

title "Feeds"
$roundup parse --feed --json "$data"/feeds/*.xml "$data"/feeds/*.r[ds]* "$data"/feeds/*.atom "$data"/feeds/jsonfeed* >"$out/f.jsonl" 2>/dev/null || true
python3 $bench/score_feeds.py "$data/feeds/expected.json" --pred "$out/f.jsonl" || true

for set in digital_work respiratory stroke tafenoquine hard_cases; do
    title "Merging: $set"
    gzip -dc "$data/dedup/$set/records.jsonl.gz" >"$out/records.jsonl"
    $roundup dedupe "$out/records.jsonl" --clusters "$out/p.csv" >/dev/null 2>&1 || true
    python3 $bench/score_dedup.py --records "$data/dedup/$set/records.jsonl.gz" --truth "$data/dedup/$set/clusters.csv" --pred "$out/p.csv" --drop-empty-title || true
done

title "Judging"
$roundup tag "$data/gold/dev.jsonl" --json >"$out/t.jsonl" || true
python3 $bench/score_tags.py "$data/gold/dev.jsonl" --pred "$out/t.jsonl" || true

title "Countries"
python3 $bench/score_tags.py --country-cases "$data/country_cases.jsonl" --prep "$out/c.jsonl"
$roundup tag "$out/c.jsonl" --json >"$out/t.jsonl" || true
python3 $bench/score_tags.py --country-cases "$data/country_cases.jsonl" --pred "$out/t.jsonl" || true

for kind in unlabelled labelled; do
    title "Finding: $kind abstracts"
    python3 $bench/score_finding.py "$data/conclusions/pubmedqa_l.jsonl.gz" --prep $kind --out "$out/u.jsonl"
    $roundup tag "$out/u.jsonl" --json >"$out/t.jsonl" || true
    python3 $bench/score_finding.py "$data/conclusions/pubmedqa_l.jsonl.gz" --pred "$out/t.jsonl" || true
done

for set in scifact cranfield pmh; do
    title "Search: $set"
    $roundup init "$out/$set" >/dev/null
    $roundup --home "$out/$set" import "$data/search/$set/docs.jsonl.gz" >/dev/null 2>&1 || true
    $roundup --home "$out/$set" search --queries "$data/search/$set/queries.jsonl" --limit 1000 --json >"$out/run.jsonl" || true
    python3 $bench/score_search.py --qrels "$data/search/$set/qrels.tsv" --run "$out/run.jsonl" || true
done
