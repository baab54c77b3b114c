import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import {
  askForEvidence,
  evidenceFoundQuery,
  evidencePack,
  evidenceQuery,
  projectQuery,
  type Evidence as Gathered,
  type EvidenceFound,
  type Project,
} from "../../api/projects";
import { count, moment } from "../../format/units";
import { writing } from "../../language/language";
import { Progress } from "../../parts/Progress";
import { Empty, Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";
import { categoryWords, evidenceWords } from "./words";

/** What proves that the project shows nobody: searches, canaries, scores, and the signed packs. */
export function Evidence({ project }: { project: Project }) {
  const found = useQuery(evidenceQuery(project.id));
  const [chosen, choose] = useState<number>();
  if (found.isPending) return <Loading what={t`evidence`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { evidence, publicKey } = found.data;
  const shown = evidence.find(({ id }) => id === chosen) ?? evidence[0];
  return (
    <div className="project-parts">
      {project.needsEvidence && !evidence.some(isProof) && (
        <p className="notice notice-warn" role="status">
          {t`The project shows nothing before evidence has passed.`}
        </p>
      )}
      {project.mayManage && <Ask project={project.id} />}
      {shown === undefined ? (
        <Empty icon="project" title={t`Nothing was verified yet`} />
      ) : (
        <>
          <List evidence={evidence} chosen={shown.id} choose={choose} />
          <Shown project={project.id} evidence={shown} />
          <p className="dim">
            {t`Packs are signed (Ed25519). Check one with isocenter deid evidence check; the public key of this server is`}{" "}
            <span className="mono evidence-key">{publicKey}</span>
          </p>
        </>
      )}
    </div>
  );
}

const isProof = ({ state, current }: Gathered): boolean => state === "passed" && current;

function Ask({ project }: { project: string }) {
  const file = useRef<HTMLInputElement>(null);
  const [answers, setAnswers] = useState<File>();
  const queries = useQueryClient();
  const toasts = useToasts();
  const ask = useMutation({
    mutationFn: async () => askForEvidence(project, await answers?.text()),
    onSuccess: () => {
      setAnswers(undefined);
      if (file.current) file.current.value = "";
    },
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: projectQuery(project).queryKey }),
  });
  return (
    <div className="project-tools evidence-ask">
      <label className="field">
        <span className="field-label">{t`Answer key to score, if there is one`}</span>
        <input
          ref={file}
          type="file"
          accept=".tsv,text/tab-separated-values,text/plain"
          className="input"
          onChange={(event) => setAnswers(event.target.files?.[0])}
        />
        <span className="field-hint">{t`tab-separated, one check a line; it is not kept`}</span>
      </label>
      <button
        type="button"
        className="button button-primary"
        disabled={ask.isPending}
        onClick={() => ask.mutate()}
      >
        {t`Verify now`}
      </button>
    </div>
  );
}

