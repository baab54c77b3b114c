import "./projects.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { projectsQuery, type Project } from "../../api/projects";
import { useMay } from "../../api/session";
import { ListPage } from "../../parts/ListPage";
import { TermsForm } from "./TermsForm";
import { roleWords, termWords } from "./words";

/** The projects one is in, or manages. */
export default function ProjectsPage() {
  const found = useQuery(projectsQuery);
  const projects = found.data ?? [];
  const manages = useMay("manage-projects");
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  return (
    <>
      <ListPage
        title={t`Projects`}
        about={t`A project sees the exams of its subjects without their identity, under codes of its own.`}
        query={found}
        count={projects.length}
        empty={{
          icon: "project",
          title: t`No projects yet`,
          text: manages
            ? t`Make one, choose a policy, enrol patients and add members.`
            : t`You are in no project. Whoever leads one, or a broker, can add you.`,
        }}
        heads={[t`Project`, t`Policy`, t`Duration`, t`You are`, t`State`]}
        actions={
          manages && (
            <button type="button" className="button button-primary" onClick={() => setMaking(true)}>
              {t`Make a project`}
            </button>
          )
        }
      >
        {projects.map((project) => (
          <Row key={project.id} project={project} />
        ))}
      </ListPage>
      {making && (
        <TermsForm
          project={undefined}
          close={() => setMaking(false)}
          kept={({ id }) => void navigate(`/projects/${id}`)}
        />
      )}
    </>
  );
}

function Row({ project }: { project: Project }) {
  const { id, title, protocolNumber, policy, isOpen, role, mayManage } = project;
  return (
    <tr>
      <td>
        <Link to={`/projects/${id}`}>
          <strong>{title}</strong>
        </Link>
        <div className="dim">
          <span className="mono">{id}</span> {protocolNumber}
        </div>
      </td>
      <td>{policy}</td>
      <td className="dim num">{termWords(project)}</td>
      <td>{role ? roleWords(role) : mayManage ? t`manager` : "—"}</td>
      <td>
        <span className={isOpen ? "badge badge-ok" : "badge"}>{isOpen ? t`Open` : t`Closed`}</span>
      </td>
    </tr>
  );
}
