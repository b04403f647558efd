//! How a paper was judged, with a reason for every tag.

use std::collections::BTreeMap;
use std::fmt;

/// Makes a closed list of words: an enum with one fixed name a value.
macro_rules! word_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $word)] $variant),+
        }
        impl $name {
            /// All values in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the fixed name, as it stands in files and output.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Returns the value of a fixed name, or `None`.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

word_enum! {
    /// Whether a paper belongs in the roundup (rubric section 1).
    Scope {
        /// All three questions are answered yes.
        In = "in",
        /// A person has to decide.
        Maybe = "maybe",
        /// One question is answered no.
        Out = "out",
    }
}

word_enum! {
    /// Why a paper is `maybe` or `out` (rubric sections 1 and 10.1).
    ExcludeReason {
        /// Animal or laboratory work.
        Animal = "animal",
        /// Erratum, retraction notice, expression of concern.
        Notice = "notice",
        /// Letter or reply without data.
        Letter = "letter",
        /// No pregnancy, birth or infant is involved.
        NoPerinatal = "no-perinatal",
        /// Mental health is no main subject.
        NoMh = "no-mh",
        /// People from an LMIC studied in a high-income country.
        HicDiaspora = "hic-diaspora",
        /// High-income countries only.
        Hic = "hic",
        /// A global piece without an LMIC result.
        GlobalNoLmic = "global-no-lmic",
        /// No country is named anywhere.
        NoCountry = "no-country",
        /// A title alone does not tell.
        Unreadable = "unreadable",
    }
}

word_enum! {
    /// Study design (rubric section 7, in its order of precedence).
    Design {
        /// Erratum, retraction notice, expression of concern.
        Notice = "notice",
        /// Protocol, registered or announced study.
        Protocol = "protocol",
        /// Recommendations of a body.
        Guideline = "guideline",
        /// Meta-analysis.
        MetaAnalysis = "meta-analysis",
        /// Systematic review without meta-analysis.
        SystematicReview = "systematic-review",
        /// Scoping, narrative, rapid or other review; evidence map.
        ScopingOtherReview = "scoping-other-review",
        /// Cluster-randomised trial.
        ClusterRct = "cluster-rct",
        /// Randomised trial.
        Rct = "rct",
        /// Comparison without random allocation, before–after, interrupted time series.
        QuasiExperimental = "quasi-experimental",
        /// Economic evaluation.
        Economic = "economic",
        /// Validation of a measure.
        Validation = "validation",
        /// Mixed methods.
        MixedMethods = "mixed-methods",
        /// Qualitative study.
        Qualitative = "qualitative",
        /// Cohort or longitudinal study.
        Cohort = "cohort",
        /// Case-control study.
        CaseControl = "case-control",
        /// Cross-sectional study.
        CrossSectional = "cross-sectional",
        /// Feasibility, process evaluation, programme description.
        ImplementationOther = "implementation-other",
        /// Case report or series.
        CaseReport = "case-report",
        /// Commentary, editorial, news, policy analysis.
        PolicyCommentary = "policy-commentary",
        /// None of the above.
        Unclear = "unclear",
    }
}

impl Scope {
    /// Returns the name that readers see.
    pub fn label(self) -> &'static str {
        match self {
            Self::In => "In scope",
            Self::Maybe => "Perhaps in scope",
            Self::Out => "Out of scope",
        }
    }
}

impl Design {
    /// Returns the name that readers see on a tag.
    pub fn label(self) -> &'static str {
        match self {
            Self::Notice => "Notice",
            Self::Protocol => "Study protocol",
            Self::Guideline => "Guideline",
            Self::MetaAnalysis => "Meta-analysis",
            Self::SystematicReview => "Systematic review",
            Self::ScopingOtherReview => "Review",
            Self::ClusterRct => "Cluster-randomised trial",
            Self::Rct => "Randomised trial",
            Self::QuasiExperimental => "Comparison without randomisation",
            Self::Economic => "Economic evaluation",
            Self::Validation => "Validation study",
            Self::MixedMethods => "Mixed methods",
            Self::Qualitative => "Qualitative",
            Self::Cohort => "Cohort",
            Self::CaseControl => "Case-control",
            Self::CrossSectional => "Cross-sectional",
            Self::ImplementationOther => "Programme or implementation",
            Self::CaseReport => "Case report",
            Self::PolicyCommentary => "Commentary or news",
            Self::Unclear => "Design not stated",
        }
    }

    /// Returns the narrower kinds that people mean as well when they ask for this one: a systematic
    /// review is a review, a cluster-randomised trial a randomised one.
    pub fn includes(self) -> &'static [Self] {
        match self {
            Self::ScopingOtherReview => &[Self::MetaAnalysis, Self::SystematicReview],
            Self::Rct => &[Self::ClusterRct],
            _ => &[],
        }
    }

    /// Tells whether readers count it as a review.
    pub fn is_review(self) -> bool {
        matches!(self, Self::MetaAnalysis | Self::SystematicReview | Self::ScopingOtherReview)
    }
}

