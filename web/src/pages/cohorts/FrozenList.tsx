import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { cohortsQuery, freezeCohort, frozenMembersQuery, type Detail, type Frozen } from "../../api/cohorts";
import { newRequestUrl } from "../../api/releases";
import { useMay } from "../../api/session";
import { dicomDate } from "../../format/dicom";
import { moment } from "../../format/units";
import { Confirm } from "../../parts/Confirm";
import { useCopy } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { useToasts } from "../../parts/toasts";
import { MemberList } from "./Members";
import { countWords, pairsWords } from "./words";

/** What was frozen of a cohort, and freezing its newest version. */
export function FrozenList({ detail, dirty }: { detail: Detail; dirty: boolean }) {
  const { cohort, own, frozen } = detail;
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const toasts = useToasts();
  const freeze = useMutation({
    mutationFn: () => freezeCohort(cohort.id),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: cohortsQuery.queryKey });
      toasts.say(t`Frozen as ${id}.`);
    },
    onError: toasts.fail,
  });
  return (
    <div className="cohort-frozen">
      <p className="dim">
        {t`Freezing keeps the question, everybody who is in it now and the version of the facts under an id that can be cited. It never changes.`}
      </p>
      {own && (
        <div className="cohort-tools">
          <button
            type="button"
            className="button"
            disabled={dirty || freeze.isPending}
            onClick={() => setAsking(true)}
          >
            <Icon name="snow" size={14} /> {t`Freeze version ${cohort.version}…`}
          </button>
          {dirty && <span className="dim">{t`Save first: what is frozen is a version.`}</span>}
        </div>
      )}
      {asking && (
        <Confirm
          title={t`Freeze version ${cohort.version}?`}
          action={t`Freeze`}
          danger={false}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            freeze.mutate();
          }}
        >
          {t`Its members are kept as they are now, and stay listed for as long as the data may be kept.`}
        </Confirm>
      )}
      {frozen.length === 0 ? (
        <p className="dim">{t`Nothing is frozen yet.`}</p>
      ) : (
        <ul className="cohort-frozen-list" aria-label={t`Frozen cohorts`}>
          {frozen.map((one) => (
            <OneFrozen key={one.id} frozen={one} cohort={cohort} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** What stands in a paper, with all that is needed to find it and to check it. */
export function citation({ id, version, facts, digest, madeAt }: Frozen, name: string): string {
  return t`“${name}”, version ${version}, cohort frozen as ${id} on ${dicomDate(madeAt.slice(0, 10))}, facts of version ${facts}, SHA-256 ${digest}.`;
}

function OneFrozen({ frozen, cohort: { id: cohort, name } }: { frozen: Frozen; cohort: Detail["cohort"] }) {
  const { id, version, facts, digest, patients, exams, pairs, madeBy, madeAt } = frozen;
  const copy = useCopy();
  const rows = useMay("query");
  return (
    <li>
      <div className="cohort-tools">
        <strong className="mono">{id}</strong>
        <span className="dim">{t`version ${version}`}</span>
        <button
          type="button"
          className="button button-small"
          aria-label={t`Copy the citation of ${id}`}
          onClick={() => copy.text(citation(frozen, name), t`Citation copied`)}
        >
          <Icon name="copy" size={13} /> {t`Citation`}
        </button>
        <Link
          to={newRequestUrl(id, cohort)}
          className="button button-small"
          aria-label={t`Request the data of ${id}`}
        >
          <Icon name="send" size={13} /> {t`Request data`}
        </Link>
      </div>
      <div className="num">
        {t`Patients: ${countWords(patients)}, exams: ${countWords(exams)}`}
        <span className="dim"> · {t`facts of version ${facts}`}</span>
        {pairs !== undefined && <div>{pairsWords(pairs)}</div>}
      </div>
      <div className="dim">
        {madeBy}, {moment(madeAt)}
      </div>
      <div className="mono faint cohort-digest" title={digest}>
        {digest}
      </div>
      {rows && (
        <details>
          <summary className="dim">{t`Who is in it`}</summary>
          <Who id={id} />
        </details>
      )}
      {copy.byHand}
    </li>
  );
}

function Who({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const found = useQuery({ ...frozenMembersQuery(id), enabled: open });
  if (!open) {
    return (
      <button type="button" className="button button-small" onClick={() => setOpen(true)}>
        {t`List them; it stands in the log`}
      </button>
    );
  }
  if (found.isError) return <Refusal error={found.error} />;
  return found.data === undefined ? <div className="spinner" /> : <MemberList members={found.data} />;
}
