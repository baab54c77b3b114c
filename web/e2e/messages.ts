/** Invented messages about the patients of the sample hospital. */
import { Buffer } from "node:buffer";
import { CHEST } from "./hospital";

const msh = (kind: string, control: string, at: string): string =>
  `MSH|^~\\&|RIS|HILLSIDE|WAREHOUSE|RESEARCH|${at}||${kind}|${control}|P|2.5.1|||AL|NE||UNICODE UTF-8`;

const pid = (id: string, name: string, born = "19610507"): string =>
  `PID|1||${id}^^^HILLSIDE^MR||${name}||${born}|F`;

const anna = pid(CHEST.id, "Example^Anna");

const message = (...segments: string[]): Buffer => Buffer.from(`${segments.join("\r")}\r`, "utf8");

const report = (control: string, at: string, status: string, ...lines: string[]): Buffer =>
  message(
    msh("ORU^R01^ORU_R01", control, at),
    anna,
    `OBR|1|PO7001^HILLSIDE|FO7001^RIS|CT01^CT CHEST W CONTRAST^L|||202603140930|||||||||||${CHEST.accession}||||${at}||CT|${status}`,
    ...lines.map(
      (line, at) => `OBX|${at + 1}|FT|18748-4^Diagnostic Imaging Report^LN|${at + 1}|${line}||||||${status}`,
    ),
  );

export const MESSAGES = {
  admitted: message(
    msh("ADT^A01^ADT_A01", "M7001", "20260312080000"),
    "EVN|A01|20260312080000",
    anna,
    "PV1|1|I|WARD4^12^1^HILLSIDE||||||||||||||||V7001^^^HILLSIDE^VN|||||||||||||||||||||||||20260312080000",
    "DG1|1||C34.1^Malignant neoplasm of upper lobe^I10||20260101|A",
  ),
  ordered: message(
    msh("ORM^O01^ORM_O01", "M7002", "20260313090000"),
    anna,
    "PV1|1|I|WARD4",
    "ORC|NW|PO7001^HILLSIDE|FO7001^RIS||SC||1^once^^202603140900^^R",
    `OBR|1|PO7001^HILLSIDE|FO7001^RIS|CT01^CT CHEST W CONTRAST^L|||202603140900||||||||||${CHEST.accession}|||||||CT|||1^once`,
  ),
  reported: report(
    "M7003",
    "20260314120000",
    "F",
    "CT CHEST",
    "INDICATION: Cough. Mother with breast cancer.",
    "FINDINGS: Small right pleural effusion. No pneumothorax. Possible pneumonia in the left lower lobe. Nodule in the right upper lobe measuring 8 mm.",
    "IMPRESSION: Lung-RADS 4A. Follow-up CT in 3 months.",
  ),
  amended: report(
    "M7004",
    "20260315080000",
    "C",
    "CT CHEST",
    "FINDINGS: Small right pleural effusion. No pneumothorax. No pneumonia. Nodule in the right upper lobe measuring 9 mm.",
    "IMPRESSION: Lung-RADS 4A. Follow-up CT in 3 months.",
  ),
  /** Says where in the images it is seen. */
  placed: report(
    "M7020",
    "20260316080000",
    "C",
    "CT CHEST",
    "FINDINGS: Small right pleural effusion. No pneumothorax. Possible pneumonia in the left lower lobe. Nodule in the right upper lobe measuring 9 mm (series 2, image 4).",
    "IMPRESSION: Lung-RADS 4A. Follow-up CT in 3 months.",
  ),
  laboratory: message(
    msh("ORU^R01^ORU_R01", "M7005", "20260313070000"),
    anna,
    "OBR|1||L7001^LAB|2160-0^Creatinine^LN|||202603130600||||||||||||||||20260313070000||LAB|F",
    "OBX|1|NM|2160-0^Creatinine^LN||0.9|mg/dL|0.5-1.1||||F|||202603130600",
  ),
  /** Where the usual unit is mg/dL. */
  molar: message(
    msh("ORU^R01^ORU_R01", "M7013", "20260313070000"),
    anna,
    "OBR|1||L7013^LAB|14682-9^Creatinine^LN|||202603130600||||||||||||||||20260313070000||LAB|F",
    "OBX|1|NM|14682-9^Creatinine^LN||80|umol/L|44-97||||F|||202603130600",
  ),
  /** Somebody else under the accession number of the chest exam: a link that nobody can be sure of. */
  mistaken: message(
    msh("ORM^O01^ORM_O01", "M7006", "20260313100000"),
    pid("PAT-7100", "Other^Olga", "19710101"),
    "ORC|NW|PO7100^HILLSIDE|FO7100^RIS||SC",
    `OBR|1|PO7100^HILLSIDE|FO7100^RIS|CT01^CT CHEST W CONTRAST^L|||202603140900||||||||||${CHEST.accession}|||||||CT`,
  ),
  /** Perhaps the same Anna, under an identifier of another hospital. */
  elsewhere: message(
    msh("ADT^A04^ADT_A01", "M7007", "20260301080000"),
    "EVN|A04|20260301080000",
    "PID|1||X-4711^^^LAKESIDE^MR||Example^Anna||19610507|F",
    "PV1|1|O|CLINIC",
  ),
  /** Medicines: one that goes on and was handed out, one that was given long ago. */
  prescribed: message(
    msh("RDE^O11^RDE_O11", "M7010", "20260301080000"),
    anna,
    "ORC|NW|RX7010^HILLSIDE|FX7010^PHARMACY||||||20260301080000",
    "RXE||860975^Metformin 500 mg^RXN|500||mg|||||60|TAB|3",
    "RXR|PO^Oral^HL70162",
  ),
  handedOut: message(
    msh("RDS^O13^RDS_O13", "M7011", "20260302100000"),
    anna,
    "ORC|RE|RX7010^HILLSIDE|FX7010^PHARMACY",
    "RXD|1|860975^Metformin 500 mg^RXN|20260302|60|TAB||P7010",
  ),
  given: message(
    msh("RAS^O17^RAS_O17", "M7012", "20200105090000"),
    anna,
    "RXA|0|1|20200105083000|20200105083000|5640^Ibuprofen 400 mg^RXN|400|mg|||N1^Nurse^Nora||||||||||CP",
  ),
  /** No message at all, whatever it is called. */
  broken: Buffer.from("this is not a message\r\n", "utf8"),
};
