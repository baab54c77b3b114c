"""An invented hospital group on a bad day, with the truth of what belongs together: twins, colliding accession numbers, merges and
one that was wrong, old character sets, orders cancelled and placed again, exams that share numbers. Nobody in it exists."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydicom.uid import generate_uid

from samples import encoded, instance


@dataclass
class Truth:
    """What belongs to a study: orders by their placer's number, reports by their filler's."""

    study: str
    patient: str
    orders: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    # Reports that a person is asked about, because numbers contradict each other: they may be of it, or of another patient.
    asked: set[str] = field(default_factory=set)


@dataclass
class Scenario:
    """Messages and images in the order in which they were made, and the truth."""

    arrivals: list[tuple[str, bytes]] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)
    # Family names as they must be shown, by patient id.
    names: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def message(self, kind: str, pid: str, *segments: str, at: str, charset: str = "UNICODE UTF-8", code: str = "utf-8") -> None:
        self.count += 1
        site = "HOSPB" if "^HOSPB" in pid else "HOSPA"
        head = f"MSH|^~\\&|RIS|{site}|W|R|{at}||{kind}|H{self.count}|P|2.5.1||||||{charset}".rstrip("|")
        event = [f"EVN||{at}"] if kind.startswith("ADT") else []
        text = "\r".join([head, *event, pid, *segments, ""])
        self.arrivals.append(("hl7v2", text.encode(code)))

    def exam(self, patient: str, accession: str, at: str, words: str, study: str | None = None, modality: str = "CT") -> Truth:
        issuer = "HOSPB" if patient.startswith("B-") else "HOSPA"
        image = instance(patient=patient, study=study or generate_uid(), name="Example^Image")
        image.IssuerOfPatientID, image.AccessionNumber, image.StudyDescription = issuer, accession, words
        image.StudyDate, image.StudyTime, image.Modality = at[:8], at[8:], modality
        del image.PatientBirthDate, image.PatientSex
        self.arrivals.append(("dicom", encoded(image)))
        truth = Truth(str(image.StudyInstanceUID), patient)
        self.truth.append(truth)
        return truth


def pid(patient: str, name: str, born: str = "19800115", sex: str = "F") -> str:
    site = "HOSPB" if patient.startswith("B-") else "HOSPA"
    return f"PID|1||{patient}^^^{site}^MR||{name}||{born}|{sex}|||1 Elm Row^^Testham"


def order(number: str, accession: str, at: str, words: str, control: str = "NW", status: str = "SC") -> tuple[str, str]:
    placed = f"ORC|{control}|P{number}^OE|F{number}^RIS||{status}|||||{at}"
    return placed, f"OBR|1|P{number}^OE|F{number}^RIS|X{number}^{words}^L||{at}|{at}{'|' * 11}{accession}||||||CT|||1^once"


def report(number: str, accession: str, at: str, words: str, text: str, *more: str) -> tuple[str, ...]:
    asked = f"OBR|1|P{number}^OE|F{number}^RIS|X{number}^{words}^L||{at}|{at}{'|' * 11}{accession}||||{at}||CT|F"
    said = f"OBX|1|FT|18748-4^Diagnostic Imaging Report^LN|1|FINDINGS: {text}||||||F"
    return asked, said, *more


def plain(s: Scenario, patient: str, name: str, number: str, accession: str, at: str, words: str, **how: str) -> Truth:
    """An order, its exam, its report."""
    who, born = pid(patient, name, how.pop("born", "19800115")), how
    issued = f"{accession}^{'HOSPB' if patient.startswith('B-') else 'HOSPA'}"
    s.message("ORM^O01^ORM_O01", who, *order(number, issued, at, words), at=at, **born)
    truth = s.exam(patient, accession, at, words)
    told = report(number, issued, at, words, "No pleural effusion.")
    s.message("ORU^R01^ORU_R01", who, *told, at=at[:8] + "235900", **born)
    truth.orders, truth.reports = {f"P{number}"}, {f"F{number}"}
    return truth


def twins(s: Scenario) -> None:
    """Born on one day, living together, scanned within minutes; the second one's report names no accession number."""
    plain(s, "A-101", "Zwilling^Anna", "T1", "ACT1", "20260301100000", "CT CHEST", born="20010505")
    at = "20260301102000"
    who = pid("A-102", "Zwilling^Anne", "20010505")
    s.message("ORM^O01^ORM_O01", who, *order("T2", "ACT2", at, "CT CHEST"), at=at)
    truth = s.exam("A-102", "ACT2", at, "CT CHEST")
    s.message("ORU^R01^ORU_R01", who, *report("T2", "", at, "CT CHEST", "A nodule."), at="20260301150000")
    truth.orders, truth.reports = {"PT2"}, {"FT2"}


def colliding(s: Scenario) -> None:
    """Two hospitals count their accession numbers alike."""
    one = plain(s, "A-201", "Colla^Rosa", "K1", "5001", "20260302090000", "CT ABDOMEN")
    other = plain(s, "B-201", "Lider^Rita", "K2", "5001", "20260302091500", "CT ABDOMEN")
    one.asked, other.asked = {"FK2"}, {"FK1"}


