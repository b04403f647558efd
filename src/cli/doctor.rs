//! `roundup doctor`.

use super::Global;
use super::open::{self, Access};
use super::refused;
use super::sync::{papers, size};
use super::term::{Exit, Terminal};
use crate::config::countries;
use crate::harvest::Identity;
use crate::index::{Index, IndexError, State};
use crate::model::{Country, Settings, Severity, SourceKind};
use crate::pipeline::{self, Ctx, Home, load_config};
use crate::store::StoreError;

mod keeping;
mod online;

/// Checks this home, one line a check, each with its cause and remedy
///
/// Examples: roundup doctor · roundup doctor --online
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Also ask every source, mailing tool and mail server of feeds.toml once, and say which answered; nothing is stored
    /// or sent
    #[arg(long)]
    online: bool,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
struct Check {
    name: String,
    is_good: bool,
    says: String,
}

impl Check {
    fn good(name: &str, says: impl Into<String>) -> Self {
        Self { name: name.to_owned(), is_good: true, says: says.into() }
    }

    fn bad(name: &str, says: impl Into<String>) -> Self {
        Self { name: name.to_owned(), is_good: false, says: says.into() }
    }
}

/// Runs the command.
///
/// # Errors
/// When a file cannot be read.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    if super::status::is_members(&home) {
        return said(&of_copy(&home, args)?, global, term);
    }
    let (config, problems) = load_config(&home)?;
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let mut checks = vec![if errors == 0 {
        Check::good("settings", "feeds.toml, topics.toml and countries.csv are right")
    } else {
        Check::bad(
            "settings",
            format!("{errors} {}; `roundup check` lists them", if errors == 1 { "mistake" } else { "mistakes" }),
        )
    }];
    let settings = config.as_ref().map(|config| config.settings.keeping.clone()).unwrap_or_default();
    checks.extend(keeping::of_home(&home, &settings, open::clock()?.now()));
    if let Some(config) = config {
        checks.push(country_table(&config.countries, open::clock()?.now()));
        if let Err(error) = pipeline::check_not_lost(&home, &config.settings.keeping) {
            checks.push(Check::bad("database", super::verify::in_one_line(&error)));
            checks.extend(who_asks(&config.settings, &open::identity()));
        } else if home.database().exists() {
            match open::open_with(home.clone(), config.clone(), Access::Read, open::clock()?, open::fetch()?) {
                Ok(ctx) => checks.extend(stored(&ctx).unwrap_or_else(|error| vec![damaged(&error)])),
                Err(error) => checks.push(damaged(&error)),
            }
        } else {
            checks.push(Check::bad("database", "there is none yet; `roundup run` makes it"));
            checks.extend(who_asks(&config.settings, &open::identity()));
        }
        if args.online {
            checks.extend(online::all(&home, &config.settings)?);
        }
    }
    said(&checks, global, term)
}

/// Prints checks.
fn said(checks: &[Check], global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if global.json {
        for check in checks {
            term.json(check)?;
        }
    } else {
        for check in checks {
            term.line(&format!("{} {}: {}", if check.is_good { "✓" } else { "✗" }, check.name, check.says));
        }
    }
    Ok(if checks.iter().all(|c| c.is_good) { Exit::Done } else { Exit::Nothing })
}

/// Returns the checks of a member's copy, which has no settings and no database: all that is wrong there
/// is mended by a sync.
fn of_copy(home: &Home, args: &Args) -> anyhow::Result<Vec<Check>> {
    let mut out = Vec::new();
    let Some(copy) = pipeline::sync::status(home)? else {
        return Ok(vec![Check::bad(
            "copy",
            "not whole, as after a first sync that was cut off; `roundup sync` goes on with it",
        )]);
    };
    let sync = "`roundup sync` puts it right";
    out.push(match copy.packs_missing {
        0 => Check::good("packs", format!("whole: list {}, {}", copy.sequence, papers(copy.papers))),
        1 => Check::bad("packs", format!("1 is missing or damaged; {sync}")),
        n => Check::bad("packs", format!("{n} are missing or damaged; {sync}")),
    });
    out.push(match Index::verify(&home.index()) {
        Err(error) => unusable(&error),
        Ok(()) if !copy.index_because.is_empty() => {
            Check::bad("search index", format!("{}; {sync}", copy.index_because))
        }
        Ok(()) => Check::good("search index", "level"),
    });
    if args.online {
        out.push(Check::good("online", "`roundup sync --dry-run` tells whether the place of the packs answers"));
    }
    Ok(out)
}

