use super::*;
use crate::model::Language;
use crate::render::golden;

/// A text and what it speaks of: `l` loss, `s` suicide, `v` violence; then a note why.
type Row = (&'static str, &'static str, &'static str);

/// Texts as titles and findings write them; all invented.
const CASES: [Row; 94] = [
    ("Grief after stillbirth in three invented districts", "l", "the plain word"),
    ("Stillborn babies and their mothers’ sleep", "l", "another form"),
    ("Care after still-birth: an invented guide", "l", "written with a hyphen"),
    ("Anxiety in women with recurrent miscarriages", "l", "several"),
    ("Early pregnancy loss and partners’ distress", "l", "a term of the field"),
    ("Perinatal loss support groups", "l", "another"),
    ("Neonatal deaths and fathers: an interview study", "l", "the newborn"),
    ("Intrauterine fetal demise and later mood", "l", "medical words"),
    ("Foetal death and nurses’ well-being", "l", "British spelling"),
    ("Infant mortality and maternal mood in ten villages", "l", "a rate is of babies too"),
    ("After the death of a newborn baby", "l", "words between"),
    ("The loss of a much wanted baby", "l", "three words between"),
    ("Women who lost their babies in the invented flood", "l", "a verb"),
    ("Losing a pregnancy at work", "l", "another verb"),
    ("When babies died: midwives remember", "l", "the plain verb"),
    ("Bereaved parents as advisers", "l", "the people"),
    ("Pregnancy after loss: a group for couples", "l", "the time after"),
    ("Spontaneous abortion and depressive symptoms", "l", "the older term"),
    ("Termination of pregnancy for fetal anomaly", "l", "a wanted pregnancy"),
    ("Ectopic pregnancy and fear of the next one", "l", "also a loss"),
    ("Sudden unexpected death in infancy: siblings’ stories", "l", "a baby’s death"),
    ("Deuil périnatal : une étude inventée", "l", "French"),
    ("La perte d’un bébé : récits", "l", "French, plain words"),
    ("Les fausses couches et le silence", "l", "French, several"),
    ("Enfants mort-nés et récits de pères", "l", "French, a hyphen"),
    ("Interruption médicale de grossesse et couple", "l", "French, a wanted pregnancy"),
    ("Muerte perinatal y duelo en el barrio", "l", "Spanish"),
    ("Pérdidas gestacionales tempranas", "l", "Spanish, several"),
    ("Aborto espontáneo y pareja", "l", "Spanish, the usual term"),
    ("Luto gestacional e rede de apoio", "l", "Portuguese"),
    ("Mães de natimortos: entrevistas", "l", "Portuguese, medical"),
    ("Perdas gestacionais e o trabalho", "l", "Portuguese, several"),
    ("Suicidal ideation in late pregnancy", "s", "thoughts of it"),
    ("The suicidal ideation item of the EPDS", "s", "an item is about it"),
    ("Suicide prevention in maternity wards", "s", "preventing it is about it"),
    ("Maternal suicides in an invented register", "s", "several"),
    ("Self-harm among young mothers", "s", "with a hyphen"),
    ("Self harming in the year after birth", "s", "without"),
    ("Self-injurious thoughts and sleep", "s", "another word"),
    ("Mothers who wished to die", "s", "plain words"),
    ("Thoughts of death in the antenatal clinic", "s", "as questionnaires ask"),
    ("Women who killed themselves with pesticide", "s", "plain words"),
    ("Idées suicidaires pendant la grossesse", "s", "French"),
    ("Ideación suicida y apoyo de la madre", "s", "Spanish"),
    ("Ideação suicida na adolescência", "s", "Portuguese"),
    ("Autolesiones en el embarazo adolescente", "s", "Spanish"),
    ("Ideias de morte no puerpério", "s", "Portuguese"),
    ("Intimate partner violence and mood", "v", "the usual term"),
    ("IPV screening by midwives", "v", "its abbreviation"),
    ("Obstetric violence in two hospitals", "v", "in care"),
    ("Mistreatment of women in labour", "v", "in care, another word"),
    ("Disrespect and abuse during childbirth", "v", "in care, a term"),
    ("Domestic abuse and home visits", "v", "abuse by a partner"),
    ("Childhood abuse and birth", "v", "long ago"),
    ("Survivors of sexual assault in antenatal care", "v", "an assault"),
    ("Pregnancy after rape in an invented war", "v", "an assault"),
    ("Child maltreatment and later depression", "v", "another word"),
    ("Female genital mutilation and birth fear", "v", "violence too"),
    ("Leaving a violent partner", "v", "the person"),
    ("Violences conjugales et grossesse", "v", "French"),
    ("Violencia obstétrica: relatos", "v", "Spanish"),
    ("Violência por parceiro na gestação", "v", "Portuguese"),
    ("Maus-tratos na infância e puerpério", "v", "Portuguese"),
    ("Violence, suicide and stillbirth: a review", "lsv", "all three"),
    ("Stillbirth and suicidal thoughts", "ls", "two"),
    ("Maternal filicide and infanticide", "v", "a killing is violence"),
    ("Loss to follow-up in an invented trial", "", "a loss of participants"),
    ("Participants lost to follow up", "", "the same as a verb"),
    ("Weight loss after birth", "", "of weight"),
    ("Postpartum weight loss and baby weight", "", "of weight, beside a baby"),
    ("Loss of pregnancy weight in the first year", "", "of weight, with the very word"),
    ("Hearing loss in newborns and mothers’ worry", "", "of hearing"),
    ("Blood loss at birth and fatigue", "", "of blood"),
    ("Job loss and antenatal mood", "", "of work"),
    ("Mothers who lost their child care", "", "of care"),
    ("Loss of income in pregnancy", "", "of money"),
    ("Loss of sleep with a baby", "", "of sleep, a baby near by"),
    ("A violent storm and antenatal distress", "", "weather"),
    ("Violent vomiting in pregnancy", "", "an illness"),
    ("Nonviolent communication for couples", "", "its opposite"),
    ("Non-violence in parenting classes", "", "its opposite with a hyphen"),
    ("Substance abuse in pregnancy", "", "of a substance"),
    ("Alcohol abuse and maternal mood", "", "of alcohol"),
    ("Rape seed oil and infant growth", "", "a plant"),
    ("Suicide gene therapy in an invented line", "", "a term of the laboratory"),
    ("Live births and mood", "", "births"),
    ("Preterm birth and parents’ distress", "", "a birth"),
    ("Grief over a changed body", "", "grief of another kind"),
    ("Death of a husband during pregnancy", "", "not of a baby"),
    ("Maternal mortality and its counting", "", "mothers"),
    ("Induced abortion laws in six countries", "", "a law"),
    ("Screening for depression by text message", "", "nothing"),
    ("Birth stories of 28 invented mothers", "", "nothing"),
    ("", "", "nothing at all"),
];

fn letters(themes: &[Theme]) -> String {
    let letter = |t: &Theme| match t {
        Theme::Loss => 'l',
        Theme::Suicide => 's',
        Theme::Violence => 'v',
    };
    themes.iter().map(letter).collect()
}

#[test]
fn words_of_a_title_or_a_finding_decide() {
    for (text, want, note) in CASES {
        let (about, mentions) = themes(text, "", &[]);
        assert_eq!((letters(&about).as_str(), mentions.len()), (want, 0), "{text}: {note}");
        let (about, mentions) = themes("A study", text, &[]);
        assert_eq!((about.len(), letters(&mentions).as_str()), (0, want), "{text}: {note}");
    }
}

#[test]
fn a_figure_in_a_finding_is_no_theme() {
    for (title, finding, about, mentions, note) in [
        ("Mood", "A history of one or more miscarriages went with anxiety.", "", "", "one figure among others"),
        ("Mood", "Prior stillbirth doubled the odds.", "", "", "the same"),
        ("Mood in women with a history of stillbirth", "", "l", "", "the same words in a title are its subject"),
        ("Mood", "Prior stillbirth mattered, and two babies died.", "", "l", "something else is said as well"),
        ("Stillbirth", "Stillbirths were followed by self-harm.", "l", "s", "what it is about is not said twice"),
    ] {
        let found = themes(title, finding, &[]);
        assert_eq!((letters(&found.0).as_str(), letters(&found.1).as_str()), (about, mentions), "{note}");
    }
}

#[test]
fn tags_decide_where_the_words_are_silent() {
    for (tag, want) in
        [("grief-loss", "l"), ("suicide-selfharm", "s"), ("ipv-mh", "v"), ("ipv-survivors", "v"), ("depression", "")]
    {
        assert_eq!(letters(&themes("A study", "", &[tag]).0), want, "{tag}");
    }
    // A tag that is renamed in the rules is renamed here as well.
    let rules = include_str!("../../../topics.toml");
    for tag in RULES.iter().flat_map(|r| r.tags) {
        assert!(rules.contains(&format!("tag = \"{tag}\"")), "{tag}");
    }
}

#[test]
fn a_note_is_one_sentence_in_the_issues_language() {
    let note = |title: &str, finding: &str, language: Language, content_notes: bool| {
        let mut item = golden::full().sections[0].items[0].clone();
        item.title = title.to_owned();
        of(&item, finding, &House { language, content_notes, ..golden::house() })
    };
    for (language, about, both) in [
        (
            Language::English,
            "This paper is about the loss of a baby.",
            "This paper is about the loss of a baby and suicide. It mentions violence.",
        ),
        (
            Language::French,
            "Cet article porte sur la perte d’un bébé.",
            "Cet article porte sur la perte d’un bébé et le suicide. Il évoque la violence.",
        ),
        (
            Language::Spanish,
            "Este artículo aborda la pérdida de un bebé.",
            "Este artículo aborda la pérdida de un bebé y el suicidio. Menciona la violencia.",
        ),
        (
            Language::Portuguese,
            "Este artigo aborda a perda de um bebê.",
            "Este artigo aborda a perda de um bebê e o suicídio. Menciona a violência.",
        ),
    ] {
        assert_eq!(note("After stillbirth", "", language, true), about);
        assert_eq!(note("Stillbirth and suicide", "Violence was common.", language, true), both);
        assert_eq!(note("After stillbirth", "", language, false), "", "switched off");
        assert_eq!(note("Sleep", "", language, true), "", "nothing to say");
    }
    let all = note("Violence, suicide, stillbirth", "", Language::English, true);
    assert_eq!(all, "This paper is about the loss of a baby, suicide and violence.");
}

#[test]
fn a_finding_that_is_only_mentioned_stands_in_a_whole_sentence() {
    let mut item = golden::full().sections[0].items[0].clone();
    item.title = "Sleep".to_owned();
    assert_eq!(of(&item, "Violence was common.", &golden::house()), "This paper mentions violence.");
    assert_eq!(of(&item, "", &golden::house()), "", "the finding of a retracted paper is not shown");
}

#[test]
fn patterns_take_gaps_and_beginnings() {
    for (text, pattern, want) in [
        ("a b c", "a ~1 c", Some(3)),
        ("a c", "a ~1 c", Some(2)),
        ("a b b c", "a ~1 c", None),
        ("a with c", "a ~1 c", None),
        ("abc d", "ab*", Some(1)),
        ("ab", "abc*", None),
        ("", "a", None),
    ] {
        let words: Vec<Option<&str>> = text.split_whitespace().map(Some).collect();
        assert_eq!(matches_at(&words, 0, pattern), want, "{text} by {pattern}");
    }
}

#[test]
fn every_pattern_begins_with_a_letter() {
    // Patterns are looked up by the letter that they begin with: one that began with a gap would never be found.
    for pattern in RULES.iter().flat_map(|rule| rule.speaks) {
        assert!(pattern.starts_with(|c: char| c.is_ascii_lowercase()), "{pattern}");
    }
}
