//! `roundup demo`: two months from invented records, over HTTP, without the internet.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::Global;
use super::init;
use super::open::{self, Access};
use super::term::{Exit, Style, Terminal};
use crate::clock::FixedClock;
use crate::fetch::Live;
use crate::fsx;
use crate::model::Month;
use crate::pipeline::{self, Ctx, HarvestReport, Home};
use crate::standin::{self, StandIn};

/// Shows a whole month on invented papers, offline: harvest, draft, email, page
///
/// Example: roundup demo my-demo
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to work in; a new one under the system's temporary folder when not given
    dir: Option<PathBuf>,
}

/// Name of the file that marks a folder as the demo's own.
pub(super) const MARK: &str = "DEMO.txt";
/// What it says.
const MARK_TEXT: &str =
    "This folder was made by `roundup demo`. Every paper, author, journal and figure in it is invented.

The demo's stand-in for PubMed and for the feeds has ended with the demo: `harvest`, `run` and `add`
with a DOI, PMID or address reach nobody here. `curate`, `search`, `status`, `draft`, `check`, `render` and
`add --title` work. `roundup init DIR` makes a folder that asks the real PubMed.
";

/// The two mornings of the demo: 06:00 in Nairobi on the 1st, with the file that someone drops.
const MORNINGS: [(&str, &str, &str); 2] = [
    ("2026-10-01T03:00:00Z", "dropped-in-september.nbib", standin::INBOX_SEPTEMBER_NBIB),
    ("2026-11-01T03:00:00Z", "dropped-in-october.ris", standin::INBOX_OCTOBER_RIS),
];

/// Runs the command.
///
/// # Errors
/// When the folder is not the demo's, or something cannot be written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let dir = folder(args.dir.as_deref())?;
    let reports = open::block_on(async {
        let first = day_of(MORNINGS[0].0)?;
        let server = standin::start(standin::Options { today: first, rate_limit: true }).await?;
        prepare(&dir, &server)?;
        if !global.json {
            term.styled(&[(Style::Bold, "A stand-in for PubMed, ten feeds and a web page answers on this machine.")]);
            term.line("Every paper, author, journal and figure it serves is invented.");
        }
        let mut reports = Vec::new();
        for (now, name, text) in MORNINGS {
            server.set_today(day_of(now)?);
            fsx::write_atomic(&dir.join("inbox").join(name), text.as_bytes())?;
            reports.push(morning(&dir, now, global, term).await?);
        }
        server.stop().await;
        Ok(reports)
    })?;
    if global.json {
        term.json(&reports)?;
    } else {
        farewell(&dir, term)?;
    }
    Ok(Exit::Done)
}

/// Returns the folder to work in: empty, new, or the demo's own from before.
fn folder(dir: Option<&Path>) -> anyhow::Result<PathBuf> {
    let Some(dir) = dir else {
        return Ok(tempfile::Builder::new().prefix("roundup-demo-").tempdir()?.keep());
    };
    let is_ours = dir.join(MARK).exists();
    let is_free = !dir.exists() || (dir.is_dir() && dir.read_dir()?.next().is_none());
    if !is_ours && !is_free {
        bail!("{} holds something else; name a new or empty folder for the demo", dir.display());
    }
    Ok(dir.to_owned())
}

/// Writes the demo's settings into its folder.
fn prepare(dir: &Path, server: &StandIn) -> anyhow::Result<()> {
    fsx::write_atomic(&dir.join(MARK), MARK_TEXT.as_bytes())?;
    fsx::write_atomic(&dir.join("feeds.toml"), server.feeds_toml().as_bytes())?;
    fsx::write_atomic(&dir.join("pubmed-query.txt"), standin::PUBMED_QUERY.as_bytes())?;
    init::write_missing(dir, false)?;
    Ok(())
}

/// Returns the day of a moment in the demo's zone, three hours ahead of UTC.
fn day_of(now: &str) -> anyhow::Result<jiff::civil::Date> {
    let now: jiff::Timestamp = now.parse()?;
    Ok(now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(3))).date())
}

