import "./header.css";
import { isForGuests } from "../guest";
import { MODULES } from "../modules";
import { project } from "../project";
import { studiesShown } from "../session";

const BACK = project === undefined ? "Back to the exam's page" : "Back to the project's page";

function back(study: string | undefined): string {
  if (project !== undefined) return `/projects/${project}`;
  return study === undefined ? "/" : `/exams/${study}`;
}

/** The way back to where one came from, and what the modules have to say. */
export function Header() {
  const [study] = studiesShown();
  return (
    <div className="iso-header">
      {!isForGuests && (
        <a href={back(study)} className="iso-home" title={BACK} aria-label={BACK}>
          <img src="/icon.svg" alt="" width={22} height={22} />
          <span>Isocenter</span>
        </a>
      )}
      {MODULES.map(({ name, Status }) => Status && <Status key={name} />)}
    </div>
  );
}
