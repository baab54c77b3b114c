import "./patient.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { viewerUrl } from "../../api/exams";
import { patientQuery, patientUrl, type PatientDetail, type PatientRow } from "../../api/patients";
import { examRecordsQuery, personUrl } from "../../api/records";
import { Problem } from "../../api/problem";
import { dicomDate, personName, sexWord } from "../../format/dicom";
import { Icon } from "../../parts/Icon";
import { Invented, isInvented } from "../../parts/Invented";
import { Empty, Failure, Loading } from "../../parts/State";
import { remember } from "../../shell/finder/recent";
import { useTitle } from "../../shell/useTitle";
import { Attachments } from "../exam/Attachments";
import { Withdraw } from "../releases/Withdraw";
import { Elsewhere } from "./Elsewhere";
import { Identities } from "./Identities";
import { Timeline } from "./Timeline";

/** One patient: who it is, every exam in order of time, files, and what other archives have. */
export default function PatientPage() {
  useTitle(t`Patient`);
  const { study = "" } = useParams();
  const patient = useQuery(patientQuery(study));
  if (patient.isPending) return <Loading what={t`the patient`} />;
  if (patient.isError) {
    if (patient.error instanceof Problem && patient.error.status === 404) return <NoPatient />;
    return <Failure error={patient.error} retry={() => void patient.refetch()} />;
  }
  return <Patient key={patient.data.patient.key} study={study} detail={patient.data} />;
}

function NoPatient() {
  return (
    <Empty
      page
      icon="search"
      title={t`This patient is not here`}
      actions={
        <Link to="/exams" className="button button-primary">
          {t`Go to exams`}
        </Link>
      }
    >
      {t`The exams may have been deleted, or the address is mistyped.`}
    </Empty>
  );
}

function Patient({ study, detail }: { study: string; detail: PatientDetail }) {
  const { patient, exams } = detail;
  const [compared, setCompared] = useState<string[]>([]);
  useEffect(() => {
    const count = plural(patient.examCount, { one: "# exam", other: "# exams" });
    const about = t`Patient · ${count}`;
    remember({ to: patientUrl(patient.key), label: personName(patient.patientName) || t`No name`, about });
  }, [patient]);
  // The third that is chosen takes the place of the first.
  const compare = (uid: string, chosen: boolean) =>
    setCompared((before) => (chosen ? [...before, uid].slice(-2) : before.filter((one) => one !== uid)));
  return (
    <div className="page patient">
      <div className="page-head">
        <div>
          <h1>{personName(patient.patientName) || t`No name`}</h1>
          <p className="num">
            {isInvented(patient.issuer, patient.patientId) && <Invented />} {about(patient)}
          </p>
        </div>
        <div className="row-actions patient-actions">
          <RecordLink study={study} />
          <Withdraw study={study} />
          <Compare compared={compared} />
        </div>
      </div>
      <Identities detail={detail} />
      <Timeline exams={exams} compared={compared} compare={compare} />
      <Elsewhere patientId={patient.patientId} held={exams} study={study} />
      <section className="panel patient-files" aria-labelledby="files-title">
        <h2 id="files-title">{t`Files of the patient`}</h2>
        {patient.patientId === "" ? (
          <p className="dim">{t`The exam names no Patient ID, so files are kept with the exam itself.`}</p>
        ) : (
          <Attachments subject="patient-of" id={patient.key} />
        )}
      </section>
    </div>
  );
}

/** The way to what messages tell of the patient; every exam has one as soon as it is indexed. */
function RecordLink({ study }: { study: string }) {
  const { data } = useQuery(examRecordsQuery(study));
  const person = data?.context.person;
  if (person === null || person === undefined) return null;
  return (
    <Link className="button" to={personUrl(person)}>
      <Icon name="activity" /> {t`Record`}
    </Link>
  );
}

function about(patient: PatientRow): string {
  const born = dicomDate(patient.patientBirthDate);
  return [
    patient.patientId === "" ? t`no Patient ID` : `ID ${patient.patientId}`,
    patient.issuer === "" ? "" : t`given by ${patient.issuer}`,
    sexWord(patient.patientSex),
    born === "" ? "" : t`born ${born}`,
    plural(patient.examCount, { one: "# exam", other: "# exams" }),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function Compare({ compared }: { compared: string[] }) {
  if (compared.length < 2) {
    return (
      <span className="dim patient-hint" role="status">
        {compared.length === 1 ? t`Tick one more exam to compare` : t`Tick two exams to compare them`}
      </span>
    );
  }
  return (
    <a className="button button-primary" href={viewerUrl(...compared)}>
      <Icon name="viewer" /> {t`Compare in viewer`}
    </a>
  );
}