/// Returns the check of an index that cannot be searched. What the system refuses is no reason to build.
fn unusable(error: &IndexError) -> Check {
    let help = match error {
        IndexError::NotReady(State::Unread(_)) => "nothing is damaged; see to that and look again",
        _ => "`roundup reindex` builds it anew",
    };
    Check::bad("search index", format!("{error}; {help}"))
}

/// Returns the check of the country table's age: the World Bank's groups change each July.
fn country_table(table: &[Country], now: jiff::Timestamp) -> Check {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC);
    let year =
        countries::fiscal_year(table).map_or_else(|| "no fiscal year".to_owned(), |y| format!("fiscal year {y}"));
    if countries::is_out_of_date(table, today.year(), today.month()) {
        Check::bad("country table", format!("of {year}, which has ended; docs/countries.md says what to change"))
    } else {
        Check::good("country table", format!("World Bank groups of {year}"))
    }
}

/// Returns the check of a database that cannot be read.
fn damaged(error: &anyhow::Error) -> Check {
    let text = format!("{error:#}");
    let cause = match error.downcast_ref() {
        Some(pipeline::Error::Store(cause)) => Some(cause),
        _ => error.downcast_ref::<StoreError>(),
    };
    Check::bad(
        "database",
        match cause {
            _ if let Some(help) = refused::help(error) => format!("{text}; {help}"),
            Some(StoreError::Path(_)) => format!("{text}; nothing was changed"),
            // These say themselves what to do.
            Some(StoreError::Older { .. } | StoreError::Newer { .. } | StoreError::Unclosed { .. }) => text,
            Some(cause) if cause.is_of_the_disk() => {
                format!("{text}; make room on the disk and look again, nothing was changed")
            }
            _ => format!("{text}; `roundup restore` lists the backups, nothing was changed"),
        },
    )
}

/// Checks the database, the index, the sources' last answers and who asks PubMed.
fn stored(ctx: &Ctx) -> anyhow::Result<Vec<Check>> {
    let mut out = Vec::new();
    let problems = ctx.store.integrity_problems()?;
    out.push(match problems.first() {
        None => {
            let room = ctx.store.room()?;
            let (all, payloads) = (size(room.bytes), size(room.payload_bytes));
            Check::good("database", format!("whole; {all}, of which the answers of sources take {payloads}"))
        }
        Some(first) => Check::bad("database", format!("damaged: {first}; `roundup restore` lists the backups")),
    });
    out.extend(keeping::of_store(ctx)?);
    let status = pipeline::status(ctx)?;
    // Level says nothing of the bytes: these are compared with their checksums.
    let is_level = status.index.starts_with("level");
    out.push(match Index::verify(&ctx.home.index()) {
        Ok(()) if is_level => Check::good("search index", status.index),
        Err(error) if is_level => unusable(&error),
        _ => Check::bad("search index", status.index),
    });
    for source in status.sources.iter().filter(|s| s.is_enabled) {
        if let Some(error) = &source.last_error {
            let long = keeping::failing_for(source.failing_since.as_deref(), ctx.clock.now());
            out.push(Check::bad(&source.id, format!("{long}{error}; `roundup harvest {}` tries again", source.id)));
        }
    }
    out.extend(who_asks(&ctx.config.settings, &ctx.identity));
    Ok(out)
}

/// Checks that PubMed is told who asks.
fn who_asks(settings: &Settings, identity: &Identity) -> Option<Check> {
    let asks_pubmed = settings.sources.iter().any(|s| s.is_enabled && matches!(s.kind, SourceKind::Pubmed { .. }));
    (asks_pubmed && identity.email.is_empty())
        .then(|| Check::bad("NCBI_EMAIL", "not set; NCBI asks for a mail address with every request"))
}
