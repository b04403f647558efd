//! What a learner counts and how hard it learns: one place for every number, with its reason.

/// How texts become numbers and how these are learnt from. One recipe serves every collection of papers:
/// nothing in it is set for one of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// Whether stems are counted beside the words themselves ("mothers", "mothering"). Words alone miss
    /// other forms; stems alone run words together that differ ("organic", "organisation").
    pub counts_stems: bool,
    /// How often a word of the title counts: titles say what a paper is about, abstracts also say what
    /// else was measured.
    pub title_weight: f64,
    /// Papers that a term must stand in at least: what stands in one paper alone says nothing of others,
    /// and takes weight from what does. Not heeded in a collection of fewer than [`SMALL`] papers.
    pub papers_min: u32,
    /// Share of the papers above which a term is left out.
    pub share_max: f64,
    /// How far a short text is held back: its row is scaled by (length ÷ mean length) to this power, never
    /// up. A record without an abstract has few terms, so each weighs much and chance decides its place
    /// (pivoted length normalisation, Singhal, Buckley and Mitra 1996). 0 for not at all.
    pub length_power: f64,
    /// What a mistake on one paper costs against keeping the weights small (C of the support vector machine).
    pub cost: f64,
    /// How much all wanted papers together count against all others together.
    pub balance: f64,
    /// Papers that stand in for unwanted ones while fewer than these are known: drawn by lot from those nobody
    /// has looked at, since nearly all of a collection is unwanted (AutoTAR, Cormack and Grossman 2015).
    pub presumed: usize,
    /// What a presumed one counts against a real one.
    pub presumed_weight: f64,
}

/// Collections below this size keep terms that stand in one paper alone: else little would be left.
pub const SMALL: usize = 100;

impl Recipe {
    /// Returns the recipe of ELAS u4, the default of ASReview LAB 3 (`asreview/models/models.py`), to compare with.
    pub fn elas_u4() -> Self {
        Self {
            counts_stems: false,
            title_weight: 1.0,
            papers_min: 1,
            share_max: 0.95,
            length_power: 0.0,
            cost: 0.11,
            balance: 9.8,
            presumed: 0,
            presumed_weight: 0.0,
        }
    }
}

impl Default for Recipe {
    /// Returns our own: ELAS u4 with stems, titles, real terms and presumed papers. `docs/ranking.md` has what each
    /// of these is worth.
    fn default() -> Self {
        Self {
            counts_stems: true,
            title_weight: 3.0,
            papers_min: 2,
            length_power: 0.15,
            presumed: 50,
            presumed_weight: 0.5,
            ..Self::elas_u4()
        }
    }
}
