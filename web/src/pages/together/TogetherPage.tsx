import "./together.css";
import "../people/people.css";
import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import {
  answerDoubt,
  doubtsQuery,
  personQuery,
  personUrl,
  recordsSummaryQuery,
  waitingLinksQuery,
  type Doubt,
  type DoubtAnswer,
  type LinkRow,
  type WaitingLink,
} from "../../api/records";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { Tabs } from "../../parts/Tabs";
import { useToasts } from "../../parts/toasts";
import { useTitle } from "../../shell/useTitle";
import { isOfRecords, useSettle, WhyLinked } from "../people/LinksOf";
import { evidenceWords, kindWords, percent } from "../records/words";
import { doubtLines, linkLines, type Line, type Verdict } from "./compare";

type Tab = "links" | "people";

/** What no rule was sure of: what belongs together, and who is who. One at a time, by button or key. */
export default function TogetherPage() {
  useTitle(t`Together`);
  const [asked, ask] = useSearchParams();
  const tab: Tab = asked.get("tab") === "people" ? "people" : "links";
  const { data } = useQuery({ ...recordsSummaryQuery, refetchInterval: 10_000 });
  const counted = (label: string, count: number | undefined) =>
    count === undefined ? label : `${label} (${count})`;
  return (
    <div className="page together">
      <div className="page-head">
        <div>
          <h1>{t`Together`}</h1>
          <p>
            {t`What no rule was sure of waits here for somebody. A decision stands above every rule and every later message.`}
          </p>
        </div>
      </div>
      <section className="panel">
        <Tabs
          label={t`What waits`}
          chosen={tab}
          choose={(id) => ask({ tab: id }, { replace: true })}
          tabs={[
            { id: "links", label: counted(t`What belongs together`, data?.waiting.links) },
            { id: "people", label: counted(t`Who is who`, data?.waiting.people) },
          ]}
        />
        <div className="together-panel" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
          {tab === "links" ? <Links /> : <Doubts />}
        </div>
      </section>
    </div>
  );
}

/** One of a queue, with the way to the next; what is decided leaves the queue. */
function useQueue<T extends { id: number }>(all: T[]) {
  const [skipped, setSkipped] = useState<number[]>([]);
  const left = all.filter(({ id }) => !skipped.includes(id));
  const current = left[0] ?? all[0];
  const at = current === undefined ? 0 : all.indexOf(current) + 1;
  const skip = () => {
    if (current === undefined) return;
    setSkipped(left.length <= 1 ? [] : [...skipped, current.id]);
  };
  return { current, at, skip };
}

