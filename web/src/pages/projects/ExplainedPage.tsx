import "./projects.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { PreviewedAttribute } from "../../api/policies";
import { explanationQuery, firstInstanceQuery, projectQuery } from "../../api/projects";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { useTitle } from "../../shell/useTitle";
import { depthOf, isShown, tagOf } from "../policies/filter";
import { outcomeWords } from "../policies/words";

/** Why the first image of a project's exam is as it is: each attribute with the rule that decided. */
export default function ExplainedPage() {
  const { id = "", study = "" } = useParams();
  useTitle(t`Why it is so`);
  const project = useQuery(projectQuery(id));
  const instance = useQuery({
    ...firstInstanceQuery(project.data?.dicomweb ?? "", study),
    enabled: project.isSuccess,
  });
  const found = useQuery({ ...explanationQuery(id, instance.data ?? ""), enabled: instance.isSuccess });
  const [words, setWords] = useState("");
  const failed = [project, instance, found].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (found.data === undefined) return <Loading what={t`the attributes`} />;
  const { policy, digest, attributes } = found.data;
  return (
    <div className="page project-page">
      <div className="page-head">
        <div>
          <Link to={`/projects/${id}?view=exams`} className="dim">
            {project.data?.title}
          </Link>
          <h1>{t`Why it is so`}</h1>
          <p className="dim">
            {t`By the policy ${policy}`} <span className="mono">{digest.slice(0, 12)}</span>
          </p>
        </div>
      </div>
      <section className="panel project-panel project-parts" aria-label={t`Attributes`}>
        <TextField label={t`Find an attribute`} value={words} set={setWords} type="search" />
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t`Attribute`}</th>
                <th scope="col">{t`Value`}</th>
                <th scope="col">{t`Outcome`}</th>
                <th scope="col">{t`Decided by`}</th>
              </tr>
            </thead>
            <tbody>
              {attributes
                .filter((one) => isShown(one, "all", words))
                .map((one) => (
                  <Row key={one.path} one={one} />
                ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  );
}

function Row({ one }: { one: PreviewedAttribute }) {
  const { label, icon, tone } = outcomeWords(one.outcome);
  return (
    <tr>
      <td style={{ paddingLeft: 12 + depthOf(one.path) * 12 }}>
        {one.name ?? one.creator ?? t`Private or unknown`}{" "}
        <span className="mono faint">
          {tagOf(one.path)} {one.vr}
        </span>
      </td>
      <td className="explained-value">{one.after}</td>
      <td>
        <span className={`badge ${tone}`}>
          <Icon name={icon} size={12} /> {label}
        </span>
      </td>
      <td className="dim">{one.why}</td>
    </tr>
  );
}
