//! How the kinds of records give themselves away: notices about papers, preprints, papers read at
//! meetings, news. Tables: read by looking up.

/// How a notice about another paper opens, with what it is; the rest of the title is the other's.
/// Longest first where one opens another. Compared with folded words.
pub(super) const NOTICE_OPENINGS: &[(&str, Notice)] = &[
    ("author correction", Notice::Erratum),
    ("publisher correction", Notice::Erratum),
    ("publishers correction", Notice::Erratum),
    ("publishers note", Notice::Erratum),
    ("correction notice", Notice::Erratum),
    ("correction to", Notice::Erratum),
    ("corrections to", Notice::Erratum),
    ("correction for", Notice::Erratum),
    ("corrected and republished", Notice::Republished),
    ("corrigendum to", Notice::Erratum),
    ("corrigendum", Notice::Erratum),
    ("corrigenda", Notice::Erratum),
    ("erratum to", Notice::Erratum),
    ("erratum for", Notice::Erratum),
    ("erratum", Notice::Erratum),
    ("errata", Notice::Erratum),
    ("addendum", Notice::Erratum),
    ("editorial expression of concern", Notice::Concern),
    ("expression of concern", Notice::Concern),
    ("notice of retraction", Notice::Retraction),
    ("retraction notice to", Notice::Retraction),
    ("retraction notice", Notice::Retraction),
    ("retraction note to", Notice::Retraction),
    ("retraction note", Notice::Retraction),
    ("retraction of", Notice::Retraction),
    ("comment on", Notice::Comment),
    ("comments on", Notice::Comment),
    ("commentary on", Notice::Comment),
    ("a comment on", Notice::Comment),
    ("a commentary on", Notice::Comment),
    ("invited commentary on", Notice::Comment),
    ("letter to the editor regarding", Notice::Comment),
    ("letter regarding", Notice::Comment),
    ("letter re", Notice::Comment),
    ("authors response to", Notice::Reply),
    ("authors reply to", Notice::Reply),
    ("author reply to", Notice::Reply),
    ("reply to", Notice::Reply),
    ("a reply to", Notice::Reply),
    ("rejoinder to", Notice::Reply),
    // French, Spanish, Portuguese.
    ("erratum a", Notice::Erratum),
    ("erratum au", Notice::Erratum),
    ("erratum de", Notice::Erratum),
    ("rectificatif", Notice::Erratum),
    ("fe de erratas", Notice::Erratum),
    ("fe de errata", Notice::Erratum),
    ("correccion de errores", Notice::Erratum),
    ("nota de retractacion", Notice::Retraction),
    ("nota de retratacao", Notice::Retraction),
    ("aviso de retractacion", Notice::Retraction),
    ("aviso de retratacao", Notice::Retraction),
    ("avis de retractation", Notice::Retraction),
    ("retractation de", Notice::Retraction),
    ("commentaire sur", Notice::Comment),
    ("comentario sobre", Notice::Comment),
    ("comentarios sobre", Notice::Comment),
    ("comentario al articulo", Notice::Comment),
    ("comentario ao artigo", Notice::Comment),
    ("carta al editor sobre", Notice::Comment),
    ("carta ao editor sobre", Notice::Comment),
    ("reponse a larticle", Notice::Reply),
    ("reponse au commentaire", Notice::Reply),
    ("respuesta al comentario", Notice::Reply),
    ("respuesta a la carta", Notice::Reply),
    ("resposta ao comentario", Notice::Reply),
    ("resposta a carta", Notice::Reply),
];

/// Openings that make a notice only when a writing follows: people respond to letters and papers,
/// and bodies to drugs.
pub(super) const ANSWER_OPENINGS: &[(&str, Notice)] = &[
    ("response to", Notice::Reply),
    ("responses to", Notice::Reply),
    ("a response to", Notice::Reply),
    ("in response to", Notice::Reply),
];

/// Words for a writing or its author, as answers name them.
pub(super) const WRITINGS: &[&str] = &[
    "article",
    "author",
    "authors",
    "comment",
    "commentary",
    "comments",
    "correspondence",
    "critique",
    "dr",
    "drs",
    "editor",
    "editorial",
    "letter",
    "letters",
    "paper",
    "prof",
    "professor",
    "reviewer",
    "reviewers",
];

/// Openings that make a notice only when a colon, a dash or a bracket follows ("Correction: …",
/// "Retraction: …", "Re: …"); without one they are words of an ordinary title.
pub(super) const NOTICE_OPENINGS_WITH_COLON: &[(&str, Notice)] = &[
    ("correction", Notice::Erratum),
    ("corrections", Notice::Erratum),
    ("correccion", Notice::Erratum),
    ("correcciones", Notice::Erratum),
    ("correcao", Notice::Erratum),
    ("correcoes", Notice::Erratum),
    ("correctif", Notice::Erratum),
    ("retraction", Notice::Retraction),
    ("retractacion", Notice::Retraction),
    ("retractation", Notice::Retraction),
    ("retratacao", Notice::Retraction),
    ("commentaire", Notice::Comment),
    ("comentario", Notice::Comment),
    ("reponse", Notice::Reply),
    ("respuesta", Notice::Reply),
    ("resposta", Notice::Reply),
    ("comment", Notice::Comment),
    ("commentary", Notice::Comment),
    ("re", Notice::Comment),
    ("reply", Notice::Reply),
    ("authors reply", Notice::Reply),
    ("response", Notice::Reply),
    ("authors response", Notice::Reply),
    ("rejoinder", Notice::Reply),
];

