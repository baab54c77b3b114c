"""Objects full of invented identities, of many kinds and character sets, and the answer key that belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, generate_uid

CLASSES = {
    "CT": "1.2.840.10008.5.1.4.1.1.2",
    "MR": "1.2.840.10008.5.1.4.1.1.4",
    "PT": "1.2.840.10008.5.1.4.1.1.128",
    "NM": "1.2.840.10008.5.1.4.1.1.20",
    "SR": "1.2.840.10008.5.1.4.1.1.88.33",
    "RTSTRUCT": "1.2.840.10008.5.1.4.1.1.481.3",
    "RTPLAN": "1.2.840.10008.5.1.4.1.1.481.5",
    "PR": "1.2.840.10008.5.1.4.1.1.11.1",
    "KO": "1.2.840.10008.5.1.4.1.1.88.59",
    "ECG": "1.2.840.10008.5.1.4.1.1.9.1.1",
}


@dataclass
class Person:
    """Somebody invented, as a character set writes them."""

    name: str
    id: str
    charset: str
    birth: str
    other: str
    referring: str
    operator: str
    accession: str
    institution: str
    address: str
    phone: str


PEOPLE = [
    Person("Okonkwo^Adaeze^Ngozi", "MRN0082213", "ISO_IR 100", "19300412", "417-22-9087", "Baker^Thomas^J", "Ruiz^Mar", "ACC2023-7781", "St. Brendan Medical Center", "44 Juniper Way  Eastfield OH 44999", "(216) 555-0177"),
    Person("Müller-Lüdenscheidt^Jörg", "K-553120", "ISO_IR 100", "19670229", "65 170839 M 003", "Weiß^Käthe", "Groß^Uwe", "R24-005512", "Klinikum Hohenfels", "Lindenstraße 12, 99988 Hohenfels", "+49 30 5550199"),
    Person("Yamada^Tarou=山田^太郎=やまだ^たろう", "JP00418822", "\\ISO 2022 IR 87", "19720530", "99-1234-77", "Satou^Hanako=佐藤^花子=さとう^はなこ", "Suzuki^Ken=鈴木^健=すずき^けん", "JA550021", "東都中央病院", "東京都千代田区一番町7", "03-5550-1234"),
    Person("Hong^Gildong=洪^吉洞=홍^길동", "KR7712045", "\\ISO 2022 IR 149", "19810911", "810911-1234567", "Kim^Minsu=金^民秀=김^민수", "Lee^Jiwoo=李^智雨=이^지우", "KA-99812", "한빛대학병원", "서울특별시 강남구 테헤란로 12", "02-555-0101"),
    Person("Wang^XiaoDong=王^小东", "CN20088123", "GB18030", "19551224", "110105195512240017", "Li^Na=李^娜", "Zhao^Lei=赵^雷", "CA770021", "明珠人民医院", "北京市朝阳区建国路8号", "010-5550-8899"),
    Person("Лебедева^Анна^Петровна", "RU-331277", "ISO_IR 192", "19480703", "4510 123456", "Соколов^Иван", "Орлова^Мария", "RA-1180-22", "Городская больница Орион", "ул. Садовая 14, Тверь", "+7 495 555-01-99"),
    Person("García Lorenzo^María del Carmen", "ES-0099127", "ISO_IR 192", "19591108", "12345678Z", "Ibáñez^Raúl", "Peña^Lucía", "EA-240118", "Hospital San Telmo", "Calle de Alcalá 45, Madrid", "+34 91 555 01 23"),
    Person("Li^Wu", "0004471", "ISO_IR 6", "19880117", "NHS 943 476 5919", "Parkinson^Ruth", "Head^Sam", "00998812", "Fairmeadow Clinic", "7 Rose Ct  Dover DE 19999", "555-0133"),
]


@dataclass
class Key:
    """Rows of the answer key."""

    rows: list[tuple[str, str, str, str, str, str, str]] = field(default_factory=list)

    def add(self, file: str, uid: str, path: str, name: str, value: str, action: str, text: str = "") -> None:
        clean = [str(part).replace("\t", " ").replace("\r", " ").replace("\n", " ") for part in (file, uid, path, name, value, action, text)]
        self.rows.append(tuple(clean))

    def write(self, path: Path) -> None:
        head = "file\tsop_instance_uid\ttag\tattribute\tvalue\taction\taction_text"
        path.write_text("\n".join([head, *("\t".join(row) for row in self.rows)]) + "\n")


def path_of(*parts: object) -> str:
    """`0x00081110, 0, 0x00081155` as a path of the key."""
    written = ""
    for part in parts:
        if isinstance(part, int) and part < 0x10000:
            written += f"[{part}]."
        else:
            tag = Tag(part)
            written += f"({tag.group:04X},{tag.element:04X})"
    return written


class Made:
    """An object, and what is asked of it."""

    def __init__(self, key: Key, person: Person, kind: str, number: int, study: str, series: str, frame: str) -> None:
        self.key, self.person, self.kind = key, person, kind
        self.set = base(person, kind, number, study, series, frame)
        self.file = f"{PEOPLE.index(person)}_{kind}_{number}.dcm"

    def ask(self, action: str, *where: object, text: str = "", value: str | None = None) -> None:
        data = self.set
        for index in range(0, len(where) - 1, 2):
            data = data[where[index]].value[where[index + 1]]
        element = data[where[-1]]
        if value is None:
            value = "" if element.VR in ("SQ", "OB", "OW") else str(element.value)
        self.key.add(self.file, self.set.SOPInstanceUID, path_of(*where), element.keyword, value, action, text)

    def text(self, keyword: str, value: str, gone: list[str], stays: list[str]) -> None:
        setattr(self.set, keyword, value)
        self.texts(Tag(keyword), gone=gone, stays=stays)

    def texts(self, *where: object, gone: list[str], stays: list[str]) -> None:
        for text in gone:
            self.ask("text_removed", *where, text=text)
        for text in stays:
            self.ask("text_retained", *where, text=text)

    def save(self, folder: Path, syntax: str = ExplicitVRLittleEndian) -> None:
        meta = FileMetaDataset()
        meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = syntax, self.set.SOPClassUID
        meta.MediaStorageSOPInstanceUID = self.set.SOPInstanceUID
        meta.SourceApplicationEntityTitle = "NORTHGATE_CT1"
        self.set.file_meta = meta
        self.set.preamble = b"Okonkwo Adaeze".ljust(128, b"\0")
        self.set.save_as(folder / self.file, enforce_file_format=True)


def base(person: Person, kind: str, number: int, study: str, series: str, frame: str) -> Dataset:
    data = Dataset()
    if person.charset != "ISO_IR 6":
        data.SpecificCharacterSet = person.charset.split("\\") if "\\" in person.charset else person.charset
    data.SOPClassUID, data.SOPInstanceUID = CLASSES[kind], generate_uid()
    data.Modality = {"PR": "PR", "KO": "KO"}.get(kind, kind)
    data.StudyDate = data.SeriesDate = "20240118"
    data.ContentDate = "20240119"
    data.StudyTime, data.SeriesTime, data.ContentTime = "101530", "101600.25", "101700"
    data.AccessionNumber, data.PatientName, data.PatientID = person.accession, person.name, person.id
    data.PatientBirthDate, data.PatientSex = person.birth, "F"
    data.ReferringPhysicianName, data.OperatorsName = person.referring, person.operator
    data.InstitutionName, data.InstitutionAddress = person.institution, person.address
    data.PatientAddress, data.PatientTelephoneNumbers = person.address, person.phone
    data.StationName, data.DeviceSerialNumber = "SCANROOM7", "SN-883412"
    data.Manufacturer, data.ManufacturerModelName = "GE MEDICAL SYSTEMS", "Discovery 750"
    data.SoftwareVersions = "5.3.0.1"
    data.StudyInstanceUID, data.SeriesInstanceUID = study, series
    data.StudyID, data.SeriesNumber, data.InstanceNumber = "7", number, number
    other = Dataset()
    other.PatientID, other.TypeOfPatientID = person.other, "TEXT"
    data.OtherPatientIDsSequence = Sequence([other])
    if kind in ("CT", "MR", "PT", "NM"):
        pixels(data, number, frame)
    elif kind not in ("SR", "KO", "ECG"):
        data.FrameOfReferenceUID = frame
    return data


def pixels(data: Dataset, number: int, frame: str) -> None:
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.AcquisitionDate, data.AcquisitionTime, data.AcquisitionNumber = "20240118", "101601", 1
    data.FrameOfReferenceUID, data.PositionReferenceIndicator = frame, ""
    data.ImagePositionPatient, data.ImageOrientationPatient = [0, 0, number], [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [1, 1], 1
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows = data.Columns = 8
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PixelData = np.arange(64, dtype="<u2").tobytes()
    data["PixelData"].VR = "OW"


def asked_of_all(made: Made) -> None:
    """What every object is asked: identity goes, what it needs stays."""
    person, data = made.person, made.set
    for group in person.name.split("="):
        made.ask("text_removed", 0x00100010, text=group)
    for tag, text in [
        (0x00100020, person.id), (0x00100030, person.birth), (0x00080050, person.accession), (0x00080080, person.institution),
        (0x00080081, person.address), (0x00101040, person.address), (0x00102154, person.phone),
        (0x00080090, person.referring.split("=")[0]), (0x00081070, person.operator.split("=")[0]),
        (0x00081010, "SCANROOM7"), (0x00181000, "SN-883412"),
    ]:
        made.ask("text_removed", tag, text=text)
    made.ask("text_removed", 0x00101002, 0, 0x00100020, text=person.other)
    for keyword in ("StudyDate", "SeriesDate", "ContentDate", "AcquisitionDate"):
        if keyword in data:
            made.ask("date_shifted", Tag(keyword))
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        if keyword in data:
            made.ask("uid_changed", Tag(keyword))
            made.ask("uid_consistent", Tag(keyword))
    made.ask("patid_consistent", 0x00100020)
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "Modality", "StudyDate", "SeriesNumber", "Manufacturer"):
        made.ask("text_notnull", Tag(keyword))
    for keyword in ("AccessionNumber", "ReferringPhysicianName", "StudyTime", "StudyID", "PatientBirthDate", "PatientSex", "SoftwareVersions"):
        made.ask("tag_retained", Tag(keyword))
    made.ask("text_retained", Tag("Manufacturer"), text="GE MEDICAL SYSTEMS")
    made.ask("text_retained", Tag("ManufacturerModelName"), text="Discovery 750")
    made.ask("text_retained", Tag("SoftwareVersions"), text="5.3.0.1")
    made.ask("text_retained", Tag("SeriesTime"), text="101600.25")


def latin(name: str) -> str:
    """`Family Given` of the alphabetic group."""
    return " ".join(name.split("=")[0].split("^")[:2])


def descriptions(made: Made) -> None:
    """Descriptions and comments with identities in them, and much that is none."""
    person = made.person
    alphabetic = person.name.split("=")[0].split("^")
    family, given = alphabetic[0], alphabetic[1]
    made.text("StudyDescription", "CT CHEST W CONTRAST", [], ["CT CHEST W CONTRAST"])
    short = f"{family} AXIAL LUNG 1.25" if len(family) > 2 else "AXIAL LUNG 1.25"
    made.text("SeriesDescription", short, [family] if len(family) > 2 else [], ["AXIAL LUNG 1.25"])
    made.text("ProtocolName", "3 Plane Loc CHEST 1V", [], ["3 Plane Loc CHEST 1V"])
    referring = person.referring.split("=")[0].split("^")[0]
    made.text(
        "ImageComments",
        f"{given} {family} (MRN {person.id}) seen by Dr. {referring} on 18 Jan 2024; call {person.phone}; GE scanner, T2 FLAIR, nodule in right lobe",
        [f"{given} {family}", person.id, referring if referring != "Parkinson" else "Dr. Parkinson on", "18 Jan 2024", person.phone],
        ["GE scanner, T2 FLAIR, nodule in right lobe"],
    )
    made.text(
        "AdditionalPatientHistory",
        f"94 y/o with Parkinson disease and Baker cyst, Hodgkin lymphoma 2012. {family.upper()}, {given.upper()} lives at {person.address}. Acc {person.accession}.",
        [f"{family.upper()}, {given.upper()}", person.address, person.accession, "94 y/o"],
        ["Parkinson disease and Baker cyst, Hodgkin lymphoma"],
    )
    made.text(
        "PatientComments",
        f"mail jane.roe@example.org or https://portal.example.org/p/{person.id}; host 192.168.10.44; SSN 219-09-4471; {family}{given}.dcm; uid {made.set.StudyInstanceUID}",
        ["jane.roe@example.org", "portal.example.org", "192.168.10.44", "219-09-4471", f"{family}{given}", made.set.StudyInstanceUID],
        [],
    )
    made.text("RequestedProcedureDescription", f"MR LUMBAR SPINE W/O {person.accession}", [person.accession], ["MR LUMBAR SPINE W/O"])
    made.set.PatientAge = "093Y"
    made.ask("text_removed", Tag("PatientAge"), text="093Y")
    made.set.BodyPartExamined = "Chest"
    made.ask("text_retained", Tag("BodyPartExamined"), text="Chest")
    made.set.PatientWeight, made.set.PatientSize = "70.5", "1.7"
    for keyword in ("PatientWeight", "PatientSize"):
        made.ask("tag_retained", Tag(keyword))
    made.set.ContrastBolusAgent = "Omnipaque 350 100 ml"
    made.ask("text_retained", Tag("ContrastBolusAgent"), text="Omnipaque 350 100 ml")
    if "=" in person.name:
        ideographic = person.name.split("=")[1].replace("^", "")
        made.text("AcquisitionComments", f"{ideographic} CT 2024年1月18日 chest", [ideographic, "2024年1月18日"], ["chest"])


def nested(made: Made) -> None:
    """References, requests, performers, at depth."""
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CLASSES["CT"], made.set.SOPInstanceUID
    for keyword in ("ReferencedImageSequence", "SourceImageSequence", "ReferencedStudySequence", "ReferencedPerformedProcedureStepSequence"):
        item = Dataset()
        item.update(reference)
        setattr(made.set, keyword, Sequence([item]))
        made.ask("uid_consistent", Tag(keyword), 0, 0x00081155)
        made.ask("uid_changed", Tag(keyword), 0, 0x00081155)
    request = Dataset()
    request.RequestedProcedureDescription = f"CT ABDOMEN for {latin(made.person.name)}"
    request.ScheduledProcedureStepDescription = "CT ABDOMEN PELVIS"
    request.RequestedProcedureID, request.AccessionNumber = "RP88123", made.person.accession
    made.set.RequestAttributesSequence = Sequence([request])
    made.texts(0x00400275, 0, 0x00321060, gone=[latin(made.person.name)], stays=["CT ABDOMEN"])
    made.texts(0x00400275, 0, 0x00400007, gone=[], stays=["CT ABDOMEN PELVIS"])
    made.texts(0x00400275, 0, 0x00401001, gone=["RP88123"], stays=[])
    made.texts(0x00400275, 0, 0x00080050, gone=[made.person.accession], stays=[])
    made.set.add_new(0x00400244, "DA", "20240118")
    made.ask("date_shifted", 0x00400244)
    made.set.add_new(0x0008002A, "DT", "20240118101601.123456+0100")
    made.texts(0x0008002A, gone=["20240118"], stays=["101601.123456+0100"])
    # Nearer to each other than any date is moved: none becomes the other by chance.
    made.set.add_new(0x00181200, "DA", ["20231101", "20231118"])
    made.texts(0x00181200, gone=["20231101", "20231118"], stays=[])
    made.set.add_new(0x00324000, "LT", f"retired comment of {latin(made.person.name)}")
    made.texts(0x00324000, gone=[latin(made.person.name)], stays=[])
    made.set.add_new(0x60003000, "OW", b"\0" * 8)
    made.set.add_new(0x60000022, "LO", f"overlay {latin(made.person.name)}")
    made.texts(0x60000022, gone=[latin(made.person.name)], stays=[])


def private(made: Made, unknown_vr: bool) -> None:
    """Blocks that are known to be safe, and blocks that are not; nested, and of unknown VR."""
    data, name = made.set, latin(made.person.name)
    safe = data.private_block(0x0019, "SIEMENS MR HEADER", create=True)
    if unknown_vr:
        safe.add_new(0x0C, "UN", b"1000")
    else:
        safe.add_new(0x0C, "IS", "1000")
    safe.add_new(0x0E, "FD", [0.1, 0.2, 0.3])
    made.ask("tag_retained", 0x0019100C)
    made.ask("tag_retained", 0x0019100E)
    philips = data.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
    philips.add_new(0x0E, "FL", 2.5)
    made.ask("tag_retained", 0x2005100E)
    elscint = data.private_block(0x01F1, "ELSCINT1", create=True)
    elscint.add_new(0x26, "DS", "0.9")
    made.ask("text_retained", 0x01F11026, text="0.9")
    gems = data.private_block(0x0043, "GEMS_PARM_01", create=True)
    gems.add_new(0x27, "SH", "1.375:1")
    made.ask("text_retained", 0x00431027, text="1.375:1")
    gems.add_new(0x39, "UN", f"{name}".encode())
    made.ask("text_removed", 0x00431039, text=name, value=name)
    unsafe = data.private_block(0x0099, "NORTHGATE WORKLIST", create=True)
    inner = Dataset()
    inner.PatientName, inner.PatientID = made.person.name, made.person.id
    unsafe.add_new(0x01, "LO", name)
    unsafe.add_new(0x02, "SQ", Sequence([inner]))
    unsafe.add_new(0x03, "UN", name.encode("utf-8"))
    made.texts(0x00991001, gone=[name], stays=[])
    made.ask("text_removed", 0x00991003, text=name, value=name)


def content(value_type: str, concept: tuple[str, str, str], **values: object) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", value_type
    item.ConceptNameCodeSequence = Sequence([code(*concept)])
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def report(made: Made, images: list[str]) -> None:
    """Structured content of every value type."""
    person, data = made.person, made.set
    finding = f"Nodule 8 mm in right upper lobe. Discussed with Dr {person.referring.split('^')[0]} on 2024-01-18. Patient {latin(person.name)}."
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CLASSES["CT"], images[0]
    measured = Dataset()
    measured.NumericValue = "8.2"
    measured.MeasurementUnitsCodeSequence = Sequence([code("mm", "UCUM", "millimeter")])
    data.ValueType, data.ContinuityOfContent, data.CompletionFlag, data.VerificationFlag = "CONTAINER", "SEPARATE", "COMPLETE", "VERIFIED"
    data.ConceptNameCodeSequence = Sequence([code("18748-4", "LN", "Diagnostic imaging report")])
    data.ContentSequence = Sequence([
        content("TEXT", ("121071", "DCM", "Finding"), TextValue=finding),
        content("PNAME", ("121008", "DCM", "Person Observer Name"), PersonName=person.operator),
        content("DATE", ("111060", "DCM", "Study Date"), Date="20240118"),
        content("DATETIME", ("121135", "DCM", "Observation"), DateTime="20240118101500+0100"),
        content("UIDREF", ("121012", "DCM", "Device Observer UID"), UID=generate_uid()),
        content("NUM", ("410668003", "SCT", "Length"), MeasuredValueSequence=Sequence([measured])),
        content("TEXT", ("121009", "DCM", "Person Observer's Organization Name"), TextValue="Violet Ridge Imaging"),
        content("TEXT", ("121030", "DCM", "Subject ID"), TextValue="X-1"),
        content("IMAGE", ("121191", "DCM", "Referenced Segment"), ReferencedSOPSequence=Sequence([reference])),
    ])
    observer = Dataset()
    observer.VerifyingObserverName, observer.VerifyingOrganization, observer.VerificationDateTime = person.referring, person.institution, "20240120120000"
    data.VerifyingObserverSequence = Sequence([observer])
    root = 0x0040A730
    made.texts(root, 0, 0x0040A160, gone=[latin(person.name), "2024-01-18", person.referring.split("^")[0]], stays=["Nodule 8 mm in right upper lobe"])
    made.texts(root, 1, 0x0040A123, gone=[person.operator.split("=")[0]], stays=[])
    made.ask("date_shifted", root, 2, 0x0040A121)
    made.texts(root, 3, 0x0040A120, gone=["20240118"], stays=["101500+0100"])
    made.ask("uid_changed", root, 4, 0x0040A124)
    made.texts(root, 5, 0x0040A300, 0, 0x0040A30A, gone=[], stays=["8.2"])
    made.texts(root, 6, 0x0040A160, gone=["Violet Ridge"], stays=[])
    made.texts(root, 7, 0x0040A160, gone=["X-1"], stays=[])
    made.ask("uid_consistent", root, 8, 0x00081199, 0, 0x00081155)
    made.ask("text_retained", root, 0, 0x0040A043, 0, 0x00080104, text="Finding")
    made.texts(0x0040A073, 0, 0x0040A075, gone=[person.referring.split("=")[0]], stays=[])


def structures(made: Made, images: list[str], series: str, frame: str) -> None:
    """An RT structure set over a series."""
    person, data = made.person, made.set
    data.StructureSetLabel, data.StructureSetDate, data.StructureSetTime = f"RT {person.name.split('^')[0]}"[:16], "20240121", "090000"
    data.StructureSetName = f"Plan for {latin(person.name)}"
    contour_images = []
    for uid in images:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CLASSES["CT"], uid
        contour_images.append(item)
    in_series = Dataset()
    in_series.SeriesInstanceUID, in_series.ContourImageSequence = series, Sequence(contour_images)
    in_study = Dataset()
    in_study.ReferencedSOPClassUID, in_study.ReferencedSOPInstanceUID = "1.2.840.10008.3.1.2.3.1", data.StudyInstanceUID
    in_study.RTReferencedSeriesSequence = Sequence([in_series])
    in_frame = Dataset()
    in_frame.FrameOfReferenceUID, in_frame.RTReferencedStudySequence = frame, Sequence([in_study])
    data.ReferencedFrameOfReferenceSequence = Sequence([in_frame])
    regions, contours, observations = [], [], []
    for number, name in enumerate(["GTV lung left", f"CTV {person.name.split('^')[0]}", "Spinal Cord"], 1):
        region, contour, observation = Dataset(), Dataset(), Dataset()
        region.ROINumber, region.ReferencedFrameOfReferenceUID, region.ROIName, region.ROIGenerationAlgorithm = number, frame, name, "MANUAL"
        line = Dataset()
        line.ContourGeometricType, line.NumberOfContourPoints, line.ContourData = "POINT", 1, [1, 2, 3]
        contour.ROIDisplayColor, contour.ReferencedROINumber, contour.ContourSequence = [255, 0, 0], number, Sequence([line])
        observation.ObservationNumber, observation.ReferencedROINumber = number, number
        observation.RTROIInterpretedType, observation.ROIInterpreter = "GTV", person.operator
        regions.append(region), contours.append(contour), observations.append(observation)
    data.StructureSetROISequence, data.ROIContourSequence, data.RTROIObservationsSequence = Sequence(regions), Sequence(contours), Sequence(observations)
    made.texts(0x30060020, 0, 0x30060026, gone=[], stays=["GTV lung left"])
    made.texts(0x30060020, 2, 0x30060026, gone=[], stays=["Spinal Cord"])
    if len(person.name.split("^")[0]) > 2:
        made.texts(0x30060020, 1, 0x30060026, gone=[person.name.split("^")[0]], stays=["CTV"])
    made.texts(0x30060080, 0, 0x300600A6, gone=[person.operator.split("=")[0]], stays=[])
    made.texts(0x30060004, gone=[latin(person.name)], stays=[])
    made.ask("date_shifted", 0x30060008)
    made.ask("uid_consistent", 0x30060010, 0, 0x00200052)
    made.ask("uid_consistent", 0x30060010, 0, 0x30060012, 0, 0x30060014, 0, 0x0020000E)
    made.ask("uid_consistent", 0x30060010, 0, 0x30060012, 0, 0x30060014, 0, 0x30060016, 0, 0x00081155)
    made.ask("tag_retained", 0x30060039, 0, 0x30060040, 0, 0x30060050)


def presentation(made: Made, images: list[str], series: str) -> None:
    """A presentation state with text over the image."""
    person, data = made.person, made.set
    data.ContentLabel, data.ContentDescription, data.ContentCreatorName = "MARKS", f"for {latin(person.name)}", person.operator
    data.PresentationCreationDate, data.PresentationCreationTime = "20240119", "100000"
    image = Dataset()
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = CLASSES["CT"], images[0]
    in_series = Dataset()
    in_series.SeriesInstanceUID, in_series.ReferencedImageSequence = series, Sequence([image])
    data.ReferencedSeriesSequence = Sequence([in_series])
    note = Dataset()
    note.BoundingBoxAnnotationUnits, note.UnformattedTextValue = "PIXEL", f"{latin(person.name)} 18.01.2024"
    layer = Dataset()
    layer.GraphicLayer, layer.TextObjectSequence = "NOTES", Sequence([note])
    data.GraphicAnnotationSequence = Sequence([layer])
    made.texts(0x00700001, 0, 0x00700008, 0, 0x00700006, gone=[latin(person.name), "18.01.2024"], stays=[])
    made.texts(0x00700081, gone=[latin(person.name)], stays=[])
    made.texts(0x00700084, gone=[person.operator.split("=")[0]], stays=[])
    made.ask("date_shifted", 0x00700082)
    made.ask("uid_consistent", 0x00081115, 0, 0x00081140, 0, 0x00081155)
    made.ask("uid_consistent", 0x00081115, 0, 0x0020000E)


def waveform(made: Made) -> None:
    data = made.set
    data.Modality = "ECG"
    data.AcquisitionDateTime, data.AcquisitionContextSequence = "20240118101500", Sequence([])
    note = Dataset()
    note.UnformattedTextValue, note.AnnotationGroupNumber = f"ECG of {latin(made.person.name)}: sinus rhythm", 1
    data.WaveformAnnotationSequence = Sequence([note])
    made.texts(0x0040B020, 0, 0x00700006, gone=[latin(made.person.name)], stays=["sinus rhythm"])
    made.texts(0x0008002A, gone=["20240118"], stays=["101500"])


def make(folder: Path) -> Key:
    """Every kind of object for every person."""
    key = Key()
    folder.mkdir(parents=True, exist_ok=True)
    syntaxes = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian]
    for index, person in enumerate(PEOPLE):
        study, series, frame = generate_uid(), generate_uid(), generate_uid()
        syntax = syntaxes[index % 3]
        images = []
        for number, kind in enumerate(["CT", "CT", "MR", "PT", "NM"], 1):
            made = Made(key, person, kind, number, study, series if kind == "CT" else generate_uid(), frame)
            descriptions(made)
            nested(made)
            private(made, unknown_vr=syntax == ImplicitVRLittleEndian)
            images.append(made.set.SOPInstanceUID)
            asked_of_all(made)
            made.save(folder, syntax)
        for number, kind in enumerate(["SR", "RTSTRUCT", "PR", "ECG"], 6):
            made = Made(key, person, kind, number, study, generate_uid(), frame)
            {
                "SR": lambda made: report(made, images),
                "RTSTRUCT": lambda made: structures(made, images[:2], series, frame),
                "PR": lambda made: presentation(made, images, series),
                "ECG": waveform,
            }[kind](made)
            asked_of_all(made)
            made.save(folder, syntax)
    return key
