import "./releases.css";
import { t } from "@lingui/core/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link, useLocation } from "react-router";
import { projectsQuery } from "../../api/projects";
import { registerQuery, requestUrl, usesOfPerson, type Use } from "../../api/releases";
import { dicomDate } from "../../format/dicom";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Refusal } from "../../parts/Refusal";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { formsShort, stateBadge, stateWords, toldWords } from "./words";

/** Who used what for what: everything, one project's, or one person's. */
export default function RegisterPage() {
  useTitle(t`Register of uses`);
  const { state } = useLocation() as { state: { study?: string } | null };
  const [project, setProject] = useState("");
  const [person, setPerson] = useState<Use[]>();
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`Register of uses`}</h1>
          <p>{t`Who was given what, for what, until when, and who fetched it.`}</p>
        </div>
      </div>
      <div className="release-tools">
        <Projects value={project} set={setProject} />
        <May action="release">
          <Person study={state?.study ?? ""} found={setPerson} />
        </May>
      </div>
      {person === undefined ? (
        <Everything project={project} />
      ) : (
        <>
          <p className="notice">
            <span>{t`Uses of one person's data.`}</span>{" "}
            <button type="button" className="button button-small" onClick={() => setPerson(undefined)}>
              {t`Show all`}
            </button>
          </p>
          <Uses uses={person} />
        </>
      )}
    </div>
  );
}

function Projects({ value, set }: { value: string; set: (project: string) => void }) {
  const projects = useQuery(projectsQuery).data ?? [];
  return (
    <label className="field">
      <span className="field-label">{t`Project`}</span>
      <select className="input" value={value} onChange={(event) => set(event.target.value)}>
        <option value="">{t`All projects`}</option>
        {projects.map(({ id, title }) => (
          <option key={id} value={id}>
            {title || id}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The exam travels in a body, so that no address says whose data were looked for. */
function Person({ study, found }: { study: string; found: (uses: Use[]) => void }) {
  const [exam, setExam] = useState(study);
  const look = useMutation({ mutationFn: () => usesOfPerson(exam.trim()), onSuccess: found });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    look.mutate();
  };
  return (
    <form onSubmit={submit} className="release-look">
      <label className="field">
        <span className="field-label">{t`One person, by one of their exams`}</span>
        <input
          className="input mono"
          placeholder={t`Study Instance UID`}
          required
          value={exam}
          onChange={(event) => setExam(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={look.isPending}>
        <Icon name="search" size={14} /> {t`Look`}
      </button>
      {look.isError && <Refusal error={look.error} />}
    </form>
  );
}

function Everything({ project }: { project: string }) {
  const found = useQuery(registerQuery(project));
  if (found.isPending) return <Loading what={t`the register`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return <Uses uses={found.data} />;
}

function Uses({ uses }: { uses: Use[] }) {
  if (uses.length === 0) {
    return (
      <Empty icon="report" title={t`No use is registered`}>
        {t`What is asked for and given stands here by itself.`}
      </Empty>
    );
  }
  const heads = [
    t`Use`,
    t`Project`,
    t`State`,
    t`Who received it`,
    t`Patients, exams`,
    t`As`,
    t`From, until`,
    t`Fetched`,
  ];
  return (
    <section className="panel table-scroll" aria-label={t`Uses`}>
      <table className="table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {uses.map((use) => (
            <UseRow key={use.release} use={use} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function UseRow({ use }: { use: Use }) {
  const { release, title, project, purpose, recipients, state, patients, exams, forms, readyAt, expires } =
    use;
  return (
    <tr>
      <td>
        <Link to={requestUrl(release)}>
          <strong>{title}</strong>
        </Link>
        <div className="dim">{purpose}</div>
      </td>
      <td>
        <Link to={`/projects/${project}`}>{project}</Link>
      </td>
      <td>
        <span className={stateBadge(state)}>{stateWords(state)}</span>
      </td>
      <td>
        {recipients.map(({ name, institution }) => (
          <div key={`${name} ${institution}`}>
            {name} <span className="dim">{institution}</span>
          </div>
        ))}
      </td>
      <td className="num">
        {toldWords(patients)}, {toldWords(exams)}
      </td>
      <td>{formsShort(forms)}</td>
      <td className="dim num">
        {readyAt === null ? "–" : moment(readyAt)}
        <div>{dicomDate(expires)}</div>
      </td>
      <td className="num">{use.receipts.length}</td>
    </tr>
  );
}