function List(props: { evidence: Gathered[]; chosen: number; choose: (id: number) => void }) {
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`Verified`}</th>
            <th scope="col">{t`Result`}</th>
            <th scope="col">{t`Of`}</th>
            <th scope="col">{t`Asked for`}</th>
          </tr>
        </thead>
        <tbody>
          {props.evidence.map((one) => (
            <tr key={one.id} className={one.id === props.chosen ? "evidence-chosen" : undefined}>
              <td>
                <button
                  type="button"
                  className="button button-small"
                  aria-pressed={one.id === props.chosen}
                  onClick={() => props.choose(one.id)}
                >
                  {t`No. ${one.id}`}
                </button>
              </td>
              <td>
                <Result evidence={one} />
              </td>
              <td>{one.current ? t`what is seen now` : t`an earlier policy or program`}</td>
              <td className="dim num">
                {moment(one.askedAt)} {one.askedBy}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Result({ evidence: { state, done, total, reason } }: { evidence: Gathered }) {
  const tone =
    state === "passed" ? "badge-ok" : state === "failed" || state === "given-up" ? "badge-warn" : "";
  return (
    <>
      <span className={`badge ${tone}`}>{evidenceWords(state)}</span>{" "}
      {state === "running" && <Progress label={t`Instances searched`} value={done} of={total} />}
      {reason && <span className="dim">{reason}</span>}
    </>
  );
}

function Shown({ project, evidence }: { project: string; evidence: Gathered }) {
  const { id, state } = evidence;
  const found = useQuery(evidenceFoundQuery(project, id, state));
  const says = found.data?.found;
  if (!says) return null;
  return (
    <section aria-label={t`What No. ${id} says`} className="evidence-says">
      <p>
        {t`${count(says.outputs)} files made of ${count(says.inputs)} originals were searched: ${count(says.search.values)} values.`}{" "}
        <a className="button button-small" href={evidencePack(project, id)} download>
          {t`Signed pack`}
        </a>
      </p>
      <div className="evidence-tables">
        <Searched says={says} />
        <Canaries says={says} />
        <Score says={says} />
      </div>
      <ul>
        {says.risk.bounds.map(({ of, leaks, checked, upper_bound }) => (
          <li key={of}>
            {t`${count(leaks)} of ${count(checked)} ${boundWords(of)} leak; with 95 % confidence at most ${percent(upper_bound)} do.`}
          </li>
        ))}
      </ul>
      {says.search.traces.length > 0 && (
        <table className="table">
          <caption>{t`Where something was found`}</caption>
          <tbody>
            {says.search.traces.slice(0, 200).map(({ file, category, place }) => (
              <tr key={`${file} ${place} ${category}`}>
                <td>{categoryWords(category)}</td>
                <td className="mono">{place}</td>
                <td className="mono dim">{file}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const percent = (share: number): string =>
  share.toLocaleString(writing(), { style: "percent", maximumSignificantDigits: 2 });

function boundWords(of: string): string {
  if (of === "files") return t`files`;
  return of === "values" ? t`values` : t`canaries`;
}

function Searched({ says }: { says: EvidenceFound }) {
  const rows = says.search.identifiers.map(({ category, looked_for, found }): Line => [
    category,
    looked_for,
    found,
  ]);
  return <Table caption={t`What identifies the patients`} heads={[t`looked for`, t`found`]} rows={rows} />;
}

function Canaries({ says: { canaries } }: { says: EvidenceFound }) {
  if (!canaries) return null;
  const rows = Object.entries(canaries.planted).map(([category, planted]): Line => [
    category,
    planted,
    canaries.through[category] ?? 0,
  ]);
  return <Table caption={t`Invented identifiers`} heads={[t`planted`, t`came through`]} rows={rows} />;
}

function Score({ says: { score } }: { says: EvidenceFound }) {
  if (!score) return null;
  return (
    <table className="table">
      <caption>{t`Answer key`}</caption>
      <thead>
        <tr>
          <th scope="col">{t`Category`}</th>
          <th scope="col" className="right">{t`passed`}</th>
          <th scope="col" className="right">{t`failed`}</th>
          <th scope="col" className="right">{t`withheld`}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(score.categories).map(([name, { passed, failed, withheld }]) => (
          <tr key={name}>
            <td>{name}</td>
            <td className="right num">{count(passed)}</td>
            <td className={failed > 0 ? "right num evidence-bad" : "right num"}>{count(failed)}</td>
            <td className="right num">{count(withheld)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Line = [category: string, of: number, bad: number];

function Table({ caption, heads, rows }: { caption: string; heads: [string, string]; rows: Line[] }) {
  return (
    <table className="table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t`Category`}</th>
          {heads.map((head) => (
            <th key={head} scope="col" className="right">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([category, of, bad]) => (
          <tr key={category}>
            <td>{categoryWords(category)}</td>
            <td className="right num">{count(of)}</td>
            <td className={bad > 0 ? "right num evidence-bad" : "right num"}>{count(bad)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
