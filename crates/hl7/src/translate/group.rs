//! Order groups: ORC and OBR with what belongs to them, and every number they are known by.

use super::coded;
use super::desk::Desk;
use super::identifiers::{self, add, is_uid, of_ei, study};
use crate::Segment;
use clinical::Identifier;
use serde_json::Value;

/// One order and what is told with it.
pub(super) struct Group<'m> {
    pub orc: Option<Segment<'m>>,
    pub obr: Option<Segment<'m>>,
    /// The ORC is that of an OBR before this one.
    shares_orc: bool,
    /// What follows: TQ1, NTE, OBX, SPM, IPC, ZDS …
    pub items: Vec<Segment<'m>>,
}

/// The message's groups, in order. What stands before the first belongs to none.
pub(super) fn groups<'m>(desk: &Desk<'m>) -> Vec<Group<'m>> {
    let mut groups: Vec<Group<'m>> = Vec::new();
    for segment in desk.segments() {
        match (segment.id(), groups.last_mut()) {
            ("ORC", _) => {
                groups.push(Group { orc: Some(segment), obr: None, shares_orc: false, items: Vec::new() });
            }
            ("OBR", Some(group)) if group.obr.is_none() => group.obr = Some(segment),
            ("OBR", last) => {
                let orc = last.and_then(|group| group.orc);
                groups.push(Group { orc, obr: Some(segment), shares_orc: orc.is_some(), items: Vec::new() });
            }
            (_, Some(group)) => group.items.push(segment),
            _ => {}
        }
    }
    groups
}

/// Every number of an order.
#[derive(Default)]
pub(super) struct Numbers {
    pub placer: Vec<Identifier>,
    pub filler: Vec<Identifier>,
    pub accession: Vec<Identifier>,
    pub studies: Vec<String>,
    /// What fields that sites use as they like hold.
    pub others: Vec<Value>,
}

impl<'m> Group<'m> {
    /// What a message without ORC and OBR holds.
    pub(super) const fn without_order(items: Vec<Segment<'m>>) -> Self {
        Self { orc: None, obr: None, shares_orc: false, items }
    }

    pub(super) fn place(&self) -> String {
        self.obr.or(self.orc).map_or_else(String::new, |segment| segment.place())
    }

    pub(super) fn item(&self, id: &str) -> Option<Segment<'m>> {
        self.items.iter().find(|item| item.id() == id).copied()
    }

    pub(super) fn take(&self, desk: &mut Desk<'_>, also: &[&str]) {
        self.orc.iter().chain(self.obr.iter()).for_each(|segment| desk.take(segment));
        self.items.iter().filter(|item| also.contains(&item.id())).for_each(|item| desk.take(item));
    }

    /// Its service (OBR-24) or modality (IPC-5).
    pub(super) fn service(&self) -> Option<String> {
        let service = self.obr.and_then(|obr| obr.first(24));
        let modality = || self.item("IPC").and_then(|ipc| ipc.first(5));
        service.or_else(modality).map(|code| code.to_ascii_uppercase())
    }

    /// The category its images make it, by IPC-5 before OBR-24.
    pub(super) fn modality(&self) -> Option<Value> {
        let modality = self.item("IPC").and_then(|ipc| coded::modality(&ipc.first(5)?));
        modality.or_else(|| coded::modality(&self.service()?))
    }

    pub(super) fn numbers(&self) -> Numbers {
        let mut numbers = Numbers::default();
        let own_orc = self.orc.filter(|_| !self.shares_orc);
        let order = [own_orc, self.obr];
        for segment in order.into_iter().flatten() {
            add(&mut numbers.placer, of_ei(segment.field(2), Some("PLAC")));
            add(&mut numbers.filler, of_ei(segment.field(3), Some("FILL")));
        }
        self.accession(&mut numbers);
        self.studies(&mut numbers);
        numbers
    }

    /// IPC-1 and OBR-18. OBR-17 is a telephone number; some count one field short and put the accession there.
    fn accession(&self, numbers: &mut Numbers) {
        let procedure = self.items.iter().filter(|item| item.id() == "IPC").take(50);
        add(&mut numbers.accession, procedure.filter_map(|ipc| of_ei(ipc.field(1), Some("ACSN"))));
        let Some(obr) = self.obr else { return };
        add(&mut numbers.accession, of_ei(obr.field(18), Some("ACSN")));
        if numbers.accession.is_empty() && obr.first(17).is_some_and(|text| is_number_of_an_exam(&text)) {
            add(&mut numbers.accession, of_ei(obr.field(17), Some("ACSN")));
        }
        let others = [(19, "OBR-19"), (20, "OBR-20"), (21, "OBR-21")];
        numbers
            .others
            .extend(others.iter().filter_map(|(number, what)| identifiers::plain(what, &obr, *number)));
        for ipc in self.items.iter().filter(|item| item.id() == "IPC").take(50) {
            let named = [(2, "requested procedure"), (4, "scheduled procedure step")];
            numbers
                .others
                .extend(named.iter().filter_map(|(number, what)| identifiers::plain(what, ipc, *number)));
        }
    }

    /// ZDS-1 (the sender's own, by IHE), IPC-3, and observations that name a study.
    fn studies(&self, numbers: &mut Numbers) {
        let of_item = |item: &Segment<'m>| match item.id() {
            "ZDS" => item.first(1),
            "IPC" => item.first(3),
            "OBX" => study_of(item),
            _ => None,
        };
        for uid in self.items.iter().filter_map(of_item).filter(|uid| is_uid(uid)) {
            if !numbers.studies.contains(&uid) && numbers.studies.len() < 50 {
                numbers.studies.push(uid);
            }
        }
    }
}

