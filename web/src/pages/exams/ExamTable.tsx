import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { Link, useNavigate } from "react-router";
import type { Exam } from "../../api/exams";
import { examThumbnail } from "../../api/rendered";
import { ageAt, dicomDate, dicomTime, personName } from "../../format/dicom";
import { count, moment } from "../../format/units";
import { Thumbnail } from "../../parts/Thumbnail";

const ROW = 52;
/** Modalities shown in a row; the rest are counted. */
const SHOWN = 3;

interface Props {
  exams: Exam[];
  total: number;
  /** Fetches the next page; absent on the last one. */
  more: (() => void) | undefined;
  /** The rows answer the previous question; the new answer is on its way. */
  stale: boolean;
}

/** Only the rows on screen are in the page, so a million exams scroll like ten. */
export function ExamTable({ exams, total, more, stale }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: exams.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== undefined && last >= exams.length - 20) more();
  }, [last, exams.length, more]);
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // The scroll area takes the focus so that it scrolls by keyboard (WCAG 2.1.1).

    <div className="exams-scroll" ref={scroll} tabIndex={0} role="region" aria-label="Exam list">
      <table className={stale ? "table exams-table stale" : "table exams-table"} aria-rowcount={total}>
        <Head />
        <tbody>
          {before > 0 && <Spacer height={before} />}
          {items.map((item) => {
            const exam = exams[item.index];
            return exam && <Row key={exam.studyInstanceUid} exam={exam} index={item.index} />;
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
      {more !== undefined && last >= exams.length - 2 && <div className="exams-more dim">Loading more…</div>}
    </div>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col" className="col-thumb">
          <span className="hidden-visually">Picture</span>
        </th>
        <th scope="col" className="col-patient">
          Patient
        </th>
        <th scope="col" className="col-date">
          Exam date
        </th>
        <th scope="col" className="col-modality">
          Modality
        </th>
        <th scope="col">Description</th>
        <th scope="col" className="col-accession">
          Accession
        </th>
        <th scope="col" className="col-count right">
          Series
        </th>
        <th scope="col" className="col-count right">
          Images
        </th>
        <th scope="col" className="col-received">
          Received
        </th>
      </tr>
    </thead>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className="exams-spacer">
      <td colSpan={9} style={{ height }} />
    </tr>
  );
}

function Row({ exam, index }: { exam: Exam; index: number }) {
  const navigate = useNavigate();
  const to = `/exams/${exam.studyInstanceUid}`;
  return (
    // The link in the row is what keyboards and readers use; the click on the row is a larger target for the same.

    <tr
      data-exam-row
      aria-rowindex={index + 1}
      style={{ height: ROW }}
      onClick={(event) => {
        if (window.getSelection()?.isCollapsed !== false && !(event.target instanceof HTMLAnchorElement))
          void navigate(to);
      }}
    >
      <td className="col-thumb">
        <Thumbnail src={examThumbnail(exam.studyInstanceUid, 88)} size={42} />
      </td>
      <td className="col-patient">
        <Link to={to} className="exam-name" onKeyDown={walk}>
          {personName(exam.patientName) || "No name"}
        </Link>
        <div className="faint clip">{patientLine(exam)}</div>
      </td>
      <td className="num clip">
        {dicomDate(exam.studyDate) || <span className="faint">No date</span>}
        <div className="faint">{dicomTime(exam.studyTime)}</div>
      </td>
      <td>
        <span className="badges">
          {exam.modalities.slice(0, SHOWN).map((modality) => (
            <span key={modality} className="badge">
              {modality}
            </span>
          ))}
          {exam.modalities.length > SHOWN && (
            <span className="faint num" title={exam.modalities.slice(SHOWN).join(", ")}>
              +{exam.modalities.length - SHOWN}
            </span>
          )}
        </span>
      </td>
      <td className="clip">{exam.studyDescription || <span className="faint">No description</span>}</td>
      <td className="clip">{exam.accessionNumber}</td>
      <td className="num right">{count(exam.seriesCount)}</td>
      <td className="num right">{count(exam.instanceCount)}</td>
      <td className="num dim clip">{moment(exam.receivedAt)}</td>
    </tr>
  );
}

function patientLine(exam: Exam): string {
  const age = ageAt(exam.patientBirthDate, exam.studyDate);
  const person = [exam.patientSex, age === undefined ? "" : `${age} y`].filter((part) => part !== "");
  return [exam.patientId || "No ID", person.join(" ")].filter((part) => part !== "").join(" · ");
}

/** Arrow keys walk from row to row. */
function walk(event: KeyboardEvent<HTMLAnchorElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-exam-row] a")];
  const next = links[links.indexOf(event.currentTarget) + step];
  event.preventDefault();
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** The table's own shape while the first answer is on its way, so that nothing jumps. */
export function TableSkeleton() {
  return (
    <div className="exams-scroll" role="status" aria-label="Loading exams">
      <table className="table exams-table">
        <Head />
        <tbody>
          {Array.from({ length: 9 }, (_, index) => (
            <tr key={index} style={{ height: ROW }}>
              <td className="col-thumb">
                <div className="ghost ghost-square" />
              </td>
              <td colSpan={8}>
                <div className="ghost" style={{ width: `${62 - ((index * 7) % 23)}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
