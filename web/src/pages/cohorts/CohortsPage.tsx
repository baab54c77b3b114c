import "./cohorts.css";
import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { cohortsQuery, cohortUrl, languageQuery, removeCohort, type Kept } from "../../api/cohorts";
import { sessionQuery } from "../../api/session";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { RemoveButton } from "../../parts/RemoveButton";
import { useToasts } from "../../parts/toasts";
import { InventedNote } from "./InventedNote";

/** Cohorts of one's own, and those that others share. */
export default function CohortsPage() {
  const found = useQuery(cohortsQuery);
  const language = useQuery(languageQuery);
  const cohorts = found.data ?? [];
  return (
    <ListPage
      title={t`Cohorts`}
      about={t`Which patients, which images, when, relative to what: asked by pointing, kept in versions, frozen to be cited.`}
      query={found}
      count={cohorts.length}
      empty={{
        icon: "cohort",
        title: t`No cohorts yet`,
        text: t`Ask a question and save it. It is yours alone until you share it.`,
      }}
      tools={<InventedNote invented={language.data?.invented ?? 0} />}
      heads={[t`Cohort`, t`Version`, t`Of`, t`Changed`, ""]}
      actions={
        <Link to="/cohorts/new" className="button button-primary">
          <Icon name="plus" size={14} /> {t`New cohort`}
        </Link>
      }
    >
      {cohorts.map((cohort) => (
        <Row key={cohort.id} cohort={cohort} />
      ))}
    </ListPage>
  );
}

function Row({ cohort: { id, name, about, owner, shared, version, changedAt } }: { cohort: Kept }) {
  const session = useQuery(sessionQuery);
  const own = session.data?.account.name === owner;
  return (
    <tr>
      <td>
        <Link to={cohortUrl(id)}>
          <strong>{name}</strong>
        </Link>{" "}
        {shared && <span className="badge">{t`shared`}</span>}
        {about !== "" && <div className="dim cohort-about">{about}</div>}
      </td>
      <td className="num">{version}</td>
      <td>{own ? t`you` : owner}</td>
      <td className="dim num">{moment(changedAt)}</td>
      <td>
        <div className="row-actions">{own && <Remove id={id} name={name} />}</div>
      </td>
    </tr>
  );
}

function Remove({ id, name }: { id: string; name: string }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const remove = useMutation({
    mutationFn: () => removeCohort(id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: cohortsQuery.queryKey });
      toasts.say(t`${name} is off the list.`);
    },
    onError: toasts.fail,
  });
  return (
    <RemoveButton name={name} remove={() => remove.mutate()}>
      {t`It goes off the list. What was frozen of it stays under its id.`}
    </RemoveButton>
  );
}
