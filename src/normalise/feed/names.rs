//! Namespaces: which vocabulary an element belongs to, whatever prefix and spelling it has.

/// A vocabulary that feeds use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ns {
    /// RSS of any version, with or without a namespace.
    Rss,
    /// Atom 0.3 and 1.0.
    Atom,
    /// Dublin Core, elements and terms.
    Dc,
    /// RSS content module.
    Content,
    /// PRISM: volume, issue, pages, DOI.
    Prism,
    /// Media RSS.
    Media,
    /// RDF itself.
    Rdf,
    /// XHTML, SVG, `MathML`: content, not structure.
    Html,
    /// The `xml:` prefix.
    Xml,
    /// Anything else.
    Other,
}

/// How namespace addresses begin (without scheme and `www.`), folded to lower case.
const ADDRESSES: &[(&str, Ns)] = &[
    ("w3.org/2005/atom", Ns::Atom),
    ("purl.org/atom/", Ns::Atom),
    ("purl.org/dc/", Ns::Dc),
    ("purl.org/rss/1.0/modules/dc", Ns::Dc),
    ("purl.org/rss/1.0/modules/prism", Ns::Prism),
    ("prismstandard.org/", Ns::Prism),
    ("purl.org/rss/1.0/modules/content", Ns::Content),
    ("search.yahoo.com/mrss", Ns::Media),
    ("video.search.yahoo.com/mrss", Ns::Media),
    ("tools.search.yahoo.com/mrss", Ns::Media),
    ("w3.org/1999/02/22-rdf-syntax-ns", Ns::Rdf),
    ("w3.org/1999/xhtml", Ns::Html),
    ("w3.org/2000/svg", Ns::Html),
    ("w3.org/1998/math/mathml", Ns::Html),
    ("w3.org/xml/1998/namespace", Ns::Xml),
    ("purl.org/rss/1.0/modules/", Ns::Other),
    ("purl.org/rss/", Ns::Rss),
    ("purl.org/net/rss", Ns::Rss),
    ("my.netscape.com/", Ns::Rss),
    ("channel.netscape.com/", Ns::Rss),
    ("backend.userland.com/creativecommons", Ns::Other),
    ("backend.userland.com/", Ns::Rss),
    ("blogs.law.harvard.edu/", Ns::Rss),
    ("cyber.law.harvard.edu/", Ns::Rss),
    ("cyber.harvard.edu/", Ns::Rss),
];

/// What prefixes mean where nothing, or nothing known, is declared for them.
const PREFIXES: &[(&str, Ns)] = &[
    ("atom", Ns::Atom),
    ("atom10", Ns::Atom),
    ("a10", Ns::Atom),
    ("dc", Ns::Dc),
    ("dcterms", Ns::Dc),
    ("dcterm", Ns::Dc),
    ("content", Ns::Content),
    ("prism", Ns::Prism),
    ("media", Ns::Media),
    ("rdf", Ns::Rdf),
    ("rss", Ns::Rss),
    ("xhtml", Ns::Html),
    ("svg", Ns::Html),
    ("mml", Ns::Html),
    ("xml", Ns::Xml),
];

/// The most declarations kept in scope at once; each name is looked up among them.
const DECLARATIONS_MAX: usize = 256;

/// The declarations that hold at some place of a document.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Prefix (empty for the default), vocabulary; the innermost last.
    declared: Vec<(String, Ns)>,
}

impl Scope {
    /// Adds the declarations among an element's attributes and returns how many there were before,
    /// for [`Scope::leave`].
    pub fn enter(&mut self, attributes: &[(String, String)]) -> usize {
        let mark = self.declared.len();
        for (name, value) in attributes {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(prefix) => prefix.strip_prefix(':').unwrap_or_default(),
                None => continue,
            };
            if self.declared.len() < DECLARATIONS_MAX && (name == "xmlns" || !prefix.is_empty()) {
                self.declared.push((prefix.to_owned(), of_address(value, prefix)));
            }
        }
        mark
    }

    /// Forgets what was declared since `mark`.
    pub fn leave(&mut self, mark: usize) {
        self.declared.truncate(mark);
    }

    /// Returns the vocabulary of an element and its local name in lower case.
    pub fn element(&self, qualified: &str) -> (Ns, String) {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let declared = self.declared.iter().rev().find(|(p, _)| p == prefix).map(|(_, ns)| *ns);
        (declared.unwrap_or_else(|| of_prefix(prefix)), local.to_lowercase())
    }
}

/// Returns the vocabulary that an address names. An unknown address leaves the prefix to tell.
fn of_address(address: &str, prefix: &str) -> Ns {
    let lower = address.trim().to_lowercase();
    let bare = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    ADDRESSES.iter().find(|(begin, _)| bare.starts_with(begin)).map_or_else(|| of_prefix(prefix), |(_, ns)| *ns)
}

/// Returns the vocabulary that a prefix means by custom; without a prefix it is RSS.
fn of_prefix(prefix: &str) -> Ns {
    if prefix.is_empty() {
        return Ns::Rss;
    }
    let lower = prefix.to_lowercase();
    PREFIXES.iter().find(|(p, _)| *p == lower).map_or(Ns::Other, |(_, ns)| *ns)
}
