//! What the preview shows: a month's issue as the files lie there now, or the last look that could be made of it.
//!
//! Whoever adapts a template saves it broken now and then. What was seen last stays then, beside what is wrong.

use std::rc::Rc;

use super::Held;
use crate::desk::Purpose;
use crate::desk::words::said;
use crate::model::{Month, sha256_hex};
use crate::pipeline::curate::{self, DraftFile};
use crate::pipeline::{self, Preview};

/// What is said of a look from before.
const EARLIER: &str = "It cannot be made as it is now. Below is how it looked last.";
/// What is said of a look with settings from before.
const EARLIER_SETTINGS: &str = "The settings cannot be used as they are now. Below, those from before still count.";

/// What is shown of a month.
#[derive(Debug, Clone)]
pub(in crate::desk) struct Look {
    /// Sum over all that it hangs on: another sum means that it is to be made anew.
    pub(in crate::desk) sum: String,
    /// The issue as readers would see it; `None` when it could never be made while the desk is open.
    pub(in crate::desk) shown: Option<Rc<Preview>>,
    /// What that is, where it is not what the files say now; else empty.
    pub(in crate::desk) note: &'static str,
    /// What is wrong now, each ready to be read.
    pub(in crate::desk) problems: Vec<String>,
}

impl Held {
    /// Reads a month's draft file to be shown; `None` when there is none. Where nothing may be written its text is
    /// not kept either.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::desk) fn draft(&self, month: Month) -> anyhow::Result<Option<DraftFile>> {
        match self.purpose {
            Purpose::Curate => Ok(curate::look_at_draft(self, month)?),
            Purpose::Watch => Ok(curate::draft_as_it_is(self, month)),
        }
    }

    /// Returns the sum over all that a month's look hangs on; `None` without a draft.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::desk) fn look_sum(&self, month: Month) -> anyhow::Result<Option<String>> {
        self.draft(month)?.map(|file| self.sum_of(&file)).transpose()
    }

    /// Returns that sum for a draft file that was read.
    fn sum_of(&self, file: &DraftFile) -> anyhow::Result<String> {
        let (draft, problems) = (&file.sum, &file.problems);
        let parts = format!("{} {draft} {problems:?} {}", self.settings, self.store.revision()?);
        Ok(sha256_hex(parts.as_bytes()))
    }

    /// Returns what is to be shown of a month; `None` without a draft.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::desk) fn look(&self, month: Month) -> anyhow::Result<Option<Look>> {
        let Some(file) = self.draft(month)? else { return Ok(None) };
        let sum = self.sum_of(&file)?;
        let before = self.looks.borrow().get(&month).cloned();
        if let Some(look) = before.as_ref().filter(|look| look.sum == sum) {
            return Ok(Some(look.clone()));
        }
        let made = if file.is_text {
            pipeline::preview(self, month, &file.text)?
        } else {
            Preview { problems: file.problems, ..Preview::default() }
        };
        // While the settings cannot be used the templates from before are looked at: what is wrong with those may
        // have been mended since.
        let problems =
            if self.wrong.is_empty() { made.problems.iter().map(said).collect() } else { self.wrong.clone() };
        let is_made = !made.email_html.is_empty();
        let shown = if is_made { Some(Rc::new(made)) } else { before.and_then(|look| look.shown) };
        let note = match (is_made, &shown) {
            (false, Some(_)) => EARLIER,
            (true, _) if !self.wrong.is_empty() => EARLIER_SETTINGS,
            _ => "",
        };
        let look = Look { sum, shown, note, problems };
        self.looks.borrow_mut().insert(month, look.clone());
        Ok(Some(look))
    }
}
