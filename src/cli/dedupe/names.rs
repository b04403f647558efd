//! What records are called in tables: by their ids, and where an id stands twice by file and id.

use std::collections::{BTreeMap, HashMap};

use super::Head;

/// The names of records whose ids others have as well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<usize, String>);

impl Names {
    /// Returns the names for a list of records.
    pub fn of_all(heads: &[Head]) -> Self {
        let mut of_id: HashMap<&str, usize> = HashMap::with_capacity(heads.len());
        for record in heads {
            *of_id.entry(&record.id).or_default() += 1;
        }
        let mut taken: HashMap<String, usize> = HashMap::new();
        let mut names = BTreeMap::new();
        for (place, record) in heads.iter().enumerate() {
            if of_id.get(&*record.id).is_some_and(|count| *count > 1) {
                let name = format!("{}#{}", record.source, record.id);
                let count = taken.entry(name.clone()).and_modify(|n| *n += 1).or_insert(1);
                names.insert(place, if *count > 1 { format!("{name}#{count}") } else { name });
            }
        }
        Self(names)
    }

    /// Returns how many records are not called by their id alone.
    pub fn changed(&self) -> usize {
        self.0.len()
    }

    /// Returns the name of the record at a place.
    pub fn of<'n>(&'n self, place: usize, heads: &'n [Head]) -> &'n str {
        let id = || heads.get(place).map(|r| &*r.id).unwrap_or_default();
        self.0.get(&place).map_or_else(id, String::as_str)
    }

    /// Returns the place of every record by its name.
    pub fn places(&self, heads: &[Head]) -> HashMap<String, usize> {
        (0..heads.len()).map(|place| (self.of(place, heads).to_owned(), place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_stands_twice_is_told_apart_by_its_file() {
        let record = |source: &str, id: &str| Head { id: id.into(), source: source.into(), title: "".into() };
        let records = [record("a.ris", "1"), record("b.ris", "1"), record("b.ris", "2"), record("b.ris", "1")];
        let names = Names::of_all(&records);
        let all: Vec<_> = (0..4).map(|n| names.of(n, &records)).collect();
        assert_eq!(all, ["a.ris#1", "b.ris#1", "2", "b.ris#1#2"]);
        assert_eq!((names.changed(), names.places(&records).len()), (3, 4));
    }
}
