//! Canaries: invented identifiers planted into copies of real objects. Each has a mark nobody else would write;
//! whatever mark is still there after the wall came through.

use super::residual::Category;
use crate::key::ProjectKey;
use crate::pixels::Engines;
use crate::{Known, Policy, Wall};
use bytes::Bytes;
use dicom::{DataSet, Header, Tag, TransferSyntax, Value, Vr, tags};
use memchr::memmem;
use std::collections::BTreeMap;

/// An object with canaries in it.
pub struct Planted {
    /// The object, in Explicit VR Little Endian.
    pub file: Bytes,
    /// The marks, and what each stands for.
    pub marks: Vec<(Category, String)>,
}

/// What became of the canaries of a number of objects.
#[derive(Debug, Default, serde::Serialize)]
pub struct Counted {
    /// Objects they were planted into.
    pub objects: u64,
    /// Objects that were withheld with their canaries.
    pub withheld: u64,
    /// How many were planted into the others, by kind.
    pub planted: BTreeMap<Category, u64>,
    /// How many of those came through.
    pub through: BTreeMap<Category, u64>,
}

/// Plants canaries into copies of objects, one after the other, and counts what comes through a policy.
pub struct Planting {
    wall: Wall,
    key: ProjectKey,
    /// What was counted so far.
    pub counted: Counted,
}

impl Planting {
    /// For a policy; the key is always the same, so that a result can be repeated. Without engines that search
    /// pixels, objects that may have text in theirs are withheld.
    #[must_use]
    pub fn new(policy: Policy, engines: Engines) -> Self {
        let key = ProjectKey::from_bytes(&[0xCA; 32]);
        let wall = Wall::new(policy, key.clone()).with_engines(engines);
        Self { wall, key, counted: Counted::default() }
    }

    /// Plants into a copy of an object; one that can't be read is left out.
    pub fn one(&mut self, file: &Bytes) {
        let Ok(header) = dicom::read_header(file) else { return };
        let Ok(set) = whole(file, &header) else { return };
        let counted = &mut self.counted;
        let planted = plant(&header, set, &self.key, &format!("canary {}", counted.objects));
        counted.objects += 1;
        let Ok(done) = self.wall.deidentify(&planted.file, &Known::default()) else {
            counted.withheld += 1;
            return;
        };
        for (category, _) in &planted.marks {
            *counted.planted.entry(*category).or_default() += 1;
        }
        for (category, count) in planted.came_through(&done.to_bytes()) {
            *counted.through.entry(category).or_default() += count;
        }
    }
}

/// Someone invented, never twice the same.
struct Invented {
    family: String,
    given: String,
    doctor: String,
    id: String,
    accession: String,
    phone: String,
    mail: String,
    uid: String,
    birth: String,
}

impl Invented {
    fn of(key: &ProjectKey, seed: &str) -> Self {
        let number = |purpose: &str| key.derive(purpose, seed.as_bytes());
        let digits = |purpose: &str, count: usize| format!("{:032}", number(purpose))[..count].to_owned();
        Self {
            family: name(number("canary family")),
            given: name(number("canary given")),
            doctor: name(number("canary doctor")),
            id: format!("QZ{}", digits("canary id", 8)),
            accession: format!("AX{}", digits("canary accession", 7)),
            phone: format!("(555) {}-{}", digits("canary exchange", 3), digits("canary line", 4)),
            mail: format!("{}@canary.example", name(number("canary mail")).to_lowercase()),
            uid: format!("1.2.826.0.1.3680043.10.{}", digits("canary uid", 20).trim_start_matches('0')),
            birth: format!(
                "19{:02}0{}1{}",
                30 + number("canary year") % 60,
                1 + number("canary month") % 9,
                number("canary day") % 10
            ),
        }
    }

    fn marks(&self) -> Vec<(Category, String)> {
        let names = [&self.family, &self.given, &self.doctor].map(|name| (Category::Names, name.clone()));
        let others = [
            (Category::Identifiers, self.id.clone()),
            (Category::AccessionNumbers, self.accession.clone()),
            (Category::Contacts, self.phone.clone()),
            (Category::Contacts, self.mail.clone()),
            (Category::Uids, self.uid.clone()),
            (Category::Dates, self.birth.clone()),
        ];
        names.into_iter().chain(others).collect()
    }
}

/// Eight letters that make no word: consonants and vowels in turn.
fn name(bits: u128) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfgjklmnprtvwxz";
    const VOWELS: &[u8; 4] = b"aeou";
    let letter = |at: usize| match at % 2 {
        0 => CONSONANTS[(bits >> (8 * at) & 15) as usize],
        _ => VOWELS[(bits >> (8 * at) & 3) as usize],
    };
    let text: String = (0..8).map(|at| char::from(letter(at))).collect();
    format!("X{text}")
}