/// What one morning brought.
#[derive(Debug, serde::Serialize)]
struct Morning {
    month: Month,
    harvest: HarvestReport,
    draft: pipeline::DraftReport,
    render: pipeline::RenderReport,
    status: pipeline::Status,
}

/// Lives through one morning of the 1st: harvest, merge, judge, index, draft, render.
async fn morning(dir: &Path, now: &str, global: &Global, term: &mut Terminal) -> anyhow::Result<Morning> {
    let home = Home::new(dir);
    let config = open::config(&home, term)?;
    let clock = Box::new(FixedClock(now.parse()?));
    let ctx = open::open_with(home, config, Access::Write, clock, Box::new(Live::new()?))?;
    let month = ctx.issue_month();
    let harvest = super::harvest::harvest(&ctx, &[]).await?;
    let draft = pipeline::draft(&ctx, month, false)?;
    let render = pipeline::render(&ctx, month)?;
    pipeline::update_index(&ctx, false)?;
    let status = pipeline::status(&ctx)?;
    let morning = Morning { month, harvest, draft, render, status };
    if !global.json {
        tell(&ctx, &morning, term);
    }
    Ok(morning)
}

/// Tells the morning as a short story.
fn tell(ctx: &Ctx, morning: &Morning, term: &mut Terminal) {
    let day = ctx.today().strftime("%-d %B %Y").to_string();
    term.line("");
    term.styled(&[(Style::Bold, &format!("{day}: the roundup of {}", morning.month.long_name()))]);
    super::harvest::print(&morning.harvest, term);
    let merged: usize = morning.harvest.sources.iter().map(|s| s.merged).sum();
    let new: usize = morning.harvest.sources.iter().map(|s| s.new).sum();
    let c = &morning.status.counts;
    term.line("");
    term.line(&format!(
        "  {new} new {}; {merged} of them told of a paper that was already known and were merged",
        if new == 1 { "record" } else { "records" }
    ));
    term.line(&format!(
        "  now {} and news items: {} in scope, {} to be decided, {} out of scope",
        super::sync::papers(super::sync::number(c.works)),
        c.scope_in,
        c.scope_maybe,
        c.scope_out
    ));
    let d = &morning.draft;
    term.line(&format!(
        "  draft: {} chosen, {} behind them, questions for a person: {}",
        super::sync::papers(d.items),
        super::sync::candidates(d.candidates),
        d.decisions
    ));
    term.line(&format!("  rendered {} files", morning.render.files.len()));
}

/// Says where to look.
fn farewell(dir: &Path, term: &mut Terminal) -> anyhow::Result<()> {
    let whole = std::path::absolute(dir)?;
    let link = |path: &str| -> anyhow::Result<String> {
        let url = url::Url::from_file_path(whole.join(path))
            .map_err(|()| anyhow::anyhow!("{} has no file address", whole.display()))?;
        Ok(url.to_string())
    };
    term.line("");
    term.styled(&[(Style::Bold, "Look at it")]);
    for (what, path) in [
        ("the draft, as people edit it", "drafts/2026-10.toml"),
        ("the email", "out/2026-10/email.html"),
        ("its text part", "out/2026-10/email.txt"),
        ("the web page", "out/2026-10/index.html"),
        ("all issues", "out/index.html"),
    ] {
        term.line(&format!("  {what}"));
        term.line(&format!("    {}", link(path)?));
    }
    term.line("");
    term.styled(&[(Style::Bold, "Try")]);
    let home = dir.display();
    for command in [
        format!("roundup --home {home} curate                 # the October issue in your browser"),
        format!("roundup --home {home} search postpartum depression country:kenya"),
        format!("roundup --home {home} status"),
        format!("roundup --home {home} check 2026-10"),
        format!("or edit {home}/drafts/2026-10.toml, then: roundup --home {home} render 2026-10"),
    ] {
        term.line(&format!("  {command}"));
    }
    term.line("");
    term.line("The stand-in has ended with the demo: harvest, run and add DOI reach nobody in this folder.");
    term.line("curate, search, status, draft, check, render and add --title work; `roundup init DIR` begins for real.");
    Ok(())
}