impl Numbers {
    /// What the order is known by, the strongest first; made up from the patient and the order's place in the message
    /// when it has no number at all.
    pub(super) fn order_keys(&self, desk: &Desk<'_>, group: &Group<'_>) -> Vec<Identifier> {
        let mut keys = self.placer.clone();
        add(&mut keys, self.filler.iter().cloned());
        if keys.is_empty() {
            keys.clone_from(&self.accession);
        }
        if keys.is_empty() {
            let field = |number: usize| group.obr.map(|obr| obr.field(number).raw()).unwrap_or_default();
            let orc = group.orc.map(|orc| [orc.field(2).raw(), orc.field(3).raw()]).unwrap_or_default();
            keys = desk.derived("OBR", &[orc[0], orc[1], field(1), field(4), field(7)]);
        }
        keys
    }

    /// Every number, as identifiers of a resource.
    pub(super) fn to_json(&self) -> Vec<Value> {
        let known = self.placer.iter().chain(&self.filler).chain(&self.accession).map(Identifier::to_json);
        known.chain(self.studies.iter().map(|uid| study(uid))).chain(self.others.iter().cloned()).collect()
    }
}

/// Letters and digits together, without what telephones have.
fn is_number_of_an_exam(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
    has(u8::is_ascii_alphabetic)
        && has(u8::is_ascii_digit)
        && text.len() <= 16
        && !text.bytes().any(|byte| byte.is_ascii_whitespace() || b"()+@".contains(&byte))
}

/// The study an observation names: by its code, by what it is called, or by a type that holds nothing but pointers.
pub(super) fn study_of(obx: &Segment<'_>) -> Option<String> {
    let code = obx.field(3);
    let plain = |number: usize| {
        let text = code.component(number).first().unwrap_or_default();
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
    };
    let (code, words) = (plain(1), plain(2));
    let by_code = matches!(code.as_str(), "113014" | "110180" | "0020000D");
    let by_words =
        [&code, &words].iter().any(|said| said.contains("STUDYINSTANCEUID") || said.contains("STUDYUID"));
    let pointer = matches!(obx.first(2).as_deref(), Some("HD" | "OID" | "RP" | "UI"));
    let named = by_code || by_words || (pointer && !names_a_part(&code) && !names_a_part(&words));
    named.then(|| obx.first(5)).flatten().filter(|uid| is_uid(uid))
}

fn names_a_part(said: &str) -> bool {
    ["SERIES", "INSTANCE", "SOP", "IMAGE", "OBJECT"].iter().any(|part| said.contains(part))
}
