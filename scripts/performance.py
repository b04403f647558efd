#!/usr/bin/env python3
"""Measures each stage beside a plain measure of the same work, and writes docs/PERFORMANCE.md.

    scripts/performance.py [--out FILE] [--peers PYTHON] [--samples N]

--peers   a Python that has other programs for the same work, each measured where it is there:
          python3 -m venv peers && peers/bin/pip install pubmed_parser feedparser asreview
--samples how often each stage is run; without it, as often as the bench itself chooses

What is measured runs on one core where the system lets us choose one. The table of ranking needs a labelled set in
../shared/data. Python 3.9 or later, nothing beside it.
"""
import argparse
import datetime
import gzip
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUNDS = 5

# What each stage is for people: the bench's path, words, what it is set beside.
STAGES = [
    ("1 parse/pubmed_xml", "reading PubMed XML, 43 records", "1 parse/pubmed_xml_bare_events", "counting the XML library's events"),
    ("1 parse/feed", "reading a feed", None, None),
    ("2 merge/make_ready", "making records ready to be compared", None, None),
    ("2 merge/compare_all_pairs", "comparing every record with every other", "2 merge/compare_all_titles_jaro_winkler", "Jaro-Winkler on the titles alone"),
    ("3 tag/judge_papers", "judging papers: scope, countries, groups, design, finding", "3 tag/count_words", "counting their words"),
    ("4 rank/score_papers", "the written score of judged papers", None, None),
    ("5 index and search/index_2000_papers", "building an index of 2,000 papers", None, None),
    ("5 index and search/search_2000_papers/depression", "a search: depression", None, None),
    ("5 index and search/search_2000_papers/postpartum depression kenya", "a search: postpartum depression kenya", None, None),
    ("5 index and search/search_2000_papers/\"home visits\" OR lullabies -trial", "a search: \"home visits\" OR lullabies -trial", None, None),
    ("6 render/all_files_of_an_issue/30", "all files of an issue of 30 papers", None, None),
    ("6 render/all_files_of_an_issue/60", "all files of an issue of 60 papers", None, None),
]
UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


def run(command, **more):
    return subprocess.run(command, cwd=ROOT, check=True, **more)


def pinned(command):
    return ["taskset", "-c", "0", *command] if shutil.which("taskset") else command


def stages(samples):
    """Runs the bench; returns {path: (median in seconds, median throughput as printed)}."""
    more = [] if samples is None else ["--sample-count", str(samples)]
    # Built first: a compiler that is told one core takes twice as long.
    run(["cargo", "bench", "--locked", "--bench", "stages", "--no-run"])
    text = run(pinned(["cargo", "bench", "--locked", "--bench", "stages", "--", *more]), stdout=subprocess.PIPE, text=True).stdout
    return read(text)


def read(text):
    """Reads the tree that divan prints."""
    found, path = {}, []
    for line in text.splitlines():
        branch = re.match(r"^((?:│  |   )*)[├╰]─ (.*)$", line)
        if branch:
            depth = len(branch.group(1)) // 3
            name = re.split(r" {2,}| │", branch.group(2))[0].strip()
            path = path[:depth] + [name]
            columns = [c.strip() for c in line.split("│")]
            median = next((c for c in columns[-4:-3]), "")
            time_of = re.fullmatch(r"([\d.]+) (ns|µs|ms|s)", median)
            if time_of:
                found["/".join(path)] = [float(time_of.group(1)) * UNITS[time_of.group(2)], ""]
        elif path and "/".join(path) in found:
            columns = [c.strip() for c in line.split("│")]
            if len(columns) >= 4:
                found["/".join(path)][1] = columns[-4]
    return found


