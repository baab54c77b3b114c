// The reports of the exam on screen: in the archive in full, in a project as its wall lets them through.
import { api, need, whenSignedOut, type Schemas } from "../../../src/api/client";
import type { LinkRow, RecordInFull } from "../../../src/api/records";
import { preferredLanguage, speak } from "../../../src/language/language";
import { project } from "../project";
import { session, toSignIn } from "../session";

/** A report and why it stands beside this exam. */
export interface LinkedReport {
  link: LinkRow;
  full: RecordInFull;
}

export type ProjectReport = Schemas["ProjectReportShape"];

export type Reports = { of: "archive"; linked: LinkedReport[] } | { of: "project"; reports: ProjectReport[] };

/** An exam with more has them on its page. */
const MOST = 20;

export async function loadReports(study: string): Promise<Reports> {
  whenSignedOut(toSignIn);
  await Promise.all([session(), speakAsChosen()]);
  return project === undefined ? ofArchive(study) : ofProject(project, study);
}

/** The words of our pages are theirs here too; the viewer around the panel stays English, and so does its page. */
async function speakAsChosen(): Promise<void> {
  const around = document.documentElement.lang;
  await speak(preferredLanguage()).catch(() => undefined);
  document.documentElement.lang = around;
}

async function ofArchive(study: string): Promise<Reports> {
  const { links } = await need(api.GET("/api/v1/exams/{study}/records", { params: { path: { study } } }));
  const own = links
    .map((one) => one.link as unknown as LinkRow)
    .filter(({ kind, state }) => kind === "report-exam" && state !== "refused")
    .slice(0, MOST);
  const linked = await Promise.all(
    own.map(async (link) => ({
      link,
      full: await need(api.GET("/api/v1/records/{id}", { params: { path: { id: String(link.record) } } })),
    })),
  );
  return { of: "archive", linked: linked.toSorted(newestFirst) };
}

/** What surely belongs to the exam comes first, then what was known last. */
export const newestFirst = (a: LinkedReport, b: LinkedReport): number =>
  Number(a.link.state !== "linked") - Number(b.link.state !== "linked") ||
  b.full.record.knownAt.localeCompare(a.full.record.knownAt);

async function ofProject(id: string, study: string): Promise<Reports> {
  const path = { project: id, study };
  const { reports } = await need(
    api.GET("/api/v1/projects/{project}/exams/{study}/reports", { params: { path } }),
  );
  return { of: "project", reports };
}
