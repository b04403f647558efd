//! Reads screenings and what ASReview did with them.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use roundup::fsx;
use roundup::rank::Priors;

/// A finished screening.
pub(crate) struct Set {
    /// The file's name without endings.
    pub(crate) name: String,
    /// Title and abstract of each paper.
    pub(crate) papers: Vec<(String, String)>,
    /// Whether each was included.
    pub(crate) labels: Vec<bool>,
}

/// What ASReview did with one seed of one set.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Recorded {
    pub(crate) dataset: String,
    model: String,
    pub(crate) seed: u64,
    prior_included_row: usize,
    prior_excluded_row: usize,
    pub(crate) loss: f64,
    pub(crate) wss95: f64,
    pub(crate) wss100: f64,
    pub(crate) rrf5: f64,
    pub(crate) rrf10: f64,
}

impl Recorded {
    /// Returns the papers it began with.
    pub(crate) fn priors(&self) -> Priors {
        Priors { wanted: self.prior_included_row, unwanted: self.prior_excluded_row }
    }
}

/// Reads a table of papers, plain or packed.
pub(crate) fn set(path: &Path) -> anyhow::Result<Set> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut out = Set {
        name: name.trim_end_matches(".gz").trim_end_matches(".csv").to_owned(),
        papers: Vec::new(),
        labels: Vec::new(),
    };
    let bytes = bytes(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let head = reader.headers()?.clone();
    let column = |wanted: &str| head.iter().position(|h| h == wanted);
    let label = column("label_included").or_else(|| column("label"));
    let missing = || format!("{}: columns title, abstract and label are needed", path.display());
    let columns = (column("title"), column("abstract"), label);
    let (Some(title), Some(body), Some(label)) = columns else { anyhow::bail!(missing()) };
    for row in reader.records() {
        let row = row.with_context(|| path.display().to_string())?;
        let cell = |column: usize| row.get(column).unwrap_or_default().to_owned();
        out.papers.push((cell(title), cell(body)));
        out.labels.push(cell(label).trim() == "1");
    }
    Ok(out)
}

/// Reads what ASReview did with its model ELAS u4.
pub(crate) fn baseline(path: &Path) -> anyhow::Result<Vec<Recorded>> {
    let bytes = bytes(path)?;
    let rows: Result<Vec<Recorded>, _> = csv::Reader::from_reader(bytes.as_slice()).deserialize().collect();
    let mut rows = rows.with_context(|| path.display().to_string())?;
    rows.retain(|row| row.model == "elas_u4");
    Ok(rows)
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fsx::read(path)?;
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut out)?;
    Ok(out)
}