/// What databases put before the title of a paper that was taken back: the paper is the same.
pub(super) const STATUS_OPENINGS: &[&str] = &[
    "retracted article",
    "retracted chapter",
    "retracted paper",
    "retracted",
    "withdrawn article",
    "withdrawn",
    "reprint of",
];

/// A record about another paper rather than the paper itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Notice {
    /// Correction, erratum, corrigendum, addendum.
    Erratum,
    /// Notice of retraction.
    Retraction,
    /// Expression of concern.
    Concern,
    /// Comment or letter about it.
    Comment,
    /// The authors' answer.
    Reply,
    /// Corrected and republished.
    Republished,
}

/// Names of preprint servers, folded, as they stand in the place of a journal.
pub(super) const PREPRINT_SERVERS: &[&str] = &[
    "arxiv",
    "biorxiv",
    "chemrxiv",
    "medrxiv",
    "osf preprints",
    "preprints",
    "preprints org",
    "psyarxiv",
    "research square",
    "res sq",
    "scielo preprints",
    "socarxiv",
    "ssrn",
    "ssrn electronic journal",
    "techrxiv",
];

/// Words in a journal's name that make it a meeting.
pub(super) const MEETING_WORDS: &[&str] =
    &["conference", "conferences", "congress", "symposium", "symposia", "workshop", "workshops", "colloquium"];

/// Beginnings of the names of series that print the papers of meetings.
pub(super) const PROCEEDINGS_SERIES: &[&str] = &[
    "acm international conference proceeding series",
    "advances in intelligent systems and computing",
    "aip conference proceedings",
    "ceur workshop proceedings",
    "communications in computer and information science",
    "ifip advances in information and communication technology",
    "lecture notes in",
    "lect notes",
    "procedia",
    "proceedings of machine learning research",
    "smart innovation systems and technologies",
    "stud health technol inform",
    "studies in health technology and informatics",
];

/// Words of journals' names in other languages than English, as PubMed and others print them in
/// Latin letters.
pub(super) const FOREIGN_JOURNAL_WORDS: &[&str] = &[
    "anales",
    "annales",
    "archivos",
    "arquivos",
    "cahiers",
    "chung",
    "cuadernos",
    "gaceta",
    "gakkai",
    "giornale",
    "hua",
    "klinicheskaia",
    "medicale",
    "nihon",
    "nippon",
    "przeglad",
    "psychiatrie",
    "psicologia",
    "psiquiatria",
    "revista",
    "salud",
    "sante",
    "saude",
    "tidsskrift",
    "tijdschrift",
    "vestnik",
    "wochenschrift",
    "xue",
    "za",
    "zasshi",
    "zazhi",
    "zeitschrift",
    "zhi",
    "zhongguo",
    "zhonghua",
    "zhurnal",
];

/// What feeds say before or behind the name of their journal.
pub(super) const FEED_PHRASES: &[&[&str]] = &[
    &["accepted", "articles"],
    &["advance", "access"],
    &["advance", "articles"],
    &["advance", "online", "publication"],
    &["ahead", "of", "print"],
    &["all", "articles"],
    &["articles", "from"],
    &["articles", "in", "press"],
    &["current", "issue"],
    &["early", "access"],
    &["early", "view"],
    &["first", "online"],
    &["in", "press"],
    &["latest", "articles"],
    &["latest", "articles", "from"],
    &["latest", "articles", "in"],
    &["latest", "from"],
    &["latest", "issue"],
    &["latest", "issue", "of"],
    &["latest", "open", "access", "articles", "published", "in"],
    &["latest", "research", "from"],
    &["latest", "results"],
    &["latest", "results", "for"],
    &["most", "recent", "articles"],
    &["new", "articles"],
    &["new", "articles", "from"],
    &["new", "articles", "in"],
    &["new", "issue"],
    &["newest", "articles"],
    &["online", "first"],
    &["online", "now"],
    &["recent", "articles"],
    &["recent", "articles", "in"],
    &["recent", "issues"],
    &["rss"],
    &["rss", "feed"],
    &["table", "of", "contents"],
    &["toc"],
];

/// Publishers and platforms that feeds name before the journal.
pub(super) const PUBLISHERS: &[&str] = &[
    "biomed central",
    "bmc",
    "cambridge core",
    "elsevier",
    "frontiers",
    "mdpi",
    "oxford academic",
    "plos",
    "pubmed",
    "sage",
    "sage journals",
    "sage publications",
    "sage publications inc",
    "sage publications ltd",
    "sciencedirect publication",
    "springer",
    "springerlink",
    "taylor and francis",
    "taylor francis",
    "taylor francis online",
    "tandf",
    "wiley",
    "wiley online library",
    "wolters kluwer",
];

/// Words that make the name a site's, a search's or somebody's feed's rather than a journal's.
pub(super) const SITE_WORDS: &[&str] = &[
    "aggregator",
    "alert",
    "alerts",
    "blog",
    "com",
    "digest",
    "feed",
    "feeds",
    "google",
    "latest",
    "net",
    "news",
    "newsroom",
    "online library",
    "org",
    "press",
    "pubmed",
    "roundup",
    "rss",
    "search",
    "site",
    "updates",
    "watch",
    "website",
    "weekly",
    "www",
];

/// Publication types of papers read at meetings (PubMed, BibTeX, RIS, Crossref, CSL).
pub(super) const MEETING_TYPES: &[&str] = &[
    "conference paper",
    "conference proceeding",
    "conference proceedings",
    "conf",
    "cpaper",
    "inproceedings",
    "paper-conference",
    "proceedings-article",
    "congress",
    "meeting abstract",
];

/// Beginnings of publication types of news rather than papers.
pub(super) const NEWS_TYPES: &[&str] =
    &["news", "newspaper article", "webpage", "blog", "post-weblog", "press release"];