/** Keys where nothing is typed and nothing is asked. */
function useKeys(keys: Record<string, () => void>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const act = keys[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

function Links() {
  const found = useQuery(waitingLinksQuery);
  const links = found.data?.links ?? [];
  const { current, at, skip } = useQueue(links.map((one) => ({ ...one, id: one.link.id })));
  const settle = useSettle();
  const decide = (linked: boolean) => {
    if (current !== undefined && !settle.isPending) settle.mutate({ id: current.id, linked });
  };
  useKeys({ y: () => decide(true), n: () => decide(false), s: skip });
  if (found.isPending) return <Loading what={t`what waits`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (current === undefined) {
    return (
      <Empty icon="ok" title={t`Nothing waits`}>
        {t`Every order, report and visit is linked, or nothing speaks for a link.`}
      </Empty>
    );
  }
  return (
    <>
      <OneLink key={current.id} waiting={current} at={at} of={links.length} />
      <div className="together-actions">
        <Choice keyName="y" primary act={() => decide(true)} busy={settle.isPending}>
          <Icon name="ok" /> {t`They belong together`}
        </Choice>
        <Choice keyName="n" act={() => decide(false)} busy={settle.isPending}>
          <Icon name="close" /> {t`They don't`}
        </Choice>
        <Choice keyName="s" act={skip}>
          {t`Skip`}
        </Choice>
      </div>
    </>
  );
}

interface ChoiceProps {
  keyName: string;
  act: () => void;
  primary?: boolean;
  busy?: boolean;
  children: React.ReactNode;
}

function Choice({ keyName, act, primary = false, busy = false, children }: ChoiceProps) {
  return (
    <button
      type="button"
      className={primary ? "button button-primary" : "button"}
      aria-keyshortcuts={keyName}
      disabled={busy}
      onClick={act}
    >
      {children} <span className="kbd">{keyName}</span>
    </button>
  );
}

function OneLink({ waiting, at, of }: { waiting: WaitingLink; at: number; of: number }) {
  const { record, exam, other } = waiting;
  const link = waiting.link as unknown as LinkRow;
  const person = usePerson(record?.person);
  const otherPerson = usePerson(other?.person);
  const lines = linkLines(waiting, person, otherPerson);
  return (
    <article aria-label={t`Link ${at} of ${of}`}>
      <p className="dim num" role="status">{t`${at} of ${of}`}</p>
      <WhyLinked link={link} />
      <Both
        one={record ? kindWords(record.kind) : t`A record that is gone`}
        other={exam ? t`Exam` : other ? kindWords(other.kind) : t`An exam that is not here`}
        lines={lines}
      />
      <div className="row-actions together-open">
        {record?.person && (
          <Link className="button button-small" to={`${personUrl(record.person)}?record=${record.id}`}>
            {t`Open the left`}
          </Link>
        )}
        {exam && (
          <Link className="button button-small" to={`/exams/${exam.study}`}>
            {t`Open the exam`}
          </Link>
        )}
        {other?.person && (
          <Link className="button button-small" to={`${personUrl(other.person)}?record=${other.id}`}>
            {t`Open the right`}
          </Link>
        )}
      </div>
    </article>
  );
}

function usePerson(id: number | null | undefined) {
  const known = useQuery({
    ...personQuery(id ?? 0),
    enabled: id !== null && id !== undefined,
    staleTime: 60_000,
  });
  return known.data?.person;
}

const VERDICTS: Record<Verdict, () => string> = {
  agrees: () => t`agrees`,
  differs: () => t`differs`,
  unknown: () => "",
};

/** Both sides beside each other; what agrees and what differs is said, not only coloured. */
function Both({ one, other, lines }: { one: string; other: string; lines: Line[] }) {
  return (
    <div className="table-scroll">
      <table className="table together-both">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-visually">{t`Field`}</span>
            </th>
            <th scope="col">{one}</th>
            <th scope="col">{other}</th>
            <th scope="col">
              <span className="hidden-visually">{t`Agreement`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ label, one: left, other: right, verdict }) => (
            <tr key={label} className={verdict}>
              <th scope="row">{label}</th>
              <td className="num">{left || <span className="faint">{t`not told`}</span>}</td>
              <td className="num">{right || <span className="faint">{t`not told`}</span>}</td>
              <td>
                {verdict !== "unknown" && (
                  <span className={verdict === "agrees" ? "badge badge-ok" : "badge badge-danger"}>
                    <Icon name={verdict === "agrees" ? "ok" : "close"} size={11} /> {VERDICTS[verdict]()}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const DOUBTS: Record<string, () => string> = {
  "birth-date": () => t`One identifier came with two birth dates`,
  "same-identifier": () => t`One identifier, but it looks like two people`,
  "maybe-same": () => t`Two identifiers, perhaps of one person`,
};

function Doubts() {
  const found = useQuery(doubtsQuery);
  const doubts = (found.data?.doubts ?? []) as unknown as Doubt[];
  const { current, at, skip } = useQueue(doubts);
  const answer = useAnswer();
  const decidable = current !== undefined && current.kind !== "birth-date";
  const say = (said: DoubtAnswer) => {
    if (current !== undefined && !answer.isPending) answer.mutate({ id: current.id, said });
  };
  useKeys({
    ...(decidable ? { y: () => say("same"), n: () => say("different") } : {}),
    d: () => say("dismiss"),
    s: skip,
  });
  if (found.isPending) return <Loading what={t`what waits`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (current === undefined) {
    return (
      <Empty icon="ok" title={t`Nobody is in doubt`}>
        {t`Every identifier belongs to one person, as far as the messages tell.`}
      </Empty>
    );
  }
  return (
    <>
      <OneDoubt key={current.id} doubt={current} at={at} of={doubts.length} />
      <div className="together-actions">
        {decidable && (
          <>
            <Choice keyName="y" primary act={() => say("same")} busy={answer.isPending}>
              <Icon name="ok" /> {t`The same person`}
            </Choice>
            <Choice keyName="n" act={() => say("different")} busy={answer.isPending}>
              <Icon name="close" /> {t`Two people`}
            </Choice>
          </>
        )}
        <Choice keyName="d" act={() => say("dismiss")} busy={answer.isPending}>
          {t`Nothing to do`}
        </Choice>
        <Choice keyName="s" act={skip}>
          {t`Skip`}
        </Choice>
      </div>
    </>
  );
}

function useAnswer() {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: ({ id, said }: { id: number; said: DoubtAnswer }) => answerDoubt(id, said),
    onSuccess: (_, { said }) =>
      toasts.say(
        said === "same"
          ? t`One person: your word stands.`
          : said === "different"
            ? t`Two people: your word stands.`
            : t`Looked at; nothing is to be done.`,
      ),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ predicate: ({ queryKey }) => isOfRecords(queryKey[0]) }),
  });
}

function OneDoubt({ doubt, at, of }: { doubt: Doubt; at: number; of: number }) {
  const [one, other] = doubt.sides;
  const words = evidenceWords(doubt.evidence);
  const already = one !== undefined && one.person === other?.person && doubt.kind !== "birth-date";
  return (
    <article aria-label={t`Doubt ${at} of ${of}`}>
      <p className="dim num" role="status">{t`${at} of ${of}`}</p>
      <h2>{DOUBTS[doubt.kind]?.() ?? doubt.kind}</h2>
      <p className="dim">
        {words.join(", ")}
        {words.length > 0 && ". "}
        {t`Likely one person: ${percent(doubt.score)}. Raised ${moment(doubt.raisedAt)}.`}
      </p>
      {already && (
        <p className="notice">{t`Something else has already made them one record; "two people" parts them again.`}</p>
      )}
      <Both one={t`One`} other={t`The other`} lines={doubtLines(doubt)} />
      <div className="row-actions together-open">
        {doubt.sides.slice(0, already || doubt.kind === "birth-date" ? 1 : 2).map((side, number) => (
          <Link key={number} className="button button-small" to={personUrl(side.person)}>
            <Icon name="account" size={13} />{" "}
            {number === 0 ? t`Open the one's record` : t`Open the other's record`}
          </Link>
        ))}
        <span className="faint num">
          {plural(
            doubt.sides.reduce((all, { records, exams }) => all + records + exams, 0),
            {
              one: "# entry is concerned",
              other: "# entries are concerned",
            },
          )}
        </span>
      </div>
    </article>
  );
}
