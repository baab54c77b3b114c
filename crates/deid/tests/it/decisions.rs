//! What somebody decided after looking stands before rules and searches, and reaches no further.

use crate::objects::{file, read, wall};
use crate::pixels::{COLUMNS, ROWS, drawn, pixels, ultrasound};
use deid::pixels::{Act, Area, ImageKind};
use deid::{Decision, Document, Doubt, Known, ProjectKey, Reason, Wall, Which};
use dicom::{DataSet, Vr, tags};

const WITHHOLDS: &str = "basic";
const BOX: Area = Area { top: 30, left: 20, bottom: 40, right: 61 };

fn reason(wall: &Wall, set: &DataSet) -> Option<&'static str> {
    wall.deidentify(&file(set), &Known::default()).err().map(|withheld| withheld.reason.code())
}

fn about(which: Which, act: Act) -> Decision {
    Decision { doubt: Doubt::Pixels, which, act }
}

#[test]
fn images_alike_are_masked_in_the_boxes_and_nowhere_else() {
    let (us, wall) = (ultrasound(drawn()), wall(WITHHOLDS));
    assert_eq!(reason(&wall, &us), Some("burned-in-text"));
    wall.decide(vec![about(Which::Like(ImageKind::of(&us)), Act::Mask(vec![BOX]))]);
    let done = wall.deidentify(&file(&us), &Known::default()).expect("decided");
    let masked = pixels(&done);
    for (at, (before, after)) in drawn().iter().zip(masked.iter()).enumerate() {
        let (x, y) = (at % COLUMNS, at / COLUMNS);
        let inside = (20..61).contains(&x) && (30..40).contains(&y);
        assert!(inside || before == after, "{x},{y}");
    }
    assert!(masked.iter().all(|value| *value == masked[0]), "the letters are gone");
    assert_eq!(read(&done).data_set.text(tags::BURNED_IN_ANNOTATION).as_deref(), Some("NO"));
    let mut larger = us.clone();
    larger.put_bytes(tags::ROWS, Vr::US, ((ROWS - 1) as u16).to_le_bytes().to_vec());
    larger.put_bytes(tags::PIXEL_DATA, Vr::OB, vec![0; COLUMNS * (ROWS - 1)]);
    assert_eq!(reason(&wall, &larger), Some("burned-in-text"), "another size is another kind");
}

#[test]
fn one_image_is_released_and_another_kept_back() {
    let (us, wall) = (ultrasound(drawn()), wall(WITHHOLDS));
    let sop = us.uid(tags::SOP_INSTANCE_UID).expect("a UID");
    let mut other = us.clone();
    other.put_text(tags::SOP_INSTANCE_UID, "1.2.840.99.8.8.8");
    wall.decide(vec![
        about(Which::One(wall.uid(&sop)), Act::Release),
        about(Which::Like(ImageKind::of(&us)), Act::Withhold),
    ]);
    let done = wall.deidentify(&file(&us), &Known::default()).expect("released");
    assert_eq!(pixels(&done), drawn());
    assert_eq!(reason(&wall, &other), Some("kept-back"));
    wall.decide(Vec::new());
    assert_eq!(reason(&wall, &us), Some("burned-in-text"), "taken back");
}

#[test]
fn blocks_of_an_unknown_creator_go_where_somebody_decided_so() {
    let text = "format = 1\nid = \"a\"\nversion = 1\ntitle = \"A\"\n[private]\nunknown-creator = \"quarantine\"\n[pixels]\nburned-in = \"accept\"\n";
    let policy = Document::parse(text).and_then(Document::compile).expect("valid");
    let wall = Wall::new(policy, ProjectKey::from_bytes(&[1; 32]));
    let mut us = ultrasound(drawn());
    us.put_text_as(dicom::Tag(0x0099, 0x0010), Vr::LO, "SOMEBODY");
    us.put_text_as(dicom::Tag(0x0099, 0x1001), Vr::LO, "what is it");
    assert_eq!(reason(&wall, &us), Some("unknown-creator"));
    assert_eq!(Doubt::of("unknown-creator"), Some(Doubt::Creators));
    let like = Which::Like(ImageKind::of(&us));
    wall.decide(vec![Decision { doubt: Doubt::Creators, which: like, act: Act::Release }]);
    let done = wall.deidentify(&file(&us), &Known::default()).expect("decided");
    assert!(read(&done).data_set.iter().all(|element| element.tag.0 != 0x0099));
}

#[test]
fn a_policy_carries_decisions_as_rules() {
    let us = ultrasound(drawn());
    let like = ImageKind::of(&us);
    let text = format!(
        "format = 1\nid = \"a\"\nversion = 1\ntitle = \"A\"\n[[pixels.images]]\n\
         like = {{ modality = \"{}\", sop-class = \"{}\", manufacturer = \"{}\", model = \"{}\", rows = {}, columns = {} }}\n\
         action = \"mask\"\nboxes = [[20, 30, 61, 40]]\nbecause = \"the name stands there\"\n",
        like.modality, like.sop_class, like.manufacturer, like.model, like.rows, like.columns
    );
    let document = Document::parse(&text).expect("valid");
    assert_eq!(Document::parse(&document.to_toml()).expect("valid"), document);
    let wall = Wall::new(document.compile().expect("valid"), ProjectKey::from_bytes(&[1; 32]));
    let done = wall.deidentify(&file(&us), &Known::default()).expect("decided");
    assert!(pixels(&done).iter().all(|value| *value == pixels(&done)[0]));
    for (wrong, told) in [
        (text.replace("[[20, 30, 61, 40]]", "[]"), "needs 1 to 100 boxes"),
        (text.replace("20, 30, 61", "61, 30, 20"), "left, top, right, bottom"),
        (text.replace("\"mask\"", "\"release\""), "boxes only belong to mask"),
    ] {
        let problem = Document::parse(&wrong).expect_err("refused").to_string();
        assert!(problem.contains(told) && problem.contains("pixels.images, number 1"), "{problem}");
    }
}

#[test]
fn a_decision_opens_nothing_else() {
    let mut us = ultrasound(drawn());
    us.put_bytes(tags::PIXEL_DATA, Vr::OB, vec![0; 10]);
    let wall = wall(WITHHOLDS);
    wall.decide(vec![about(Which::Like(ImageKind::of(&us)), Act::Mask(vec![BOX]))]);
    assert_eq!(reason(&wall, &us), Some(Reason::PixelsUnreadable.code()));
}
