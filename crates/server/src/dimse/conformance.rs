//! The DICOM network's part of the conformance statement (PS3.2), made from the tables in use.

use dicom::net::dimse::Status;
use dicom::net::pdu::Rejection;
use dicom::net::sop_class::{Root, STORAGE_COMMITMENT, VERIFICATION};

const SERVICES: &str = "\
| service | SOP class | as SCP | as SCU |
|---|---|---|---|
";

const STORAGE: &str = "\
Storage: every SOP class that is not known to be another service is accepted, retired, unknown and private
ones too (`dimse.storage_classes` narrows it), in every transfer syntax offered: the peer's first choice, or
the first of `dimse.preferred_transfer_syntaxes`. Data sets are kept bit for bit; nothing is coerced.
Level 2 storage, digital signatures preserved (extended negotiation `2 0 3 0 0 0`).
";

const NEGOTIATION: &str = "\
| item | answer |
|---|---|
| maximum length | `dimse.max_pdu` when receiving, longer PDUs are aborted; the peer's, up to 131072, when sending |
| asynchronous operations window | 1, 1; requests sent ahead are answered in order |
| SCP/SCU role selection | storage both ways, for C-GET; storage commitment reports on an association of ours are proposed with us as SCP |
| extended negotiation | storage as above; C-FIND: relational queries, dates and times combined, fuzzy person names, no time zone adjustment; C-MOVE and C-GET: relational retrieval |
| common extended negotiation | an unknown SOP class of a service class other than Storage is refused |
| user identity | user name and passcode (an account, or one of its tokens as passcode) or token alone (type 5), over TLS or from this machine; answered when asked |
";

const RIGHTS: &str = "\
| service | a peer needs |
|---|---|
| Verification | nothing |
| Storage, Storage Commitment | `store` |
| FIND | `query` |
| MOVE, GET and the storage of what GET brings | `retrieve` |

What a peer may not do is refused with its presentation context. Programs on this machine that are not entered may store
(`dimse.unknown_peers`), and query and retrieve where `dimse.loopback_may_query` and `dimse.loopback_may_retrieve` say so.
An account that comes by user identity may do what its roles let it do over HTTP.
";

const QUERIES: &str = "\
C-FIND matches as PS3.4 §C.2.2.2 says: single value, list of UID, wild card, range, sequence, empty, universal. Keys
of higher levels may be left out. A time zone in the identifier (0008,0201) is not used, which status FF01 tells:
dates and times match as they are in the instances. Answers are in the question's character set where it has their characters,
otherwise in UTF-8. C-MOVE goes to peers entered with host and port only. C-MOVE and C-GET send an instance as
it is kept where the receiver takes that, otherwise transcoded without loss, otherwise the sub-operation fails.
Storage commitment reads every byte of each instance again; its report comes on the same association while that
is open, otherwise by calling the peer, tried again for about a day.
";

/// The DICOM network's part of the statement, in Markdown.
#[must_use]
pub fn conformance() -> String {
    let sections = [
        ("## DICOM network (PS3.8, PS3.7, PS3.4)", String::new()),
        ("### Services", format!("{SERVICES}{}\n{STORAGE}", services())),
        ("### Negotiation", NEGOTIATION.to_owned()),
        ("### Query, retrieval and commitment", QUERIES.to_owned()),
        ("### Rights of peers", RIGHTS.to_owned()),
        ("### Rejected associations", rejections()),
        ("### Statuses of C-STORE", store_statuses()),
    ];
    sections.iter().map(|(title, text)| format!("{title}\n\n{text}\n")).collect()
}

fn services() -> String {
    let row = |name: &str, uid: &str, scp: bool, scu: bool| {
        let mark = |yes| if yes { "yes" } else { "" };
        format!("| {name} | {uid} | {} | {} |\n", mark(scp), mark(scu))
    };
    let mut table = row("Verification", VERIFICATION, true, true);
    table += &row("Storage", "all", true, true);
    table += &row("Storage Commitment Push Model", STORAGE_COMMITMENT, true, false);
    let roots = [
        ("Patient root", Root::Patient, false),
        ("Study root", Root::Study, true),
        ("Patient/study only (retired)", Root::PatientStudyOnly, false),
    ];
    for (name, root, scu) in roots {
        table += &row(&format!("{name} FIND"), &root.find(), true, scu);
        table += &row(&format!("{name} MOVE"), &root.r#move(), true, scu);
        table += &row(&format!("{name} GET"), &root.get(), true, false);
    }
    table
}

fn rejections() -> String {
    let row = |when: &str, r: Rejection| format!("| {when} | {} | {} | {} |\n", r.result, r.source, r.reason);
    [
        "| when | result | source | reason |\n|---|---|---|---|\n".to_owned(),
        row(
            "the calling AE title is not entered, or with another address or certificate",
            Rejection::CALLING_AE,
        ),
        row("the called AE title is not ours, if `dimse.any_called_title` is false", Rejection::CALLED_AE),
        row(
            "a user identity is wrong, of a kind that proves nothing, or sent in the clear",
            Rejection::USER_IDENTITY,
        ),
        row("`dimse.max_associations` are open", Rejection::LOCAL_LIMIT),
        row("the ledger does not answer", Rejection::CONGESTION),
        row("another application context", Rejection::APPLICATION_CONTEXT),
        row("another protocol version", Rejection::PROTOCOL_VERSION),
    ]
    .concat()
}

fn store_statuses() -> String {
    let row = |status: Status, when: &str| format!("| {:04X} | {when} |\n", status.0);
    [
        "| status | when |\n|---|---|\n".to_owned(),
        row(
            Status::SUCCESS,
            "durable: new, or held already",
        ),
        row(
            Status::DATA_SET_MISMATCH_WARNING,
            "durable: kept beside other content of the same SOP Instance UID, which stays what is served; told each time it is sent",
        ),
        row(
            Status::OUT_OF_RESOURCES,
            "the disk is full, it is too large, or it could not be made durable; nothing is kept",
        ),
        row(
            Status::DATA_SET_MISMATCH,
            "the data set is not the instance the request names; kept in quarantine",
        ),
        row(
            Status::CANNOT_UNDERSTAND,
            "it can't be read safely, or it or the request has no valid UID, and it is kept in quarantine; or the data set is empty, and nothing is kept",
        ),
        row(Status::NOT_AUTHORIZED, "the peer may not store"),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_named_once() {
        let text = conformance();
        for root in [Root::Patient, Root::Study] {
            assert_eq!(text.matches(&format!("| {} |", root.find())).count(), 1);
        }
        assert!(text.contains("| A900 |"));
    }
}
