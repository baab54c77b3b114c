/** Who fits a question in time, found by walking over every patient's rows: independent of how cohorts are asked. */
import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

export interface Fitting {
  patients: number;
  exams: number;
  /** Of the patients, those who have images. */
  pictured: number;
}

interface Dated {
  patient: number;
  /** In days since 1970-01-01. */
  day: number;
}

interface Scan extends Dated {
  exam: number;
  body_part: string | null;
  modalities: string[];
}

interface Nodule {
  exam: number;
  size: number | null;
}

/** People who are in the facts alone have numbers behind this one. */
const BEHIND = 2 ** 36;

async function rows<T>(page: Page, statement: string): Promise<T[]> {
  const session = (await (await page.request.get("/api/v1/session")).json()) as { csrfToken: string };
  const headers = { "X-CSRF-Token": session.csrfToken };
  const answer = await page.request.post("/api/v1/sql", { headers, data: { statement } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as T[];
}

/** The exams of one patient that are meant: of each chest CT that fits, it and those that follow it. */
function meant(diagnosed: number, scans: Scan[], nodules: Nodule[]): Set<number> {
  const found = new Set<number>();
  for (const first of scans.filter((scan) => scan.body_part === "CHEST")) {
    const after = first.day - diagnosed;
    const large = nodules.some(({ exam, size }) => exam === first.exam && size !== null && size >= 8);
    const again = scans.filter(({ day }) => {
      const later = day - first.day;
      return later >= 1 && later <= 365;
    });
    if (after < 0 || after > 90 || !large || again.length === 0) continue;
    for (const { exam } of [first, ...again]) found.add(exam);
  }
  return found;
}

/** Chest CT within 90 days after the first lung cancer, a nodule of 8 mm in it, and a CT again within a year. */
export async function fitting(page: Page): Promise<Fitting> {
  const conditions = await rows<Dated & { code: string }>(page, "SELECT patient, day, code FROM condition");
  const exams = await rows<Scan>(page, "SELECT patient, day, exam, body_part, modalities FROM exam");
  const findings = "SELECT exam, size FROM finding WHERE finding = 'nodule' AND assertion = 'present'";
  const nodules = await rows<Nodule>(page, findings);
  const first = new Map<number, number>();
  for (const { patient, day, code } of conditions) {
    const before = first.get(patient);
    if (code.startsWith("C34") && (before === undefined || day < before)) first.set(patient, day);
  }
  const fits = { patients: 0, exams: 0, pictured: 0 };
  for (const [patient, diagnosed] of first) {
    const scans = exams.filter((exam) => exam.patient === patient && exam.modalities.includes("CT"));
    const found = meant(diagnosed, scans, nodules);
    if (found.size === 0) continue;
    fits.patients += 1;
    fits.exams += found.size;
    if (patient < BEHIND) fits.pictured += 1;
  }
  return fits;
}
