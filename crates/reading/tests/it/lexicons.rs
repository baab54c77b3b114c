//! A site's own words, and what is said of wrong ones.

use reading::{Assertion, Lexicon, LexiconError, Reader, Source};

fn with(text: &str) -> Result<Lexicon, LexiconError> {
    Lexicon::with(&[Source { name: "ours.toml", text }])
}

fn error(text: &str) -> String {
    with(text).expect_err("it is wrong").to_string()
}

#[test]
fn a_site_adds_findings_terms_and_cues() {
    let ours = r#"
        [[finding]]
        id = "azygos_lobe"
        terms = ["azygos lobe"]
        [[finding]]
        id = "nodule"
        terms = ["noodle"]
        [[cue]]
        kind = "absent"
        direction = "forward"
        phrases = ["kein"]
    "#;
    let reader = Reader::new(with(ours).expect("it is right"));
    let reading = reader.read("Azygos lobe. Kein noodle.");
    let read: Vec<_> = reading.findings.iter().map(|one| (&*one.finding, one.assertion)).collect();
    assert_eq!(read, [("azygos_lobe", Assertion::Present), ("nodule", Assertion::Absent)]);
    assert_eq!(&*reading.findings[1].evidence[0].rule, "absent:kein");
}

#[test]
fn own_words_change_the_version() {
    let plain = Lexicon::builtin().expect("it is right");
    let one = with("[[finding]]\nid = \"x\"\nterms = [\"xx\"]").expect("it is right");
    let two = with("[[finding]]\nid = \"x\"\nterms = [\"yy\"]").expect("it is right");
    assert_ne!(plain.version(), one.version());
    assert_ne!(one.version(), two.version());
    assert!(one.version().starts_with(plain.version()));
}

#[test]
fn errors_say_where_and_what_to_do() {
    let told = error("[[finding]]\nid = \"a\"\nbroader = \"nodle\"\nterms = [\"aa\"]");
    assert_eq!(told, "ours.toml: finding `a`: there is no finding `nodle`; did you mean `nodule`?");
    let told = error("[[finding]]\nid = \"a\"\nbroader = \"cyst\"\nin = [\"kidny\"]");
    assert_eq!(told, "ours.toml: finding `a`: there is no place `kidny`; did you mean `kidney`?");
    let told = error("[[finding]]\nid = \"a\"\nterms = [\"pneumothorax\"]");
    assert!(told.contains("`pneumothorax` stands for the finding `pneumothorax` already"), "{told}");
    let told = error("[[finding]]\nid = \"a\"");
    assert!(told.contains("nothing leads to it"), "{told}");
    let told = error("[[finding]]\nid = \"a\"\nterms = [\"--\"]");
    assert!(told.contains("`--` has no word in it"), "{told}");
    let told = error("[[finding]]\nid = \"a\"\nterm = [\"x\"]");
    assert!(told.starts_with("ours.toml: ") && told.contains("term"), "{told}");
    let told = error("[[cue]]\nkind = \"absnt\"\ndirection = \"forward\"\nphrases = [\"x\"]");
    assert!(told.contains("did you mean `absent`?"), "{told}");
    let told = error("[[cue]]\nkind = \"absent\"\nphrases = [\"x\"]");
    assert!(told.contains("needs `direction`"), "{told}");
    let told = error("[words]\nrecomend = [\"x\"]");
    assert!(told.contains("did you mean `recommend`?"), "{told}");
    let circle = "[[finding]]\nid = \"a\"\nbroader = \"b\"\nterms = [\"aa\"]\n[[finding]]\nid = \"b\"\nbroader = \"a\"\nterms = [\"bb\"]";
    assert!(error(circle).contains("is a kind of itself"));
}

#[test]
fn every_term_of_the_lexicon_is_found_as_it_is_written() {
    // `nothing` entries keep words from meaning something else and are no findings.
    let reader = crate::shared::reader();
    for file in
        ["general", "chest", "abdomen", "neuro", "breast", "prostate", "spine", "musculoskeletal", "vascular"]
    {
        let path = format!("{}/data/findings/{file}.toml", env!("CARGO_MANIFEST_DIR"));
        let data: toml::Table =
            std::fs::read_to_string(path).expect("it is there").parse().expect("it is TOML");
        for entry in
            data["finding"].as_array().into_iter().flatten().filter(|entry| entry.get("nothing").is_none())
        {
            for term in entry.get("terms").and_then(toml::Value::as_array).into_iter().flatten() {
                let (id, term) = (entry["id"].as_str().expect("an id"), term.as_str().expect("a term"));
                let reading = reader.read(&format!("FINDINGS: There is {term} here."));
                let same = |one: &reading::Finding| {
                    &*one.finding == id || one.broader.iter().any(|broader| &**broader == id)
                };
                assert!(reading.findings.iter().any(same), "{id}: `{term}` gives {:?}", reading.findings);
            }
        }
    }
}
