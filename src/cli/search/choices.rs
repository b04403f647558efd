//! What a person may choose for a search, before or behind the words of the query.

use std::path::PathBuf;

use clap::Parser as _;

use crate::cli::Global;
use crate::cli::search_page::Hyperlink;
use crate::index::{LIMIT_MAX, Options, Sort};

/// What a person may choose.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Choices {
    /// Show at most so many papers [default: 10, with --json too; all for --ids, --csv, --ris and the like]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Leave out so many from the top
    #[arg(long, value_name = "N")]
    pub offset: Option<usize>,
    /// Order of the papers [default: relevance]
    #[arg(long, value_enum)]
    pub sort: Option<Order>,
    /// Look only for what was typed, not for other names of it
    #[arg(long)]
    pub exact: bool,
    /// Find as many papers as can be, for reviewers; else the best come first
    #[arg(long, conflicts_with = "exact")]
    pub broad: bool,
    /// Say under each paper why it was found
    #[arg(long)]
    pub why: bool,
    /// Open a paper in the browser, by its number [default: the first]; a copy that is open comes first
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "")]
    pub open: Option<String>,
    /// Show the papers while you type, and choose among them; F1 there tells the keys
    #[arg(short, long)]
    pub interactive: bool,
    /// Print only how many papers match
    #[arg(long)]
    pub count: bool,
    /// Print only how the papers spread, by everything that can be filtered by; of all papers without words
    #[arg(long)]
    pub facets: bool,
    /// Print only the ids, one a line
    #[arg(long)]
    pub ids: bool,
    /// Print a table for spreadsheets
    #[arg(long)]
    pub csv: bool,
    /// Print RIS, for Zotero, EndNote, Mendeley
    #[arg(long)]
    pub ris: bool,
    /// Print BibTeX, for typesetting
    #[arg(long)]
    pub bibtex: bool,
    /// Print CSL-JSON, for Zotero and pandoc
    #[arg(long)]
    pub csl: bool,
    /// Print MEDLINE text, as PubMed exports it
    #[arg(long)]
    pub nbib: bool,
    /// Print nothing; the exit code tells whether something was found
    #[arg(long)]
    pub quiet: bool,
    /// Run every query of a file: plain words, one query a line, or JSON lines {"id","text"}
    #[arg(long, value_name = "FILE")]
    pub queries: Option<PathBuf>,
    /// How a page is shown.
    #[command(flatten)]
    pub page: PageChoices,
}

/// How a page of papers is shown.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct PageChoices {
    /// Whether addresses are links that a click follows [default: auto]
    #[arg(long, value_enum, value_name = "WHEN")]
    pub hyperlink: Option<Hyperlink>,
    /// Whether long pages are printed at once.
    // Not from the comment above: names of variables would stand in backticks in the help.
    #[arg(long, help = "Print long pages at once, not through ROUNDUP_PAGER, PAGER or less")]
    pub no_pager: bool,
}

/// Order of the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// Best first
    Relevance,
    /// Newest first
    Date,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page for people.
    Page,
    /// A line of JSON for each paper.
    Json,
    /// How many there are.
    Count,
    /// How they spread.
    Facets,
    /// Files for other tools.
    Export(Export),
    /// Nothing: a paper is opened, by its number.
    Open(usize),
    /// Nothing at all.
    Quiet,
}

/// A form that other tools take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Ids, one a line.
    Ids,
    /// A table.
    Csv,
    /// RIS.
    Ris,
    /// BibTeX.
    Bibtex,
    /// CSL-JSON.
    Csl,
    /// MEDLINE text.
    Nbib,
}

/// Options behind the first word of a query.
#[derive(Debug, clap::Parser)]
#[command(name = "roundup search", disable_help_flag = true)]
struct Late {
    #[command(flatten)]
    choices: Choices,
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
}

/// Options that take a value, which may be a word of its own.
const WITH_VALUE: [&str; 6] = ["--limit", "--offset", "--sort", "--home", "--hyperlink", "--queries"];

/// The option whose value may be left out.
const OPEN: &str = "--open";

/// A number of more digits behind `--open` is a PMID where nothing else is looked for, not the number of a
/// paper.
const OPEN_DIGITS_MAX: usize = 4;

