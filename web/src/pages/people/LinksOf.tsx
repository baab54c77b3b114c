import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { personUrl, settleLink, type Entry, type LinkRow, type Person } from "../../api/records";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { useToasts } from "../../parts/toasts";
import { evidenceWords, kindWords, linkStateWords, percent, ruleWords } from "../records/words";
import { keyOf } from "./lanes";
import { endsOf } from "./Picture";

interface Timeline {
  person: Person;
  entries: Entry[];
  links: Pick<LinkRow, keyof LinkRow>[] | unknown[];
}

interface Props {
  timeline: Timeline;
  of: { record?: number | null; study?: string | null };
  /** On a timeline: the other end is chosen there; else it is a link to it. */
  choose?: (key: string) => void;
}

/** What an entry belongs to, each with its rule and evidence. */
export function LinksOf({ timeline, of, choose }: Props) {
  const own = keyOf({ record: of.record ?? null, study: of.study ?? null });
  const links = (timeline.links as LinkRow[]).filter((link) => endsOf(link).includes(own));
  if (links.length === 0)
    return <p className="dim">{t`No exam and no other record was found that it belongs to.`}</p>;
  return (
    <ul className="links">
      {links.toSorted(surest).map((link) => {
        const [one, other] = endsOf(link);
        const far = one === own ? other : one;
        const entry = timeline.entries.find((candidate) => keyOf(candidate) === far);
        return (
          <li key={link.id}>
            <div className="links-what">
              <FarEnd timeline={timeline} entry={entry} far={far} choose={choose} />
              <LinkState link={link} />
            </div>
            <WhyLinked link={link} />
            <Decide link={link} />
          </li>
        );
      })}
    </ul>
  );
}

const ORDER = ["linked", "waiting", "refused"];
const surest = (a: LinkRow, b: LinkRow): number =>
  ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.confidence - a.confidence;

function FarEnd(props: {
  timeline: Timeline;
  entry: Entry | undefined;
  far: string;
  choose: ((key: string) => void) | undefined;
}) {
  const { timeline, entry, far, choose } = props;
  if (entry === undefined) return <strong>{t`Something of another patient`}</strong>;
  const kind = <span className="badge">{kindWords(entry.kind)}</span>;
  const title = entry.title || t`No title`;
  if (choose !== undefined) {
    return (
      <>
        {kind}
        <button type="button" className="links-to" onClick={() => choose(far)}>
          {title}
        </button>
      </>
    );
  }
  const to = entry.study
    ? `/exams/${entry.study}`
    : `${personUrl(timeline.person.id)}?record=${entry.record}`;
  return (
    <>
      {kind}
      <Link to={to}>{title}</Link>
    </>
  );
}

/** Whether it holds; how sure, where a rule says so. */
export function LinkState({ link }: { link: LinkRow }) {
  const badge = { linked: "badge badge-ok", waiting: "badge badge-warn" }[link.state] ?? "badge badge-danger";
  return <span className={badge}>{linkStateWords(link.state)}</span>;
}

export function WhyLinked({ link }: { link: LinkRow }) {
  const words = evidenceWords(link.evidence);
  return (
    <p className="dim links-why">
      {ruleWords(link.rule)}
      {words.length > 0 && `: ${words.join(", ")}`}
      {". "}
      {link.decidedBy === "" ? t`Confidence ${percent(link.confidence)}.` : t`Decided by ${link.decidedBy}.`}
    </p>
  );
}

/** A person's word stands above every rule, and can be said again. */
export function Decide({ link }: { link: LinkRow }) {
  const settle = useSettle();
  return (
    <May action="curate">
      <div className="links-decide">
        {link.state !== "linked" && (
          <button
            type="button"
            className="button button-small"
            disabled={settle.isPending}
            onClick={() => settle.mutate({ id: link.id, linked: true })}
          >
            <Icon name="ok" size={13} /> {t`Belongs together`}
          </button>
        )}
        {link.state !== "refused" && (
          <button
            type="button"
            className="button button-small"
            disabled={settle.isPending}
            onClick={() => settle.mutate({ id: link.id, linked: false })}
          >
            <Icon name="close" size={13} /> {t`Does not`}
          </button>
        )}
      </div>
    </May>
  );
}

export function useSettle() {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: ({ id, linked }: { id: number; linked: boolean }) => settleLink(id, linked),
    onSuccess: (_, { linked }) =>
      toasts.say(
        linked
          ? t`They belong together: your word stands.`
          : t`They do not belong together: your word stands.`,
      ),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ predicate: ({ queryKey }) => isOfRecords(queryKey[0]) }),
  });
}

const ofRecordsKey = [
  "medications",
  "person",
  "record",
  "exam-records",
  "links-waiting",
  "doubts",
  "records-summary",
  "home",
];
export const isOfRecords = (name: unknown): boolean => ofRecordsKey.includes(String(name));
