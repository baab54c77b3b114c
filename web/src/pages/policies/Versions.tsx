import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { policiesQuery, type PolicyVersion, type PolicyWanted } from "../../api/policies";
import { moment } from "../../format/units";
import { Differing } from "./Differing";
import type { Draft } from "./draft";
import { Choice } from "./Form";
import { approvalWords, stateWords } from "./words";

interface Props {
  draft: Draft;
  versions: PolicyVersion[];
  shown: PolicyVersion;
}

const WRITTEN = "written";

/** Who made which version and who approved it; and what differs between any two policies. */
export function Versions({ draft, versions, shown }: Props) {
  const all = useQuery(policiesQuery).data ?? [];
  const before = versions.find(({ version }) => version < shown.version);
  const [first, setFirst] = useState(before === undefined ? "basic/1" : nameOf(before));
  const [second, setSecond] = useState(draft.dirty ? WRITTEN : nameOf(shown));
  const kept = all.flatMap((policy) => policy.versions);
  const choices = Object.fromEntries(kept.map((one) => [nameOf(one), t`${one.id} version ${one.version}`]));
  const written = { ...choices, [WRITTEN]: t`what is written here` };
  return (
    <div className="policy-form">
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Version`}</th>
              <th scope="col">{t`State`}</th>
              <th scope="col">{t`What is new`}</th>
              <th scope="col">{t`Made`}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((one) => (
              <tr key={one.version} aria-current={one.version === shown.version}>
                <td className="num">
                  <Link to={`/policies/${one.id}?version=${one.version}`}>{one.version}</Link>
                </td>
                <td>
                  <span className={`badge ${stateWords(one).tone}`}>{stateWords(one).label}</span>
                  <div className="dim">
                    {approvalWords(one)} {one.approvedAt ? moment(one.approvedAt) : ""}
                  </div>
                </td>
                <td>
                  {one.note}
                  <div className="faint mono" title={t`SHA-256 of the policy`}>
                    {one.digest.slice(0, 12)}
                  </div>
                </td>
                <td className="dim num">
                  {one.madeAt ? moment(one.madeAt) : ""} {one.author}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <section>
        <h2>{t`What differs`}</h2>
        <div className="policy-pair">
          <Choice label={t`Between`} value={first} choose={setFirst} choices={written} />
          <Choice label={t`and`} value={second} choose={setSecond} choices={written} />
        </div>
        <Differing before={wanted(first, draft)} after={wanted(second, draft)} />
      </section>
    </div>
  );
}

const nameOf = ({ id, version }: PolicyVersion): string => `${id}/${version}`;

function wanted(name: string, draft: Draft): PolicyWanted {
  if (name === WRITTEN) return { text: draft.valid };
  const [id = "", version = "1"] = name.split("/");
  return { id, version: Number(version) };
}
