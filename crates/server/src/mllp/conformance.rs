//! HL7's part of the conformance statement.

const MESSAGES: &str = "\
| message | becomes |
|---|---|
| ADT A01 to A62 | Patient, Encounter (when PV1-19 or PID-18 numbers it), AllergyIntolerance (AL1), Condition (DG1), Procedure (PR1), Observation (OBX) |
| ADT A18, A30, A34, A36, A39, A40, A46, A47, A48 | two patients are one: MRG-1 (else MRG-4, MRG-2) goes, PID-3 stays; several PID with MRG in one message |
| ADT A37 | two patients that were taken for one are two again |
| ADT A43, A44, A45 | all records, an account's (MRG-3) or a visit's (MRG-5) belong to PID-3 instead of MRG-1 |
| ADT A35, A41, A42, A49, A50 | an account or visit is known under another number; patients are never merged by these |
| ORM^O01, OMG^O19, OMI^O23, OML^O21 | ServiceRequest for each order with its state, Specimen, Observation |
| OMP^O09, RDE^O11, RDE^O25, ORM^O01 with RXO | MedicationRequest for each order: RXE, else RXO |
| RDS^O13 | MedicationDispense for each RXD; MedicationRequest where RXE or RXO tells it anew |
| RAS^O17 | MedicationAdministration for each RXA; MedicationRequest as above |
| ORU^R01 and its relatives, OUL | a report of imaging or another text: DiagnosticReport with the whole text; else DiagnosticReport with an Observation for each OBX, Specimen. The order is reported |
| MDM T01 to T11 | DocumentReference; also DiagnosticReport where it is one of imaging and its order is known |
| SIU S12 to S26 | Appointment; the state of the order, where placer, filler number or accession tie it |
| any other about a patient | kept and listed, not read |
";

const FIELDS: &str = "\
| what | from |
|---|---|
| patient | PID-3 (all repetitions, with authority and type), PID-2 and PID-4 where PID-3 is empty, PID-19; names PID-5, birth PID-7, sex PID-8, addresses PID-11, telephones PID-13 and PID-14, language PID-15, marital status PID-16, births PID-24 and PID-25, death PID-29 and PID-30 |
| visit | PV1-2 class, PV1-3 and PV1-6 places, PV1-7, 8, 9, 17 people, PV1-10, PV1-14, PV1-19 number, PV1-36, PV1-44 and PV1-45 period, PV2-3 reason; status by the trigger |
| order numbers | placer ORC-2 and OBR-2, filler ORC-3 and OBR-3, group ORC-4 |
| accession | IPC-1, OBR-18; OBR-17 where OBR-18 is empty and it is no telephone number; OBR-19, 20, 21, IPC-2 and IPC-4 are kept as they are |
| study | ZDS-1, IPC-3, OBX with code 113014 or 110180 (DCM) or of type HD, OID, RP with a UID that names no series or instance |
| order | code OBR-4 (OBR-44), modality IPC-5, OBR-24, time OBR-36, OBR-27.4, TQ1-7, ORC-7.4, OBR-6, priority TQ1-9, OBR-27.6, ORC-7.6, OBR-5, asked ORC-9, by ORC-12, OBR-16, reason OBR-31, OBR-13, site OBR-15.4, details OBR-44 to 47, notes NTE; state by ORC-1, ORC-5, OBR-25 |
| report | status OBR-25, else OBX-11; text of OBX of type TX, FT, ST with NTE, sections by code (LOINC) and suffix (`&IMP`, `&GDT`, `&ADT`, `&REC`); impression; documents of type ED and RP; times OBR-7, OBR-22; readers OBR-32, OBR-33; id OBR-51 |
| observation | code OBX-3, value OBX-5 by OBX-2 (NM, SN, NR, CE, CWE, CNE, IS, ST, TX, FT, DT, TS, DTM, TM), unit OBX-6, range OBX-7, flags OBX-8, status OBX-11, time OBX-14, method OBX-17, site OBX-20, id OBX-21 |
| medicine | code RXE-2, RXO-1 (RXO-10, RXO-6), RXD-2, RXA-5; dose RXE-3 to 5, RXO-2 to 4, RXA-6 and 7; instructions RXE-7, RXO-7, TQ1-11; how often TQ1-3, ORC-7.2, RXE-1.2; from when to when TQ1-7 and 8, ORC-7.4 and 5; way RXR-1, 2, 4; parts RXC; supply RXE-10 to 12, RXO-11 to 13; asked ORC-9, RXE-32, by ORC-12, for RXE-27, RXO-20; state ORC-1, ORC-5; prescription RXE-15, RXD-7; handed out RXD-3, 4, 5, 9, 10; given RXA-3, 4, 9, 10, 18 to 21 |
| document | TXA-2 type, TXA-4 to 8 times, TXA-9 and 5 authors, TXA-12 id, TXA-13 parent, TXA-14 and 15 order, TXA-17 status |
| when it was said | MSH-7, else EVN-2: later words win, whatever the order messages arrive in |
";

const SYNTAX: &str = "\
Versions 2.1 to 2.9. Any delimiters of MSH-1 and MSH-2, with the truncation character; segments ended by CR, LF or both; a line that begins
no segment belongs to the field before it; all escapes of §2.7; Z-segments are kept. Character sets of MSH-18 (table 0211): ASCII,
8859/1 to 8859/15, ISO IR14, ISO IR87, ISO IR159, GB 18030-2000, KS X 1001, BIG-5, UNICODE, UNICODE UTF-8, UNICODE UTF-16, several with ISO
2022 escapes; without a name UTF-8 where it is valid, else Latin-1. CNS 11643-1992 isn't read. `\"\"` takes a value away; an empty field leaves it as it is.
Batches (FHS, BHS, BTS, FTS), in files and in frames.
";

const ACKNOWLEDGEMENT: &str = "\
A message is answered once it is durable, in its own delimiters, version and character set. Original mode: AA; AE for a wrong or missing
field; AR for a message that can't be read at all (no MSH, an unsupported type or version). Enhanced mode (MSH-15 or MSH-16 is there): one answer,
CA, CE or CR as MSH-15 wants it, else AA, AE or AR as MSH-16 does, else none. ERR has the place and a code of table 0357, never a value. What is refused is
kept too and listed with its reason; only what was told with code 207 is not, and should be sent again. The same message sent twice changes nothing.
Frames may be sent ahead of answers; they are answered, and kept, in order. A frame that is larger than `mllp.message_bytes` or cut off by the
next one is answered with AR, and the next is taken; bytes outside of a frame close the connection.
";

/// HL7's part of the statement, in Markdown.
#[must_use]
pub fn conformance() -> String {
    let sections = [
        ("## HL7 v2 (MLLP)", "Closed unless `mllp.listen` or `mllp.tls_listen` is set.\n".to_owned()),
        ("### Messages", MESSAGES.to_owned()),
        ("### Fields", FIELDS.to_owned()),
        ("### Syntax", SYNTAX.to_owned()),
        ("### Acknowledgement", ACKNOWLEDGEMENT.to_owned()),
    ];
    sections.map(|(title, text)| format!("{title}\n{text}")).join("\n")
}
