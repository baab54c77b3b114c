import { plural, t } from "@lingui/core/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { Link } from "react-router";
import { membersQuery, whyQuery, type Definition, type Member, type Why } from "../../api/cohorts";
import { personUrl } from "../../api/records";
import { count } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Invented, isOfFactsAlone } from "../../parts/Invented";
import { Refusal } from "../../parts/Refusal";
import { Failure, Loading } from "../../parts/State";
import { fromDefinition } from "./draft";
import { placed, type Placed } from "./places";
import { placedWords } from "./words";

interface Props {
  definition: Definition;
  facts: number;
}

/** Who is in the cohort, for those who may see rows, and why. */
export function Members({ definition, facts }: Props) {
  const found = useInfiniteQuery(membersQuery(definition, facts));
  const [asked, setAsked] = useState<number>();
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what={t`patients`} />;
  const members = found.data.pages.flatMap((page) => page.members);
  return (
    <div className="cohort-members">
      <AskWhy ask={setAsked} />
      {asked !== undefined && (
        <WhyBox definition={definition} facts={facts} patient={asked} close={() => setAsked(undefined)} />
      )}
      <MemberList members={members} why={setAsked} />
      {found.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t`Show more`}
        </button>
      )}
    </div>
  );
}

/** Patients with their exams. */
export function MemberList({ members, why }: { members: Member[]; why?: (patient: number) => void }) {
  const patients = new Map<number, Member[]>();
  for (const member of members) {
    patients.set(member.patient, [...(patients.get(member.patient) ?? []), member]);
  }
  if (patients.size === 0) return <p className="dim">{t`Nobody is in it.`}</p>;
  return (
    <ul className="cohort-people" aria-label={t`Patients of the cohort`}>
      {[...patients].map(([patient, rows]) => (
        <li key={patient}>
          <span className="cohort-person">
            <Person patient={patient} />
            <InPair member={rows[0]} />
            {why !== undefined && (
              <button
                type="button"
                className="button button-quiet button-small"
                aria-label={t`Why is patient ${patient} in?`}
                onClick={() => why(patient)}
              >
                {t`Why?`}
              </button>
            )}
          </span>
          <Exams rows={rows} invented={isOfFactsAlone(patient)} />
        </li>
      ))}
    </ul>
  );
}

/** Who is in the facts alone has neither a record nor images to be opened. */
function Person({ patient }: { patient: number }) {
  if (isOfFactsAlone(patient)) {
    return (
      <>
        {t`Patient ${patient}`} <Invented />
      </>
    );
  }
  if (patient > 0) return <Link to={personUrl(patient)}>{t`Patient ${patient}`}</Link>;
  return <span title={t`Nothing but exams is known of this patient.`}>{t`not on record`}</span>;
}

function InPair({ member }: { member: Member | undefined }) {
  if (member?.pair === undefined) return null;
  const { pair, role } = member;
  return <span className="dim">{role === "case" ? t`pair ${pair}, case` : t`pair ${pair}, control`}</span>;
}

function Exams({ rows, invented }: { rows: Member[]; invented: boolean }) {
  const studies = rows.flatMap(({ study }) => (typeof study === "string" ? [study] : []));
  if (studies.length === 0) return <span className="dim">{t`no exam is meant`}</span>;
  if (invented) {
    const exams = plural(studies.length, { one: "# exam", other: "# exams" });
    return <span className="dim">{t`${exams} without images`}</span>;
  }
  return (
    <span className="cohort-exams">
      {studies.map((study, at) => (
        <Link key={study} to={`/exams/${study}`} title={study}>
          {t`Exam ${at + 1}`}
        </Link>
      ))}
    </span>
  );
}

function AskWhy({ ask }: { ask: (patient: number) => void }) {
  const [typed, setTyped] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const patient = Number(typed);
    if (typed.trim() !== "" && Number.isInteger(patient)) ask(patient);
  };
  return (
    <form className="cohort-ask-why" onSubmit={submit}>
      <label htmlFor="why-patient">{t`Why is a patient in, or out?`}</label>
      <input
        id="why-patient"
        className="input cohort-number"
        type="number"
        placeholder={t`number`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button">
        {t`Follow`}
      </button>
    </form>
  );
}

/** One patient's way through the criteria. */
function WhyBox({ definition, facts, patient, close }: Props & { patient: number; close: () => void }) {
  const found = useQuery(whyQuery(definition, patient, facts));
  const title = !found.data
    ? t`Patient ${patient}`
    : found.data.isIn
      ? t`Patient ${patient} is in`
      : t`Patient ${patient} is out`;
  const rows = placed(fromDefinition(definition));
  return (
    <section className="cohort-why" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <button
          type="button"
          className="button button-quiet button-small button-square"
          aria-label={t`Close`}
          onClick={close}
        >
          <Icon name="close" size={13} />
        </button>
      </header>
      {found.isError && <Refusal error={found.error} />}
      <ol>
        {found.data?.criteria.map((one) => (
          <Step key={one.place} found={one} row={rows.find(({ place }) => place === one.place)} />
        ))}
      </ol>
      {found.data?.criteria.length === 0 && <p className="dim">{t`Nothing is asked, so everybody is in.`}</p>}
    </section>
  );
}

type Outcome = "fits" | "fails" | "open";

/** What must not be near is found anywhere: by itself that says neither yes nor no. */
function outcomeOf({ rows, atLeast }: Why["criteria"][number], row: Placed | undefined): Outcome {
  const denied = row?.denied ?? false;
  if (denied && (row?.depth ?? 0) > 0) return "open";
  return rows >= atLeast !== denied ? "fits" : "fails";
}

function Step({ found, row }: { found: Why["criteria"][number]; row: Placed | undefined }) {
  const { place, rows, atLeast } = found;
  const outcome = outcomeOf(found, row);
  const words = { fits: t`as asked`, fails: t`not as asked`, open: t`found at any time` }[outcome];
  return (
    <li style={{ paddingLeft: `${(row?.depth ?? 0) * 16}px` }} className={outcome}>
      <Icon name={outcome === "fits" ? "ok" : outcome === "fails" ? "close" : "more"} size={14} />
      <span>
        {row === undefined ? place : placedWords(row)}{" "}
        <span className="dim num">
          {plural(rows, { one: "# found", other: "# found" })}
          {atLeast > 1 && ` · ${t`${count(atLeast)} asked for`}`}
        </span>
      </span>
      <span className="hidden-visually">{words}</span>
    </li>
  );
}