/// A search as it was asked for.
#[derive(Debug)]
pub struct Asked {
    /// The words of the query, as the shell gave them.
    pub words: Vec<String>,
    /// What was chosen.
    pub choices: Choices,
    /// Whether lines for programs are wanted.
    pub is_json: bool,
    /// The home.
    pub home: PathBuf,
}

/// Why a search is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The help was asked for.
    Help,
    /// What is wrong, for people.
    Wrong(String),
}

impl Asked {
    /// Returns what was asked for, from the options before the first word and those among the words.
    ///
    /// # Errors
    /// When the help is wanted, or an option is not right.
    pub fn read(words: &[String], early: &Choices, global: &Global) -> Result<Self, Refused> {
        let (mut words, options) = split(words);
        if options.iter().any(|word| word == "--help" || word == "-h") {
            return Err(Refused::Help);
        }
        let late = Late::try_parse_from(std::iter::once("roundup search".to_owned()).chain(options))
            .map_err(|error| Refused::Wrong(error.to_string().trim_end().to_owned()))?;
        let mut choices = early.clone().or(late.choices);
        // `--open depression`: what is no number belongs to the query.
        let is_word = |value: &mut String| {
            let is_pmid = words.is_empty() && value.len() > OPEN_DIGITS_MAX && !value.starts_with('-');
            !value.is_empty() && (!is_number(value) || is_pmid)
        };
        if let Some(word) = choices.open.take_if(is_word) {
            words.insert(0, word);
            choices.open = Some(String::new());
        }
        let asked = Self {
            words,
            choices,
            is_json: late.json || global.json,
            home: late.home.unwrap_or_else(|| global.home.clone()),
        };
        asked.check()?;
        Ok(asked)
    }

    /// Checks what clap cannot know.
    fn check(&self) -> Result<(), Refused> {
        let wrong = |text: &str| Err(Refused::Wrong(format!("roundup: {text}")));
        let choices = &self.choices;
        if choices.limit == Some(0) || choices.limit > Some(LIMIT_MAX) || choices.offset > Some(LIMIT_MAX) {
            return wrong(&format!("--limit goes from 1 to {LIMIT_MAX}, --offset to {LIMIT_MAX}"));
        }
        let is_on_a_page = |value: &&String| open_number(value).is_some_and(|n| (1..=LIMIT_MAX).contains(&n));
        if choices.open.iter().any(|value| !value.is_empty() && !is_on_a_page(&value)) {
            return wrong("--open takes the number of a paper as the page has it, from 1 on");
        }
        if choices.exact && choices.broad {
            return wrong("--exact and --broad ask for different things; choose one");
        }
        if choices.queries.is_some() {
            let others = choices.sort.is_some() || choices.offset.is_some() || !choices.forms().is_empty();
            if others || choices.interactive || !self.words.is_empty() {
                return wrong("--queries takes its words from the file; only --limit, --exact and --broad go with it");
            }
            return Ok(());
        }
        if choices.interactive {
            let others =
                choices.offset.is_some() || choices.limit.is_some() || choices.why || !choices.forms().is_empty();
            if others || self.is_json {
                return wrong(
                    "--interactive shows papers on the screen; it goes with --sort, --exact and --broad alone",
                );
            }
            return Ok(());
        }
        if self.words.is_empty() && !choices.facets {
            return wrong("what should be looked for?\n  help: roundup search postpartum depression kenya");
        }
        let mut forms = choices.forms();
        if self.is_json && !choices.count && !choices.facets && !choices.quiet && choices.open.is_none() {
            forms.push(("--json", Form::Json));
        }
        if let [(one, _), (other, _), ..] = forms.as_slice() {
            return wrong(&format!("{one} and {other} print different things; choose one"));
        }
        Ok(())
    }

    /// Returns what is printed.
    pub fn form(&self) -> Form {
        let chosen = self.choices.forms().first().map(|(_, form)| *form);
        chosen.unwrap_or(if self.is_json { Form::Json } else { Form::Page })
    }

