import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { coverageQuery, type Project } from "../../api/projects";
import { useMay } from "../../api/session";
import { count } from "../../format/units";
import { Failure, Loading } from "../../parts/State";
import { termWords } from "./words";

/** What the project is, and how much of it can be seen. */
export function Overview({ project }: { project: Project }) {
  const { policy, policyVersion, uses = [], needsConsent, terms, description } = project;
  const may = useMay("manage-policies");
  const named = policyVersion ? t`${policy} version ${policyVersion}` : policy;
  return (
    <div className="project-overview">
      <dl className="project-facts">
        {description && <Fact name={t`About`}>{description}</Fact>}
        <Fact name={t`Number of the trial protocol`}>{or(project.protocolNumber)}</Fact>
        <Fact name={t`Duration`}>{termWords(project)}</Fact>
        <Fact name={t`Policy`}>{may ? <Link to={`/policies/${policy}`}>{named}</Link> : named}</Fact>
        <Fact name={t`Uses that subjects agree to`}>
          {uses.length === 0 ? t`none` : uses.join(", ")}
          {needsConsent ? ` · ${t`they must have agreed`}` : ""}
        </Fact>
        <Fact name={t`Terms of use`}>{or(terms)}</Fact>
        <Fact name={t`Packages`}>
          {project.approvals === 2 ? t`two people must approve` : t`one person must approve`} ·{" "}
          {t`groups of at least ${project.smallestGroup ?? 5}`}
        </Fact>
      </dl>
      <Coverage project={project} />
    </div>
  );
}

const or = (text: string | undefined): string => (text === undefined || text === "" ? "—" : text);

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Coverage({ project: { id } }: { project: Project }) {
  const found = useQuery(coverageQuery(id));
  if (found.isPending) return <Loading what={t`what can be seen`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { subjects, notUsable, exams, series, instances, waiting, withheld } = found.data;
  const kept = withheld.reduce((sum, { instances: some }) => sum + some, 0);
  return (
    <section aria-labelledby="coverage-title">
      <h2 id="coverage-title">{t`What can be seen`}</h2>
      <ul className="project-figures">
        <Figure value={subjects} name={plural(subjects, { one: "subject", other: "subjects" })} />
        <Figure value={exams} name={plural(exams, { one: "exam", other: "exams" })} />
        <Figure value={series} name={t`series`} />
        <Figure value={instances} name={plural(instances, { one: "instance", other: "instances" })} />
        <Figure value={kept} name={plural(kept, { one: "instance withheld", other: "instances withheld" })} />
      </ul>
      <p className="dim" role="status">
        {waiting > 0
          ? plural(waiting, {
              one: "# subject is being made; the figures grow.",
              other: "# subjects are being made; the figures grow.",
            })
          : notUsable > 0
            ? plural(notUsable, {
                one: "# subject has left or did not agree and is not shown.",
                other: "# subjects have left or did not agree and are not shown.",
              })
            : t`Everything that may be seen is made.`}
      </p>
      {withheld.length > 0 && (
        <table className="table">
          <caption className="hidden-visually">{t`Withheld, by reason`}</caption>
          <thead>
            <tr>
              <th scope="col">{t`Withheld because`}</th>
              <th scope="col" className="right">
                {t`Instances`}
              </th>
            </tr>
          </thead>
          <tbody>
            {withheld.map(({ reason, detail, instances: some }) => (
              <tr key={`${reason} ${detail}`}>
                <td>{detail}</td>
                <td className="right num">{count(some)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Figure({ value, name }: { value: number; name: string }) {
  return (
    <li>
      <strong className="num">{count(value)}</strong> <span className="dim">{name}</span>
    </li>
  );
}
