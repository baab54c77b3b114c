import "./policies.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { policiesQuery, type PolicySummary } from "../../api/policies";
import { moment } from "../../format/units";
import { ListPage } from "../../parts/ListPage";
import { CtpDialog } from "./CtpDialog";
import { approvalWords, optionWords, stateWords } from "./words";

/** The policies there are: ready-made ones, and those of this house with their versions. */
export default function PoliciesPage() {
  const found = useQuery(policiesQuery);
  const policies = found.data ?? [];
  const [importing, setImporting] = useState(false);
  return (
    <>
      <ListPage
        title={t`Policies`}
        about={t`A policy says what becomes of every attribute when data loses its identity. Its versions never change; only an approved one serves a project.`}
        query={found}
        count={policies.length}
        empty={{ icon: "shield", title: t`No policies`, text: t`The ready-made ones are missing.` }}
        heads={[t`Policy`, t`Beyond the Basic profile`, t`Version`, t`State`, t`Used by`, ""]}
        actions={
          <div className="policy-actions">
            <button type="button" className="button" onClick={() => setImporting(true)}>
              {t`Import a CTP script`}
            </button>
            <Link className="button button-primary" to="/policies/new?from=basic">
              {t`Write a policy`}
            </Link>
          </div>
        }
      >
        {policies.map((policy) => (
          <Row key={policy.id} policy={policy} />
        ))}
      </ListPage>
      {importing && <CtpDialog close={() => setImporting(false)} />}
    </>
  );
}

function Row({ policy }: { policy: PolicySummary }) {
  const { id, title, options, versions } = policy;
  const [newest] = versions;
  if (newest === undefined) return null;
  const { label, tone } = stateWords(newest);
  const approved = versions.find(({ state }) => state === "approved");
  return (
    <tr>
      <td>
        <Link to={`/policies/${id}`}>
          <strong>{title}</strong>
        </Link>
        <div className="dim mono">{id}</div>
      </td>
      <td>
        <ul className="policy-options-list">
          {options.map((option) => (
            <li key={option}>{optionWords(option).label}</li>
          ))}
          {options.length === 0 && <li className="dim">{t`no option`}</li>}
        </ul>
      </td>
      <td className="num">
        {newest.version}
        {newest.madeAt && <div className="dim">{moment(newest.madeAt)}</div>}
      </td>
      <td>
        <span className={`badge ${tone}`}>{label}</span>
        <div className="dim">
          {newest.state === "draft" && approved !== undefined
            ? t`version ${approved.version} is approved`
            : approvalWords(newest)}
        </div>
        {versions.length > 1 && (
          <div className="dim">{plural(versions.length, { one: "# version", other: "# versions" })}</div>
        )}
      </td>
      <td>
        <ul className="policy-options-list">
          {policy.usedBy.map(({ project, title: name, version }) => (
            <li key={project}>
              <Link to={`/projects/${project}`}>{name}</Link>{" "}
              <span className="dim">{t`version ${version}`}</span>
            </li>
          ))}
        </ul>
      </td>
      <td>
        <div className="row-actions">
          <Link className="button button-small" to={`/policies/new?from=${id}`} aria-label={t`Copy ${id}`}>
            {t`Copy`}
          </Link>
        </div>
      </td>
    </tr>
  );
}