/// Plants canaries into a copy of an object: in its identifying attributes, and of the same people in its free
/// text, in sequences, in private blocks. `seed` makes them different from those of other objects.
#[must_use]
pub fn plant(original: &Header, whole: DataSet, key: &ProjectKey, seed: &str) -> Planted {
    let someone = Invented::of(key, seed);
    let mut set = whole;
    identities(&mut set, &someone);
    texts(&mut set, &someone);
    nested(&mut set, &someone);
    private(&mut set, &someone);
    let syntax = match original.transfer_syntax.is_encapsulated() {
        true => original.transfer_syntax.clone(),
        false => TransferSyntax::EXPLICIT_LE,
    };
    Planted { file: dicom::write_file(&set, &syntax, None).into(), marks: someone.marks() }
}

fn identities(set: &mut DataSet, someone: &Invented) {
    set.put_text(tags::PATIENT_NAME, &format!("{}^{}", someone.family, someone.given));
    set.put_text(tags::REFERRING_PHYSICIAN_NAME, &format!("{}^Ruth", someone.doctor));
    set.put_text(tags::PATIENT_ID, &someone.id);
    set.put_text(tags::ACCESSION_NUMBER, &someone.accession);
    set.put_text(tags::PATIENT_TELEPHONE_NUMBERS, &someone.phone);
    set.put_text(tags::PATIENT_BIRTH_DATE, &someone.birth);
    set.put_text(tags::FRAME_OF_REFERENCE_UID, &someone.uid);
}

fn texts(set: &mut DataSet, someone: &Invented) {
    let Invented { family, given, doctor, id, accession, phone, mail, uid, birth } = someone;
    set.put_text(tags::SERIES_DESCRIPTION, &format!("AX {family} 5MM"));
    set.put_text(tags::PROTOCOL_NAME, &format!("{}_{}_ROUTINE", given.to_uppercase(), id));
    set.put_text(
        tags::IMAGE_COMMENTS,
        &format!("{given} {family} (MRN {id}) born {birth}, seen by Dr {doctor}, call {phone}"),
    );
    set.put_text(
        tags::PATIENT_COMMENTS,
        &format!("{mail}; {uid}; acc {accession}; {}{}", family.to_lowercase(), given.to_lowercase()),
    );
    set.put_text(
        tags::ADDITIONAL_PATIENT_HISTORY,
        &format!(
            "{}, {} DISCUSSED WITH {}",
            family.to_uppercase(),
            given.to_uppercase(),
            doctor.to_uppercase()
        ),
    );
}

fn nested(set: &mut DataSet, someone: &Invented) {
    let mut other = DataSet::new();
    other.put_text(tags::PATIENT_ID, &someone.id);
    let mut request = DataSet::new();
    request.put_text(tags::REQUESTED_PROCEDURE_DESCRIPTION, &format!("CT for {}", someone.family));
    request.put_text(tags::ACCESSION_NUMBER, &someone.accession);
    request.put_items(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![other.clone()]);
    let mut reference = DataSet::new();
    reference.put_text(tags::REFERENCED_SOP_CLASS_UID, dicom::uids::CT_IMAGE_STORAGE);
    reference.put_text(tags::REFERENCED_SOP_INSTANCE_UID, &someone.uid);
    set.put_items(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![other]);
    set.put_items(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![request]);
    set.put_items(tags::REFERENCED_IMAGE_SEQUENCE, vec![reference]);
}

fn private(set: &mut DataSet, someone: &Invented) {
    let text = format!("{}^{} {}", someone.family, someone.given, someone.id);
    set.put_text_as(Tag(0x0099, 0x0010), Vr::LO, "CANARY UNKNOWN");
    set.put_bytes(Tag(0x0099, 0x1001), Vr::LO, dicom_padded(&text));
    set.put_bytes(Tag(0x0099, 0x1002), Vr::UN, dicom_padded(&text));
    set.put_text_as(Tag(0x0043, 0x00F7), Vr::LO, "GEMS_PARM_01");
    set.put_bytes(Tag(0x0043, 0xF739), Vr::UN, dicom_padded(&text));
    set.put_text_as(Tag(0x0043, 0xF727), Vr::SH, &someone.family);
}

fn dicom_padded(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(bytes.len().next_multiple_of(2), b' ');
    bytes
}

impl Planted {
    /// The marks that are still in what came out, by kind; in any case of letters.
    #[must_use]
    pub fn came_through(&self, output: &[u8]) -> BTreeMap<Category, u64> {
        let small = output.to_ascii_lowercase();
        let mut found = BTreeMap::new();
        for (category, mark) in &self.marks {
            let needle = mark.to_ascii_lowercase();
            *found.entry(*category).or_default() +=
                u64::from(memmem::find(&small, needle.as_bytes()).is_some());
        }
        found
    }
}

/// The whole data set of a file, pixels and all.
///
/// # Errors
/// What reading says.
pub fn whole(file: &Bytes, header: &Header) -> Result<DataSet, dicom::ReadError> {
    let at = dicom::open_file(file)?.data_set_at;
    let rest = file.slice(usize::try_from(at).unwrap_or(file.len()).min(file.len())..);
    let parsed = dicom::read::parse(&rest, &header.transfer_syntax, &dicom::ReadOptions::default())?;
    Ok(parsed
        .data_set
        .into_iter()
        .filter(|element| !matches!(&element.value, Value::Bytes(bytes) if bytes.len() > 64 << 20))
        .collect())
}
