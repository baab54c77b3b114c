import "./projects.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { projectQuery, type Project } from "../../api/projects";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { Tabs } from "../../parts/Tabs";
import { useTitle } from "../../shell/useTitle";
import { Connection } from "./Connection";
import { Evidence } from "./Evidence";
import { Exams } from "./Exams";
import { Identities } from "./Identities";
import { Members } from "./Members";
import { Overview } from "./Overview";
import { Review } from "./Review";
import { Subjects } from "./Subjects";
import { TermsForm } from "./TermsForm";
import { Withheld } from "./Withheld";

type View =
  | "overview"
  | "exams"
  | "members"
  | "subjects"
  | "connection"
  | "evidence"
  | "review"
  | "withheld"
  | "identities";

/** One project, as far as the one who looks may see it. */
export default function ProjectPage() {
  const { id = "" } = useParams();
  const found = useQuery(projectQuery(id));
  if (found.isPending) return <Loading what={t`the project`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return <Shown project={found.data} />;
}

function Shown({ project }: { project: Project }) {
  useTitle(project.title);
  const [query, setQuery] = useSearchParams();
  const [changing, setChanging] = useState(false);
  const views: { id: View; label: string }[] = [
    { id: "overview", label: t`Overview` },
    { id: "exams", label: t`Exams` },
    { id: "members", label: t`Members` },
    { id: "subjects", label: t`Subjects` },
    { id: "connection", label: t`Connection` },
    { id: "evidence", label: t`Evidence` },
  ];
  if (project.mayManage)
    views.push({ id: "review", label: t`Review` }, { id: "withheld", label: t`Withheld` });
  if (project.mayReidentify) views.push({ id: "identities", label: t`Identities` });
  const view = views.find(({ id }) => id === query.get("view"))?.id ?? "overview";
  return (
    <div className="page project-page">
      <div className="page-head">
        <div>
          <Link to="/projects" className="dim">
            {t`Projects`}
          </Link>
          <h1>{project.title}</h1>
          <p>
            <span className="mono">{project.id}</span> {project.protocolNumber}{" "}
            <span className={project.isOpen ? "badge badge-ok" : "badge"}>
              {project.isOpen ? t`Open` : t`Closed`}
            </span>
          </p>
        </div>
        {project.mayManage && (
          <button type="button" className="button" onClick={() => setChanging(true)}>
            <Icon name="project" /> {t`Change`}
          </button>
        )}
      </div>
      <section className="panel" aria-label={project.title}>
        <Tabs
          tabs={views}
          chosen={view}
          choose={(id) => setQuery({ view: id }, { replace: true })}
          label={t`Parts of the project`}
        />
        <div
          id={`panel-${view}`}
          role="tabpanel"
          aria-labelledby={`tab-${view}`}
          tabIndex={0}
          className="project-panel"
        >
          {view === "overview" && <Overview project={project} />}
          {view === "exams" && <Exams project={project} />}
          {view === "members" && <Members project={project} />}
          {view === "subjects" && <Subjects project={project} />}
          {view === "connection" && <Connection project={project} />}
          {view === "evidence" && <Evidence project={project} />}
          {view === "identities" && <Identities project={project} />}
          {view === "review" && <Review project={project} />}
          {view === "withheld" && <Withheld project={project} />}
        </div>
      </section>
      {changing && <TermsForm project={project} close={() => setChanging(false)} kept={() => undefined} />}
    </div>
  );
}
