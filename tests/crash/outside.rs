//! Who is asked from a home: sources and mailing tools on loopback, with what they keep.

use roundup::standin::{self, Options, StandIn};

use super::home::Case;
use crate::support::mailing::Mailing;

/// Whom a flow asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nobody.
    Nobody,
    /// PubMed and a feed.
    Sources,
    /// A mailing tool.
    Tool,
}

/// Those who are asked, while a flow is tried.
pub struct Outside {
    runtime: Option<tokio::runtime::Runtime>,
    sources: Option<StandIn>,
    tools: Option<Mailing>,
}

/// The days before the first of November that are asked for: a handful of papers.
const FIRST_DAYS: usize = 2;

impl Outside {
    /// Lets them answer.
    pub fn start(asks: Asks) -> Self {
        if asks == Asks::Nobody {
            return Self { runtime: None, sources: None, tools: None };
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let options = Options { today: jiff::civil::date(2026, 11, 1), rate_limit: false };
        let sources = (asks == Asks::Sources).then(|| runtime.block_on(standin::start(options)).unwrap());
        let tools = (asks == Asks::Tool).then(|| runtime.block_on(Mailing::start()));
        Self { runtime: Some(runtime), sources, tools }
    }

    /// Makes all outside as if nobody had asked yet, and names those who are asked in a home's settings.
    pub fn begin(&self, case: &Case) {
        let mut more = String::new();
        if let Some(sources) = &self.sources {
            let base = sources.base_url();
            more = format!(
                "\n[[source]]\nid = \"pubmed\"\nkind = \"pubmed\"\nname = \"PubMed\"\nbase-url = \"{base}/entrez/eutils/\"\n\
                 query = \"depression\"\nfirst-days = {FIRST_DAYS}\noverlap-days = 1\nallow-private = true\n\
                 \n[[source]]\nid = \"feed\"\nkind = \"feed\"\nname = \"A feed\"\n\
                 url = \"{base}/feeds/placeholder-psychiatry.xml\"\njournal = \"Journal of Placeholder Psychiatry\"\n\
                 allow-private = true\n"
            );
        }
        if let Some(tools) = &self.tools {
            for kept in tools.kept() {
                tools.delete(&kept.id);
            }
            more = format!(
                "[publish.mailchimp]\nlist = \"a1b2c3\"\naddress = \"{}\"\nallow-private = true\n",
                tools.address()
            );
        }
        if !more.is_empty() {
            let feeds = std::fs::read_to_string(case.home().join("feeds.toml")).unwrap();
            case.write("feeds.toml", &format!("{feeds}{more}"));
        }
    }

    /// Returns what is kept outside, without the names that are given there.
    pub fn kept(&self) -> Vec<String> {
        let kept = self.tools.iter().flat_map(Mailing::kept);
        kept.map(|k| format!("{} {} {} {}", k.name, k.status, sum(&k.html), sum(&k.text))).collect()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _inside = self.runtime.as_ref().map(tokio::runtime::Runtime::enter);
        (self.sources, self.tools) = (None, None);
    }
}

fn sum(text: &str) -> String {
    roundup::model::sha256_hex(text.as_bytes())
}
