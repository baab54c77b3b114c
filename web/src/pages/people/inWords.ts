/** A FHIR resource in lines for people. What has no line here stands in the resource, folded below. */
import { t } from "@lingui/core/macro";
import type { Json } from "../../api/records";
import { moment } from "../../format/units";
import { classWords, kindWords, statusWords } from "../records/words";
import { oneName, sexWords } from "./who";

export type Line = [label: string, value: string];

const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

const list = (value: unknown): Json[] => {
  const many: unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return many.filter((one): one is Json => typeof one === "object" && one !== null);
};

const joined = (parts: string[], by = ", "): string =>
  [...new Set(parts.filter((part) => part !== ""))].join(by);

/** The words of a CodeableConcept, with the code they stand for. */
export function concept(value: unknown): string {
  return joined(
    list(value).map((one) => {
      const codings = list(one["coding"]);
      const named =
        text(one["text"]) || codings.map((coding) => text(coding["display"])).find((name) => name !== "");
      const codes = joined(codings.map((coding) => text(coding["code"])));
      if (named === undefined || named === "") return codes;
      return codes === "" || codes === named ? named : `${named} (${codes})`;
    }),
    "; ",
  );
}

const IDS: Record<string, () => string> = {
  PLAC: () => t`Placer's number`,
  FILL: () => t`Filler's number`,
  ACSN: () => t`Accession number`,
  VN: () => t`Visit number`,
  MR: () => t`Medical record number`,
};

function identifiers(value: unknown): Line[] {
  return list(value).map((one): Line => {
    const kind = text(list((one["type"] as Json | undefined)?.["coding"])[0]?.["code"]);
    const system = text(one["system"]);
    const number = text(one["value"]).replace(/^urn:oid:/, "");
    if (system === "urn:dicom:uid") return [t`Study Instance UID`, number];
    return [IDS[kind]?.() ?? t`Identifier`, system === "" ? number : t`${number} of ${system}`];
  });
}

/** A FHIR date or moment: those with a zone are shown on the reader's clock, others as they were told. */
export function when(value: unknown): string {
  const said = text(value);
  if (/T.*(Z|[+-]\d\d:\d\d)$/.test(said)) return moment(said);
  return said.replace("T", " ");
}

const period = (value: unknown): string =>
  joined(
    list(value).map((one) => {
      const [start, end] = [when(one["start"]), when(one["end"])];
      if (end === "") return start === "" ? "" : t`since ${start}`;
      return start === "" ? t`until ${end}` : t`${start} to ${end}`;
    }),
  );

function reference(value: unknown): string {
  return joined(
    list(value).map((one) => {
      const id = text((one["identifier"] as Json | undefined)?.["value"]);
      const name = text(one["display"]);
      return joined(
        [name, id.replace(/^urn:oid:/, ""), name === "" && id === "" ? text(one["reference"]) : ""],
        " · ",
      );
    }),
    "; ",
  );
}

function quantity(value: unknown): string {
  const [one] = list(value);
  if (one === undefined) return "";
  return `${text(one["comparator"])}${text(one["value"])} ${text(one["unit"]) || text(one["code"])}`.trim();
}

const ranges = (value: unknown): string =>
  joined(
    list(value).map(
      (one) => text(one["text"]) || joined([quantity(one["low"]), quantity(one["high"])], " – "),
    ),
  );

const notes = (value: unknown): string =>
  joined(
    list(value).map((one) => text(one["text"])),
    "; ",
  );

const dosage = (value: unknown): string =>
  joined(
    list(value).map(
      (one) =>
        text(one["text"]) ||
        joined([
          quantity(list(one["doseAndRate"])[0]?.["doseQuantity"]) || quantity(one["dose"]),
          concept(one["route"]),
        ]),
    ),
    "; ",
  );

const components = (value: unknown): Line[] =>
  list(value).map((one): Line => [
    concept(one["code"]),
    quantity(one["valueQuantity"]) || concept(one["valueCodeableConcept"]) || text(one["valueString"]),
  ]);

