import "./priors.css";
import { useEffect, useState } from "react";
import { examThumbnail } from "../../../src/api/rendered";
import { dicomDate } from "../../../src/format/dicom";
import { DocumentText } from "../../../src/pages/document/DocumentText";
import { Icon } from "../../../src/parts/Icon";
import { Thumbnail } from "../../../src/parts/Thumbnail";
import { theHost } from "../modules";
import { studiesShown } from "../session";
import { between } from "./between";
import { openBeside } from "./compare";
import { Earlier } from "./Earlier";
import { loadBeside, type Beside as Found, type Exam, type Paper } from "./load";

/** The report of the exam on screen and the patient's other exams. */
export function Beside() {
  const [study = ""] = studiesShown();
  const [found, setFound] = useState<Found | "failed">();
  useEffect(() => {
    let gone = false;
    loadBeside(study).then(
      (all) => gone || setFound(all),
      () => gone || setFound("failed"),
    );
    return () => {
      gone = true;
    };
  }, [study]);
  if (found === undefined) return <p className="iso-beside-note">Looking for reports and other exams…</p>;
  if (found === "failed")
    return (
      <p className="iso-beside-note">Reports and other exams could not be asked for. Reload to try again.</p>
    );
  return (
    <div className="iso-beside">
      <Papers {...found} />
      <section aria-label="Other exams of this patient">
        <h3>Other exams of this patient</h3>
        {found.priors.length === 0 && (
          <p className="iso-beside-note">
            {found.exam.patientId === ""
              ? "This exam has no patient ID to find others by."
              : "None in the archive."}
          </p>
        )}
        <ul>
          {found.priors.map((prior) => (
            <Prior key={prior.studyInstanceUid} prior={prior} exam={found.exam} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function Papers({ papers, attachments }: Found) {
  return (
    <section aria-label="Report and documents">
      <h3>Report and documents</h3>
      {papers.length + attachments.length === 0 && <p className="iso-beside-note">None with this exam.</p>}
      <ul>
        {papers.map((paper, at) => (
          <PaperLine key={paper.sop} paper={paper} open={at === 0} />
        ))}
        {attachments.map(({ id, name }) => (
          <li key={id}>
            <a
              className="iso-beside-paper"
              href={`/api/v1/attachments/${encodeURIComponent(id)}/content`}
              download={name}
            >
              <Icon name="file" /> {name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Text is read in place; what isn't text opens in a page of its own. */
function PaperLine({ paper, open }: { paper: Paper; open: boolean }) {
  const [shown, setShown] = useState(open);
  const href = `/exams/${paper.study}/documents/${paper.sop}`;
  const readable = paper.kind === "report" || paper.kind === "letter";
  return (
    <li>
      <div className="iso-beside-paper">
        {readable ? (
          <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
            <Icon name="report" /> {paper.title}
          </button>
        ) : (
          <a href={href} target="_blank" rel="noreferrer">
            <Icon name={paper.kind === "waveform" ? "waves" : "file"} /> {paper.title}
          </a>
        )}
        <a
          href={href}
          target="_blank"
          rel="noreferrer"
          title="Open on a page of its own"
          aria-label={`Open ${paper.title} on a page of its own`}
        >
          <Icon name="next" size={14} />
        </a>
      </div>
      {readable && shown && <DocumentText study={paper.study} sop={paper.sop} />}
    </li>
  );
}

function Prior({ prior, exam }: { prior: Exam; exam: Exam }) {
  const [state, setState] = useState("");
  const { studyInstanceUid, modalities, studyDescription, studyDate, hasPicture } = prior;
  const open = () => {
    setState("Opening…");
    openBeside(theHost(), studyInstanceUid).then(
      (trouble) => setState(trouble ?? "On screen"),
      () => setState("It could not be opened."),
    );
  };
  const age = between(studyDate, exam.studyDate);
  const [measured, setMeasured] = useState(false);
  return (
    <li>
      <button type="button" className="iso-prior" onClick={open} title="Open beside the images on screen">
        <Thumbnail
          src={hasPicture ? examThumbnail(studyInstanceUid, 128) : undefined}
          kind={modalities[0]}
          size={64}
        />
        <span>
          <strong>{studyDescription || "No description"}</strong>
          <span>
            {modalities.join(", ")} · {dicomDate(studyDate) || "no date"}
          </span>
          <span className="iso-prior-age">{age}</span>
          <span role="status">{state}</span>
        </span>
      </button>
      <button
        type="button"
        className="iso-prior-measured"
        aria-expanded={measured}
        onClick={() => setMeasured(!measured)}
      >
        What was measured then
      </button>
      {measured && <Earlier study={studyInstanceUid} />}
    </li>
  );
}