def merged(s: Scenario) -> None:
    """Taken in as unknown, scanned, then known; the report comes under the number that stays."""
    at = "20260303080000"
    s.message("ADT^A04^ADT_A01", pid("A-TMP1", "Unknown^Person"), "PV1|1|E", at=at)
    s.message("ORM^O01^ORM_O01", pid("A-TMP1", "Unknown^Person"), *order("M1", "ACM1", at, "CT HEAD"), at=at)
    truth = s.exam("A-TMP1", "ACM1", at, "CT HEAD")
    s.message("ADT^A40^ADT_A39", pid("A-301", "Found^Again"), "MRG|A-TMP1^^^HOSPA^MR", at="20260303100000")
    told = report("M1", "ACM1", at, "CT HEAD", "No haemorrhage.")
    s.message("ORU^R01^ORU_R01", pid("A-301", "Found^Again"), *told, at="20260303110000")
    truth.patient, truth.orders, truth.reports = "A-301", {"PM1"}, {"FM1"}


def unmerged(s: Scenario) -> None:
    """Two of one name were taken for one, while they were scanned; the next day that was undone."""
    plain(s, "A-401", "Same^Name", "U1", "ACU1", "20260304080000", "CT CHEST")
    both = (pid("A-401", "Same^Name"), "MRG|A-402^^^HOSPA^MR")
    s.message("ADT^A40^ADT_A39", *both, at="20260304083000")
    plain(s, "A-402", "Same^Name", "U2", "ACU2", "20260304090000", "CT CHEST", born="19770707")
    apart = (pid("A-401", "Same^Name"), pid("A-402", "Same^Name", "19770707"))
    s.message("ADT^A37^ADT_A37", *apart, at="20260305080000")


def characters(s: Scenario) -> None:
    """Each site's system writes as it did when it was bought."""
    told = [
        ("Müller", "8859/1", "latin-1"),
        ("Dvořák", "8859/2", "iso-8859-2"),
        ("Παπαδόπουλος", "8859/7", "iso-8859-7"),
        ("山田", "~ISO IR87", "iso2022_jp"),
        ("Grünwald", "8859/1~UNICODE UTF-8", "latin-1"),
    ]
    for number, (name, charset, code) in enumerate(told):
        patient, at = f"A-50{number}", f"20260306{8 + number:02}0000"
        plain(s, patient, f"{name}^Test", f"C{number}", f"ACC{number}", at, "CT NECK", charset=charset, code=code)
        s.names[patient] = name
    # Said to be UTF-8, and is not: nobody knows the name for sure, everything else counts.
    plain(s, "A-509", "Völler^Test", "C9", "ACC9", "20260306200000", "CT NECK", charset="UNICODE UTF-8", code="latin-1")


def placed_again(s: Scenario) -> None:
    """Cancelled, and placed again under new numbers; and cancelled for good."""
    at, who = "20260307080000", pid("A-601", "Again^Ada")
    s.message("ORM^O01^ORM_O01", who, *order("R1", "ACR1", at, "CT PELVIS"), at=at)
    s.message("ORM^O01^ORM_O01", who, *order("R1", "ACR1", at, "CT PELVIS", "CA", "CA"), at="20260307090000")
    plain(s, "A-601", "Again^Ada", "R2", "ACR2", "20260307093000", "CT PELVIS")
    other = pid("A-602", "Never^Nora")
    s.message("ORM^O01^ORM_O01", other, *order("R3", "ACR3", at, "CT SPINE"), at=at)
    s.message("ORM^O01^ORM_O01", other, *order("R3", "ACR3", at, "CT SPINE", "CA", "CA"), at="20260307100000")


def shared_numbers(s: Scenario) -> None:
    """One order that was made as two studies; one report that names two exams of a day, each ordered by
    itself, and has the number of the first."""
    truth = plain(s, "A-701", "Double^Dora", "S1", "ACS1", "20260308080000", "CT CHEST ABDOMEN")
    second = s.exam("A-701", "ACS1", "20260308081000", "CT ABDOMEN")
    second.orders, second.reports = truth.orders, truth.reports
    who, at = pid("A-702", "Both^Bea"), "20260309080000"
    exams = []
    for number in ("S2", "S3"):
        s.message("ORM^O01^ORM_O01", who, *order(number, f"AC{number}", at, f"CT PART {number}"), at=at)
        exams.append(s.exam("A-702", f"AC{number}", at, f"CT PART {number}"))
        exams[-1].orders = {f"P{number}"}
    exams[0].reports, exams[1].asked = {"FS2"}, {"FS2"}
    named = [f"OBX|{n + 2}|HD|113014^DICOM Study^DCM||{one.study}||||||F" for n, one in enumerate(exams)]
    told = report("S2", "ACS2", at, "CT PART S2", "No fracture.", *named)
    s.message("ORU^R01^ORU_R01", who, *told, at="20260309120000")


def scenario() -> Scenario:
    made = Scenario()
    for part in (twins, colliding, merged, unmerged, characters, placed_again, shared_numbers):
        part(made)
    return made
