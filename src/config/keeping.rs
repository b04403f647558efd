//! `[backup]` and `[keep]` of `feeds.toml`: where copies of the home go, and how long what was fetched is kept.

use crate::model::{Keeping, Problem};
use crate::toml_doc::Reader;

/// Most copies that may be asked for: some years of days.
const BACKUPS_MAX: i64 = 1_000;
/// Longest time in months that may be asked for, beside for ever.
const MONTHS_MAX: u32 = 1_200;

/// Reads both tables; what is not said is as usual.
pub(super) fn read(top: &Reader<'_>) -> Keeping {
    let mut keeping = Keeping::default();
    if let Some(table) = top.table("backup") {
        if let Some(count) = table.whole("keep", 1..=BACKUPS_MAX).and_then(|n| usize::try_from(n).ok()) {
            keeping.backups = count;
        }
        if let Some(folder) = table.text("folder") {
            if folder.starts_with('~') {
                let message = format!("\"{folder}\" begins with ~, which only a shell understands");
                let problem = Problem::error(table.place_of("folder"), message);
                table.report(problem.with_help("write the whole path, such as /mnt/backups/roundup"));
            }
            keeping.backup_folder = folder;
        }
        table.refuse_unknown();
    }
    if let Some(table) = top.table("keep") {
        if let Some(text) = table.text("payloads") {
            match span(&text) {
                Some(Span::Forever) => keeping.payload_months = None,
                Some(Span::Months(months)) => keeping.payload_months = Some(months),
                None => {
                    let message = format!("\"{text}\" is no time that what was fetched can be kept for");
                    let problem = Problem::error(table.place_of("payloads"), message);
                    table.report(problem.with_help("write \"24 months\", \"5 years\" or \"forever\""));
                }
            }
        }
        table.refuse_unknown();
    }
    keeping
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// For ever.
    Forever,
    /// For so many months.
    Months(u32),
}

/// Reads "24 months", "5 years" or "forever"; `None` for anything else.
fn span(text: &str) -> Option<Span> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let months = match words.as_slice() {
        ["forever"] | ["for", "ever"] => return Some(Span::Forever),
        [count, "month" | "months"] => count.parse::<u32>().ok()?,
        [count, "year" | "years"] => count.parse::<u32>().ok()?.checked_mul(12)?,
        _ => return None,
    };
    (1..=MONTHS_MAX).contains(&months).then_some(Span::Months(months))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::feeds::{Surroundings, parse};

    const HOUSE: &str = "[roundup]\ncommunity = \"C\"\nname = \"N\"\n";

    #[test]
    fn how_long_things_are_kept_is_read_or_refused() {
        let usual = Keeping::default();
        for (tables, want, note) in [
            ("", Ok(usual.clone()), "nothing said"),
            ("[backup]\n[keep]\n", Ok(usual.clone()), "nothing said in the tables"),
            ("[keep]\npayloads = \"forever\"\n", Ok(Keeping { payload_months: None, ..usual.clone() }), "for ever"),
            ("[keep]\npayloads = \"3 years\"\n", Ok(Keeping { payload_months: Some(36), ..usual.clone() }), "years"),
            ("[keep]\npayloads = \"1 month\"\n", Ok(Keeping { payload_months: Some(1), ..usual.clone() }), "one"),
            (
                "[backup]\nkeep = 30\nfolder = \"/mnt/b\"\n",
                Ok(Keeping { backups: 30, backup_folder: "/mnt/b".to_owned(), ..usual.clone() }),
                "copies",
            ),
            ("[keep]\npayloads = \"0 months\"\n", Err("is no time"), "none at all would not be kept"),
            ("[keep]\npayloads = \"two weeks\"\n", Err("is no time"), "weeks"),
            ("[keep]\npayloads = \"99999999999 years\"\n", Err("is no time"), "too long to count"),
            ("[keep]\npayload = \"24 months\"\n", Err("payload"), "a slip of the pen"),
            ("[backup]\nkeep = 0\n", Err("keep"), "no copy is no backup"),
            ("[backup]\nfolder = \"~/b\"\n", Err("begins with ~"), "a shell's word"),
        ] {
            let (settings, problems) = parse(&format!("{HOUSE}{tables}"), "feeds.toml", &Surroundings::default());
            match want {
                Ok(want) => assert_eq!(settings.map(|s| s.keeping), Some(want), "{note}: {problems:?}"),
                Err(part) => {
                    assert!(
                        settings.is_none() && problems.iter().any(|p| p.message.contains(part)),
                        "{note}: {problems:?}"
                    );
                }
            }
        }
    }
}
