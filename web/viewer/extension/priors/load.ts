// What is known beside the images: the patient's other exams, and the documents of this one.
import { api, need, whenSignedOut, type Schemas } from "../../../src/api/client";
import { documentKind, type DocumentKind } from "../../../src/pages/document/kinds";
import { session, toSignIn } from "../session";

export type Exam = Schemas["Exam"];

export interface Paper {
  kind: DocumentKind;
  title: string;
  study: string;
  sop: string;
}

export interface Beside {
  exam: Exam;
  priors: Exam[];
  papers: Paper[];
  attachments: Schemas["Attachment"][];
}

/** More than a reader compares with; the list of exams has them all. */
const MOST = 200;

export async function loadBeside(study: string): Promise<Beside> {
  whenSignedOut(toSignIn);
  await session();
  const path = { study };
  const [{ exam, series }, attachments] = await Promise.all([
    need(api.GET("/api/v1/exams/{study}", { params: { path } })),
    // Who may read an exam may not always list its attachments; then there are none to show.
    need(api.GET("/api/v1/attachments", { params: { query: { subject: "exam", id: study } } })).catch(() => ({
      items: [],
    })),
  ]);
  const papers = series.flatMap(({ seriesDescription, modality, instances }) =>
    instances.flatMap(({ sopClassUid, sopInstanceUid }) => {
      const kind = documentKind(sopClassUid);
      const title = seriesDescription || `${modality} document`;
      return kind === undefined ? [] : [{ kind, title, study, sop: sopInstanceUid }];
    }),
  );
  return { exam, papers, attachments: attachments.items, priors: await priorsOf(exam) };
}

/** Other exams under the same patient ID, newest first. An exam without an ID has none: names alone prove nothing. */
async function priorsOf(exam: Exam): Promise<Exam[]> {
  if (exam.patientId === "") return [];
  const body = { patient: exam.patientId, limit: MOST };
  const { exams } = await need(api.POST("/api/v1/exams/search", { body }));
  return exams.filter(
    ({ patientId, studyInstanceUid }) =>
      patientId === exam.patientId && studyInstanceUid !== exam.studyInstanceUid,
  );
}
