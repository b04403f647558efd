//! Tags in words for readers; files for programs keep the ids.

/// Names of tags whose id does not say enough once its hyphens are spaces.
const WORDS: &[(&str, &str)] = &[
    // Working groups, as the rules that come with the program name them.
    ("ikel", "Information, Knowledge Exchange and Learning"),
    ("evidence", "Evidence and Impact"),
    ("advocacy", "Advocacy"),
    ("adolescent", "Adolescent"),
    // Conditions.
    ("bipolar", "bipolar disorder"),
    ("bonding-parenting", "bonding and parenting"),
    ("cmd-distress", "common mental disorders and distress"),
    ("eating", "eating disorders"),
    ("grief-loss", "grief and loss"),
    ("ipv-mh", "mental health and violence by a partner"),
    ("ocd", "obsessive-compulsive disorder"),
    ("ptsd-birth-trauma", "PTSD and birth trauma"),
    ("suicide-selfharm", "suicide and self-harm"),
    // Interventions.
    ("cbt", "cognitive behavioural therapy"),
    ("ceta", "Common Elements Treatment Approach"),
    ("family-partner", "family and partner"),
    ("friendship-bench", "Friendship Bench"),
    ("home-visiting-ecd", "home visiting and early child development"),
    ("ipt", "interpersonal therapy"),
    ("ipv-integrated", "with care for violence by a partner"),
    ("mhgap-integration", "mhGAP and integrated care"),
    ("mindfulness-relaxation", "mindfulness and relaxation"),
    ("pm-plus", "Problem Management Plus"),
    ("policy-system", "policy and health system"),
    ("thp", "Thinking Healthy Programme"),
    // Populations.
    ("caregivers-other", "other caregivers"),
    ("disability-chronic", "people with disabilities or chronic illness"),
    ("fathers-partners", "fathers and partners"),
    ("hiv", "people living with HIV"),
    ("infants-children", "infants and children"),
    ("ipv-survivors", "survivors of violence by a partner"),
    ("lgbtq", "LGBTQ people"),
    ("low-income-slum", "informal settlements and low-income areas"),
    ("migrants-internal", "internal migrants"),
    ("nicu-preterm", "preterm babies and those in intensive care"),
    ("refugees-displaced", "refugees and displaced people"),
    ("substance-users", "people who use substances"),
    // Times around birth.
    ("post-12m", "more than 12 months after birth"),
    ("postnatal-0-6w", "first 6 weeks after birth"),
    ("postnatal-6w-12m", "6 weeks to 12 months after birth"),
    // Marks.
    ("country-from-affiliation", "country known from an address alone"),
    ("country-unsure", "country uncertain"),
    ("covid-19", "COVID-19"),
    ("non-english", "not in English"),
    ("qip", "quality improvement"),
    ("stage-unknown", "time around birth not stated"),
];

/// Returns a tag in words; one that is not known with spaces for its hyphens.
pub fn words(id: &str) -> String {
    let known = WORDS.iter().find(|(tag, _)| *tag == id);
    known.map_or_else(|| id.replace('-', " "), |(_, words)| (*words).to_owned())
}

/// Returns tags in words as one list; with semicolons where a name holds a comma.
pub fn list(ids: &[String]) -> String {
    let names: Vec<String> = ids.iter().map(|id| words(id)).collect();
    let between = if names.len() > 1 && names.iter().any(|name| name.contains(',')) { "; " } else { ", " };
    names.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_words() {
        for (ids, want) in [
            (&["low-income-slum"][..], "informal settlements and low-income areas"),
            (&["peer-support", "thp"], "peer support, Thinking Healthy Programme"),
            (&["ikel", "advocacy"], "Information, Knowledge Exchange and Learning; Advocacy"),
            (&["a-tag-of-ones-own"], "a tag of ones own"),
            (&[], ""),
        ] {
            assert_eq!(list(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()), want);
        }
    }

    /// A group that is renamed in the rules is renamed here as well.
    #[test]
    fn groups_are_called_as_in_the_rules_that_come_with_the_program() {
        let (rules, _) = crate::config::topics::parse(crate::config::topics::DEFAULT, "topics.toml");
        for topic in &rules.topics {
            assert_eq!(words(&topic.id), topic.name);
        }
    }
}
