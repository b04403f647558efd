//! The studies that the records make, one folded record each, and how they are written.

use std::path::Path;

use super::Head;
use crate::bibliography::to_ris;
use crate::merge::{self, Clusters};
use crate::model::Record;

/// The form of the kept records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RIS, which reference managers read.
    Ris,
    /// Record lines, which hold everything.
    Lines,
}

impl Form {
    /// Returns the form that the ending of a path names.
    ///
    /// # Errors
    /// When it names none that we write.
    pub fn of(path: &Path) -> anyhow::Result<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
            Some("ris") => Ok(Self::Ris),
            Some("jsonl") => Ok(Self::Lines),
            _ => anyhow::bail!("--out must end in .ris or .jsonl, not {}", path.display()),
        }
    }

    /// Returns the studies as a file of this form.
    ///
    /// # Errors
    /// When a record cannot be written as JSON, which is our own mistake.
    pub fn written(self, studies: &[Record]) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        for study in studies {
            match self {
                Self::Ris => out.extend_from_slice(to_ris(study).as_bytes()),
                Self::Lines => {
                    serde_json::to_writer(&mut out, study)?;
                    out.push(b'\n');
                }
            }
        }
        Ok(out)
    }
}

/// Returns one record for each cluster, by the number of the cluster.
pub fn folded(records: Vec<Record>, clusters: &Clusters) -> Vec<Record> {
    let mut groups: Vec<Vec<Record>> = Vec::new();
    for (record, number) in records.into_iter().zip(&clusters.of) {
        if groups.len() <= *number {
            groups.resize_with(number + 1, Vec::new);
        }
        if let Some(group) = groups.get_mut(*number) {
            group.push(record);
        }
    }
    groups.into_iter().map(|group| merge::fold_records(&group)).collect()
}

/// Returns for each study the place of the record under whose id it is written.
pub fn faces(studies: &[Record], clusters: &Clusters, heads: &[Head]) -> Vec<usize> {
    let mut faces: Vec<Option<usize>> = vec![None; studies.len()];
    for (place, (number, head)) in clusters.of.iter().zip(heads).enumerate() {
        let is_it = studies.get(*number).is_some_and(|s| *s.id == *head.id && *s.source == *head.source);
        if let Some(face) = faces.get_mut(*number).filter(|face| is_it && face.is_none()) {
            *face = Some(place);
        }
    }
    faces.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::Said;
    use crate::model::Doi;

    fn records() -> Vec<Record> {
        let record = |id: &str, title: &str| Record {
            id: id.into(),
            title: title.into(),
            doi: title.starts_with("Group").then(|| Doi::parse("10.5555/dedupe.1")).flatten(),
            ..Record::default()
        };
        vec![record("a,1", "Group care"), record("b", "Sleep of newborns"), record("c", "Group care.")]
    }

    #[test]
    fn one_record_is_kept_for_each_study() {
        let records = records();
        let clusters = merge::cluster(&records, &Said::default(), &mut |_| {});
        let studies = folded(records, &clusters);
        let lines = String::from_utf8(Form::Lines.written(&studies).unwrap()).unwrap();
        assert_eq!(
            lines,
            "{\"id\":\"a,1\",\"title\":\"Group care\",\"doi\":\"10.5555/dedupe.1\"}\n{\"id\":\"b\",\"title\":\"Sleep of newborns\"}\n"
        );
        let ris = String::from_utf8(Form::Ris.written(&studies).unwrap()).unwrap();
        assert_eq!(ris.matches("ER  - ").count(), 2);
    }

    #[test]
    fn a_study_is_called_by_the_record_whose_id_it_has() {
        let mut records = records();
        records[2].id = "pmid:90000001".into();
        let clusters = merge::cluster(&records, &Said::default(), &mut |_| {});
        let heads: Vec<Head> = records
            .iter()
            .map(|r| Head { id: r.id.as_str().into(), source: "".into(), title: r.title.as_str().into() })
            .collect();
        let studies = folded(records, &clusters);
        assert_eq!(faces(&studies, &clusters, &heads), [2, 1]);
    }

    #[test]
    fn the_ending_names_the_form() {
        assert_eq!(Form::of(Path::new("kept.RIS")).unwrap(), Form::Ris);
        assert_eq!(Form::of(Path::new("kept.jsonl")).unwrap(), Form::Lines);
        assert_eq!(
            Form::of(Path::new("kept.bib")).unwrap_err().to_string(),
            "--out must end in .ris or .jsonl, not kept.bib"
        );
    }
}
