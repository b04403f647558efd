#!/bin/sh
# Runs the suites that prove what the README says of crashes, faults and hostile input, and prints their counts:
# scripts/prove.sh [SUITE…]. Without a name all are run. Everything is tried that can be, which takes a while:
# ROUNDUP_PROVE=0 tries what the usual tests try.
set -eu
cd "$(dirname "$0")/.."
export ROUNDUP_PROVE="${ROUNDUP_PROVE:-1}"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
failed=0

# A suite: its name, what it is, what of cargo's tests it is, and the names of the tests, as many as there are.
suite() {
    name=$1 title=$2 target=$3
    shift 3
    [ -z "$wanted" ] || case " $wanted " in *" $name "*) ;; *) return 0 ;; esac
    printf '\n== %s: %s\n' "$name" "$title"
    # shellcheck disable=SC2086
    if ! cargo test --locked $target -- --nocapture "$@" >"$said" 2>&1; then
        failed=1
        tail -n 60 "$said"
    fi
    # Tests begin the lines that are quoted with the name of what they count; on one core the name of the test stands
    # before it.
    sed -nE 's/^(test [^ ]+ \.\.\. )?((crash|memory|schedule|soak|storm|vectors): .*)/\2/p' "$said"
    grep -E '^skipped' "$said" || true
    sed -n 's/^test result: [a-zA-Z]*\. \([0-9]*\) passed; \([0-9]*\) failed.*/\1 tests passed, \2 failed/p' "$said"
}

wanted="$*"
suite steps "every write, sync, rename, commit and call: ended there, failed there" "--test main" crash::steps
suite kills "kill -9 at any time" "--test main" crash::kills
suite limits "too few files, a full disk, no right to write" "--test main" crash::limits
suite clocks "a clock that jumps" "--test main" crash::clocks
suite daemon "a daemon in which a step fails, started again later" "--test main" crash::daemon
suite storm "starts around a due minute, two daemons, two writers" "--test main" daemon::storms
suite soak "two years of a daemon, a fifth of all requests failing" "--test main" daemon::soak
suite schedule "drawn schedules against another reader of such lines" "--test main" schedule::
suite memory "large sources with little memory" "--release --test main" daemon::memory
suite faults "faults of the network, cut calls of mailing tools, packs that lie" "--test main" \
    pipeline::faults pipeline::publish pipeline::packs pipeline::cut_short desk::disk
suite vectors "hostile input at the desk, in issues, tables and at the terminal" "--test main" \
    desk::vectors desk::hostile desk::paths desk::addresses bibliography
suite tables "hostile input inside the modules" "--lib" hostile vectors guard:: term:: clean_line fetch::

if [ "$failed" -ne 0 ]; then
    printf '\nnot proven: see above\n'
    exit 1
fi
printf '\nproven\n'