def shown(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def ratio(value):
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"


def throughput(text):
    match = re.fullmatch(r"([\d.]+) (|K|M|G)(item|B)/s", text)
    if not match:
        return ""
    number, size = float(match.group(1)), {"": 1, "K": 1e3, "M": 1e6, "G": 1e9}[match.group(2)]
    return f"{match.group(1)} {match.group(2)}B/s" if match.group(3) == "B" else f"{number * size:,.0f} a second"


def paired(ours, theirs):
    """Runs two in turn, ROUNDS times; returns the median seconds of each and the median ratio theirs/ours."""
    a, b = [], []
    for _ in range(ROUNDS):
        a.append(ours())
        b.append(theirs())
    return statistics.median(a), statistics.median(b), statistics.median(y / x for x, y in zip(a, b))


def timed(command, **more):
    begin = time.perf_counter()
    run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    return time.perf_counter() - begin


# Timed inside the other process, so that its start and its imports do not count against it.
INSIDE = "import sys,time\n{imports}\nb=time.perf_counter()\n{work}\nprint(time.perf_counter()-b)"


def timed_inside(python, imports, work):
    done = run(pinned([python, "-c", INSIDE.format(imports=imports, work=work)]), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(done.stdout.split()[-1])


def has(python, module):
    return subprocess.run([python, "-c", f"import {module}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def version(python, name):
    done = run([python, "-c", f"import importlib.metadata as m;print(m.version('{name}'))"], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def many_times(text, begin, end, times):
    """Returns a text in which all that lies between two marks stands many times."""
    head, rest = text.split(begin, 1)
    body, foot = rest.rsplit(end, 1)
    return head + (begin + body + end) * times + foot


def peers(python, folder):
    """Measures others that do the same work; returns rows of a table, and what was skipped."""
    rows, skipped = [], []
    roundup = os.path.join(ROOT, "target", "release", "roundup")
    run(["cargo", "build", "--release", "--locked"])
    data = os.path.join(ROOT, "src", "standin", "data")
    if has(python, "pubmed_parser"):
        with open(os.path.join(data, "pubmed-2026-10.xml"), encoding="utf-8") as file:
            text = many_times(file.read(), "<PubmedArticle>", "</PubmedArticle>", 100)
        plain, packed = os.path.join(folder, "many.xml"), os.path.join(folder, "many.xml.gz")
        with open(plain, "w", encoding="utf-8") as file:
            file.write(text)
        with gzip.open(packed, "wt", compresslevel=1, encoding="utf-8") as file:
            file.write(text)
        work = f"n=sum(1 for _ in p.parse_medline_xml({packed!r}, year_info_only=False))"
        result = paired(
            lambda: timed(pinned([roundup, "parse", "--json", plain])),
            lambda: timed_inside(python, "import pubmed_parser as p", work),
        )
        rows.append((f"reading PubMed XML, {len(text) / 1e6:.0f} MB", f"pubmed_parser {version(python, 'pubmed_parser')}", result))
    else:
        skipped.append("pubmed_parser")
    if has(python, "feedparser"):
        with open(os.path.join(data, "sample-midwifery.xml"), encoding="utf-8") as file:
            text = many_times(file.read(), "<item ", "</item>", 100)
        feed = os.path.join(folder, "feed.xml")
        with open(feed, "w", encoding="utf-8") as file:
            file.write(text)
        result = paired(
            lambda: timed(pinned([roundup, "parse", "--feed", "--json", feed])),
            lambda: timed_inside(python, "import feedparser", f"feedparser.parse({feed!r})"),
        )
        rows.append((f"reading a feed, {len(text) / 1e6:.1f} MB", f"feedparser {version(python, 'feedparser')}", result))
    else:
        skipped.append("feedparser")
    labelled = os.path.join(ROOT, "..", "shared", "data", "screening", "nagtegaal_2019.csv.gz")
    if has(python, "asreview") and os.path.exists(labelled):
        table = os.path.join(folder, "set.csv")
        with gzip.open(labelled, "rb") as packed, open(table, "wb") as file:
            shutil.copyfileobj(packed, file)
        asreview = os.path.join(os.path.dirname(python), "asreview")
        turn = [0]

        def theirs():
            turn[0] += 1
            out = os.path.join(folder, f"{turn[0]}.asreview")
            return timed(pinned([asreview, "simulate", table, "-o", out, "--seed", "1", "--prior-seed", "1", "--n-prior-included", "1", "--n-prior-excluded", "1"]))

        result = paired(lambda: timed(pinned([roundup, "rank", table, "--simulate", "--seeds", "1"])), theirs)
        rows.append(("one simulated screening of 2,008 papers", f"ASReview {version(python, 'asreview')}, its default", result))
    else:
        skipped.append("asreview" if not has(python, "asreview") else "asreview (no ../shared/data)")
    return rows, skipped


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "an unknown processor"


HEAD = """# How quick it is

Made by `just performance`; change nothing by hand.
All figures are medians of one run on one core of {processor}, {rustc}, {day}.
Machines differ, and so does one machine from hour to hour: what counts is the ratio to the plain measure of the same run.
The papers are the invented ones of the demo, with whole abstracts.

## Each stage

| stage | time | throughput | beside it | how many times that |
|---|---:|---:|---|---:|
"""

PEERS = """
## Beside others

The same work, in turn, {rounds} rounds; the ratio is the median of the rounds. Our time is the whole process with its start and its output; of theirs in Python, imports are not counted, of ASReview the whole process is.

| work | ours | other | its time | times as long as ours |
|---|---:|---|---:|---:|
"""

FOOT = """
## What else is measured

| what | by |
|---|---|
| reading PubMed XML and feeds in full | `cargo bench --bench intake` |
| merging at 10,000 to 100,000 records | `cargo bench --bench merge`, `--bench identity` |
| judging, single rules | `cargo bench --bench judging` |
| learning the order | `cargo bench --bench ranking` |
| searches at 100,000 papers and more, warm and cold | `cargo bench --bench searching` |
| each file of an issue, the archive with its search | `cargo bench --bench rendering` |
| the desk with 500 papers, held to its bars | `just desk-speed` |
| bytes of emails and pages, held to their bars | `cargo test --test main -- emails_are_small pages_are_small --nocapture` |
"""


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", default=os.path.join(ROOT, "docs", "PERFORMANCE.md"))
    args.add_argument("--peers", metavar="PYTHON", default=sys.executable)
    args.add_argument("--samples", type=int)
    args = args.parse_args()
    found = stages(args.samples)
    missing = [path for path, _, beside, _ in STAGES for path in (path, beside) if path and path not in found]
    if missing:
        sys.exit(f"the bench did not print {', '.join(missing)}; it printed {', '.join(found)}")
    rustc = run(["rustc", "--version"], stdout=subprocess.PIPE, text=True).stdout.split(" (")[0]
    lines = [HEAD.format(processor=processor(), rustc=rustc, day=datetime.date.today().isoformat())]
    for path, words, beside, beside_words in STAGES:
        seconds, rate = found[path]
        other = (beside_words, f"{ratio(seconds / found[beside][0])}") if beside else ("", "")
        lines.append(f"| {words} | {shown(seconds)} | {throughput(rate)} | {other[0]} | {other[1]} |\n")
    with tempfile.TemporaryDirectory() as folder:
        rows, skipped = peers(os.path.abspath(args.peers) if os.sep in args.peers else args.peers, folder)
    if rows:
        lines.append(PEERS.format(rounds=ROUNDS))
        lines += [f"| {work} | {shown(a)} | {other} | {shown(b)} | {ratio(r)} |\n" for work, other, (a, b, r) in rows]
    if skipped:
        print(f"skipped: {', '.join(skipped)} is not at hand (--peers)", file=sys.stderr)
    lines.append(FOOT)
    with open(args.out, "w", encoding="utf-8") as file:
        file.writelines(lines)
    print(f"wrote {os.path.relpath(args.out, ROOT)}")


if __name__ == "__main__":
    main()