/** Who takes part, by role. */
const participants = (value: unknown): string =>
  joined(
    list(value).map((one) => reference(one["individual"] ?? one["actor"] ?? one["member"])),
    "; ",
  );

export function inWords(content: unknown): Line[] {
  const [record] = list(content);
  if (record === undefined) return [];
  const of = (name: string) => record[name];
  const lines: Line[] = [
    [t`What`, concept(of("code")) || concept(of("medicationCodeableConcept")) || concept(of("vaccineCode"))],
    [t`Medicine`, reference(of("medicationReference"))],
    [t`Name`, of("resourceType") === "Patient" ? joined(list(of("name")).map(oneName), "; ") : ""],
    [t`Birth date`, text(of("birthDate"))],
    [t`Sex`, sexWords(text(of("gender")))],
    [t`Type`, of("resourceType") === "Observation" ? "" : concept(of("type")) || concept(of("serviceType"))],
    [
      t`Kind of visit`,
      classWords(text(list(of("class"))[0]?.["code"]) || text(list(of("class"))[0]?.["display"])),
    ],
    [
      t`Value`,
      quantity(of("valueQuantity")) || concept(of("valueCodeableConcept")) || text(of("valueString")),
    ],
    ...components(of("component")),
    [t`Reference range`, ranges(of("referenceRange"))],
    [t`Interpretation`, concept(of("interpretation"))],
    [t`Status`, statusWords(text(of("status")))],
    [t`Clinical status`, concept(of("clinicalStatus"))],
    [t`Certainty`, concept(of("verificationStatus"))],
    [t`Severity`, concept(of("severity"))],
    [t`Category`, concept(of("category"))],
    [t`Priority`, text(of("priority"))],
    [t`Reason`, concept(of("reasonCode"))],
    [t`Place on the body`, concept(of("bodySite"))],
    [t`Dosage`, dosage(of("dosageInstruction") ?? of("dosage"))],
    [t`Quantity`, quantity(of("quantity"))],
    [t`During`, period(of("period") ?? of("effectivePeriod") ?? of("performedPeriod") ?? of("onsetPeriod"))],
    [
      t`When`,
      when(
        of("effectiveDateTime") ??
          of("occurrenceDateTime") ??
          of("performedDateTime") ??
          of("onsetDateTime") ??
          of("started") ??
          of("start"),
      ),
    ],
    [t`Ended`, when(of("abatementDateTime") ?? of("end"))],
    [t`Ordered`, when(of("authoredOn"))],
    [t`Handed out`, when(of("whenHandedOver"))],
    [t`Issued`, when(of("issued"))],
    [t`Recorded`, when(of("recordedDate") ?? of("dateAsserted"))],
    [t`Asked for by`, reference(of("requester"))],
    [t`Done by`, reference(of("performer"))],
    [t`Interpreted by`, reference(of("resultsInterpreter"))],
    [t`Taking part`, participants(of("participant"))],
    [
      t`Where`,
      joined(
        list(of("location")).map((one) => reference(one["location"])),
        "; ",
      ),
    ],
    [t`Visit`, reference(of("encounter") ?? of("context"))],
    [t`Based on`, reference(of("basedOn"))],
    [t`Series`, text(of("numberOfSeries"))],
    [t`Images`, text(of("numberOfInstances"))],
    [t`Conclusion`, of("presentedForm") === undefined ? text(of("conclusion")) : ""],
    [t`Note`, notes(of("note"))],
    [t`Patient`, reference(of("subject") ?? of("patient"))],
    ...identifiers(of("identifier")),
  ];
  return lines.filter(([label, value]) => value !== "" && label !== "");
}

/** What differs in words between a version and the one before. */
export function changes(newer: unknown, older: unknown): Line[] {
  const before = new Map(inWords(older));
  return inWords(newer).filter(([label, value]) => before.get(label) !== value);
}

export const resourceWords = (content: unknown): string =>
  kindWords(text(list(content)[0]?.["resourceType"]));
