//! What is left after a crash, a kill, a full disk: the world as it was before or as it is after, and once more of the
//! same makes it that of a run that nothing disturbed.
//!
//! Every flow is run in a small home, through the binary. `ROUNDUP_PROVE=1` tries more; `PROPTEST_RNG_SEED` says what is
//! drawn.

#![cfg(unix)]

mod backups;
mod clean;
mod clocks;
mod daemon;
mod desk;
mod flows;
mod home;
mod kills;
mod limits;
mod outside;
mod steps;
mod world;

/// Tells whether all is to be tried that can be, however long it takes.
fn proves() -> bool {
    std::env::var_os("ROUNDUP_PROVE").is_some_and(|v| v == "1")
}

/// Returns what draws begin with: the same on every run unless somebody wants others.
fn seed() -> u64 {
    std::env::var("PROPTEST_RNG_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_101)
}

/// Tells all that went wrong, if anything did.
fn report(what: &str, tried: usize, wrong: &[String]) {
    /// How many are shown.
    const SHOWN: usize = 12;
    println!("crash: {what}: {tried} tried, {} wrong", wrong.len());
    let shown: Vec<&str> = wrong.iter().take(SHOWN).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{what}: {} of {tried} are wrong:\n{}", wrong.len(), shown.join("\n\n"));
}