impl ExcludeReason {
    /// Returns what the rules saw, or did not see, in plain words.
    pub fn plain(self) -> &'static str {
        match self {
            Self::Animal => "it looks like animal or laboratory work",
            Self::Notice => "it looks like a notice about another paper",
            Self::Letter => "it looks like a letter without data",
            Self::NoPerinatal => "its words name no pregnancy, birth or first year",
            Self::NoMh => "mental health is not its main subject by its words",
            Self::HicDiaspora => "it seems to study migrants in a high-income country",
            Self::Hic => "it seems to be about high-income countries only",
            Self::GlobalNoLmic => "it is global, without a result for low- and middle-income countries",
            Self::NoCountry => "its words name no country",
            Self::Unreadable => "its title alone does not tell",
        }
    }
}

/// What a tag rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// The rule that fired, by its name in the rules files.
    pub rule: String,
    /// The field it fired in: `title`, `abstract`, `mesh`, `type`, `keywords`, `affiliation`; or
    /// [`Evidence::OF_PERSON`], and then `text` says who and when.
    pub field: String,
    /// The words, verbatim from that field.
    pub text: String,
}

impl Evidence {
    /// The field of what no rule found but a person said.
    pub const OF_PERSON: &str = "person";

    /// Tells whether a person said so.
    pub fn is_of_person(&self) -> bool {
        self.field == Self::OF_PERSON
    }
}

/// How one paper was judged: what `roundup tag` prints. A stable interface.
///
/// Countries and design are given for every scope; working groups only for in and maybe.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Judgement {
    /// In, maybe or out.
    pub scope: Scope,
    /// Why it is maybe or out; `None` when in.
    pub exclude_reason: Option<ExcludeReason>,
    /// ISO 3166 alpha-3 codes of the study's countries, most prominent first.
    pub countries: Vec<String>,
    /// Group terms ("LMIC", "SSA", "Africa" …).
    pub region_terms: Vec<String>,
    /// Working groups by topic id, the primary one first; may be empty.
    pub twg: Vec<String>,
    /// The primary working group; given when `twg` is not empty.
    pub twg_primary: Option<String>,
    /// Conditions studied.
    pub conditions: Vec<String>,
    /// Interventions studied, adapted, costed, planned or reviewed.
    pub interventions: Vec<String>,
    /// Who was studied.
    pub populations: Vec<String>,
    /// When around birth.
    pub perinatal_stage: Vec<String>,
    /// Study design.
    pub design: Design,
    /// Flags ("preprint", "retracted", "open-access" …).
    pub flags: Vec<String>,
    /// The sentences taken as the authors' conclusion, verbatim.
    pub conclusion: Vec<String>,
    /// One sentence for readers, verbatim but for a trimmed edge; `None` rather than nonsense.
    pub finding: Option<String>,
    /// How well it fits the roundup, 0.0–1.0.
    pub relevance: f64,
    /// Reasons by `facet:value` ("country:KEN", "twg:evidence", "design:rct", "scope:in").
    pub why: BTreeMap<String, Vec<Evidence>>,
}

impl Judgement {
    /// Tells whether a flag is set.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_design_has_its_own_name_and_comes_back() {
        for d in Design::ALL {
            assert_eq!(Design::parse(d.as_str()), Some(*d));
            assert_eq!(serde_json::to_string(d).expect("writes"), format!("\"{d}\""));
        }
        assert_eq!(Design::ALL.len(), 20);
    }
}