    /// Returns how the index is asked.
    pub fn options(&self) -> Options {
        let choices = &self.choices;
        let usual = match self.form() {
            Form::Export(_) => usize::MAX,
            _ => Options::default().limit,
        };
        Options {
            limit: choices.limit.unwrap_or(usual),
            offset: choices.offset.unwrap_or(0),
            sort: if choices.sort == Some(Order::Date) { Sort::Date } else { Sort::Relevance },
            knowledge: !choices.exact,
            broad: choices.broad,
            why: choices.why,
            facets: true,
        }
    }
}

impl Choices {
    /// Tells whether nothing is chosen, or that only what was typed is looked for.
    pub fn is_at_most_exact(&self) -> bool {
        let others = [self.limit, self.offset].iter().any(Option::is_some) || self.sort.is_some();
        let page = self.page.hyperlink.is_some() || self.page.no_pager;
        !others
            && !self.broad
            && !self.why
            && !self.interactive
            && self.queries.is_none()
            && !page
            && self.forms().is_empty()
    }

    /// Returns both together; where both say something, the later one counts.
    fn or(self, late: Self) -> Self {
        Self {
            limit: late.limit.or(self.limit),
            offset: late.offset.or(self.offset),
            sort: late.sort.or(self.sort),
            exact: late.exact || self.exact,
            broad: late.broad || self.broad,
            why: late.why || self.why,
            open: late.open.or(self.open),
            interactive: late.interactive || self.interactive,
            count: late.count || self.count,
            facets: late.facets || self.facets,
            ids: late.ids || self.ids,
            csv: late.csv || self.csv,
            ris: late.ris || self.ris,
            bibtex: late.bibtex || self.bibtex,
            csl: late.csl || self.csl,
            nbib: late.nbib || self.nbib,
            quiet: late.quiet || self.quiet,
            queries: late.queries.or(self.queries),
            page: PageChoices {
                hyperlink: late.page.hyperlink.or(self.page.hyperlink),
                no_pager: late.page.no_pager || self.page.no_pager,
            },
        }
    }

    /// Returns the forms that were asked for, with their options.
    fn forms(&self) -> Vec<(&'static str, Form)> {
        let number = self.open.as_deref().and_then(open_number).unwrap_or(self.offset.unwrap_or(0) + 1);
        let all = [
            (self.count, "--count", Form::Count),
            (self.facets, "--facets", Form::Facets),
            (self.ids, "--ids", Form::Export(Export::Ids)),
            (self.csv, "--csv", Form::Export(Export::Csv)),
            (self.ris, "--ris", Form::Export(Export::Ris)),
            (self.bibtex, "--bibtex", Form::Export(Export::Bibtex)),
            (self.csl, "--csl", Form::Export(Export::Csl)),
            (self.nbib, "--nbib", Form::Export(Export::Nbib)),
            (self.open.is_some(), OPEN, Form::Open(number)),
            (self.quiet, "--quiet", Form::Quiet),
        ];
        all.into_iter().filter(|(is_asked, ..)| *is_asked).map(|(_, name, form)| (name, form)).collect()
    }
}

/// Tells whether a word behind `--open` is meant as the number of a paper, be there one or not.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Returns the number of a paper that a word behind `--open` is.
fn open_number(word: &str) -> Option<usize> {
    word.parse().ok().filter(|n| *n > 0)
}

/// Returns the words of the query and the options among them. Behind `--` all is query.
fn split(words: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut query, mut options) = (Vec::new(), Vec::new());
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        if word == "--" {
            query.extend(rest.by_ref().cloned());
        } else if word == OPEN {
            let number = rest.next_if(|next| is_number(next));
            options.push(format!("{OPEN}={}", number.map_or("", String::as_str)));
        } else if word.starts_with("--") || word == "-h" || word == "-i" {
            match rest.next_if(|_| WITH_VALUE.contains(&word.as_str())) {
                // A value with a minus would be taken for an option.
                Some(value) if value.starts_with('-') => options.push(format!("{word}={value}")),
                value => options.extend(std::iter::once(word).chain(value).cloned()),
            }
        } else {
            query.push(word.clone());
        }
    }
    (query, options)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
    }

    fn asked(text: &str) -> Result<Asked, Refused> {
        Asked::read(&words(text), &Choices::default(), &Global { home: PathBuf::from("."), json: false })
    }

    #[test]
    fn options_are_found_behind_the_words() {
        for (typed, query, options) in [
            ("kenya --limit 3 stigma", "kenya stigma", "--limit 3"),
            ("kenya -uganda --json", "kenya -uganda", "--json"),
            ("kenya --sort=date --count", "kenya", "--sort=date --count"),
            ("a -- --limit 3", "a --limit 3", ""),
            ("a --limit", "a", "--limit"),
            ("a --open 2 b", "a b", "--open=2"),
            ("a --open stigma", "a stigma", "--open="),
            ("a --open", "a", "--open="),
            ("a --hyperlink never b", "a b", "--hyperlink never"),
            ("a -i b", "a b", "-i"),
        ] {
            let (got, late) = split(&words(typed));
            assert_eq!((got.join(" ").as_str(), late.join(" ").as_str()), (query, options), "{typed}");
        }
    }

    #[test]
    fn every_option_with_a_value_is_known() {
        let command = Late::command();
        let with_value = command.get_arguments().filter(|a| a.get_action().takes_values());
        let mut names: Vec<String> = with_value.filter_map(|a| a.get_long()).map(|l| format!("--{l}")).collect();
        names.retain(|name| name != OPEN);
        names.sort();
        let mut known = WITH_VALUE.map(str::to_owned).to_vec();
        known.sort();
        assert_eq!(names, known);
    }

    #[test]
    fn one_thing_is_printed() {
        for (typed, want) in [
            ("a", Form::Page),
            ("a --json", Form::Json),
            ("a --json --count", Form::Count),
            ("a --json --facets", Form::Facets),
            ("a --ris", Form::Export(Export::Ris)),
            ("a --open", Form::Open(1)),
            ("a --open 3", Form::Open(3)),
            ("a --offset 10 --open", Form::Open(11)),
            ("a --quiet", Form::Quiet),
        ] {
            assert_eq!(asked(typed).map(|a| a.form()).ok(), Some(want), "{typed}");
        }
        for (typed, said) in [
            ("a --ris --csv", "--csv and --ris print different things"),
            ("a --json --ris", "--ris and --json print different things"),
            ("a --exact --broad", "--exact"),
            ("--limit 3", "what should be looked for?"),
            ("a --limit 0", "--limit goes from 1 to"),
            ("a --limit -1", "invalid value '-1' for '--limit <N>'"),
            ("a --open 0", "--open takes the number of a paper as the page has it, from 1 on"),
            ("a --open -1", "--open takes the number"),
            ("a --open=9999999", "--open takes the number"),
            ("a --open 99999999999999999999999", "--open takes the number"),
            ("--open 0 a", "--open takes the number"),
            ("a --queries f", "--queries takes its words from the file"),
            ("a --lmit 3", "--lmit"),
            ("a -i --ris", "--interactive shows papers"),
            ("-i --limit 3", "--interactive shows papers"),
        ] {
            let refused = asked(typed).map(|a| a.words).unwrap_err();
            assert!(matches!(&refused, Refused::Wrong(text) if text.contains(said)), "{typed}: {refused:?}");
        }
        assert_eq!(asked("--facets").map(|a| a.form()).ok(), Some(Form::Facets), "of all papers");
        assert_eq!(asked("a --help").map(|a| a.words).unwrap_err(), Refused::Help);
    }

    #[test]
    fn a_word_behind_open_is_a_word() {
        let early = Choices { open: Some("stigma".to_owned()), ..Choices::default() };
        let global = Global { home: PathBuf::from("."), json: false };
        let asked = Asked::read(&words("kenya"), &early, &global).unwrap();
        assert_eq!((asked.words.join(" ").as_str(), asked.form()), ("stigma kenya", Form::Open(1)));
        let alone = self::asked("--open 31234567").unwrap();
        assert_eq!((alone.words.join(" ").as_str(), alone.form()), ("31234567", Form::Open(1)), "a PMID alone");
    }

    #[test]
    fn an_export_holds_all_papers_and_a_page_ten() {
        assert_eq!(asked("a --ris").unwrap().options().limit, usize::MAX);
        assert_eq!(asked("a --ris --limit 5").unwrap().options().limit, 5);
        assert_eq!(asked("a").unwrap().options().limit, 10);
    }
}
