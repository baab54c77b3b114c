import { t } from "@lingui/core/macro";
import { useRef } from "react";
import type { Exam, ExamSearch } from "../../api/exams";
import { count } from "../../format/units";
import { ExamRow } from "./ExamRow";
import { ROW, useRows } from "./rows";
import type { Selection } from "./selection";
import { useExamRows } from "./useExams";
import { usePicking } from "./usePicking";
import { walkList } from "./walk";

const COLUMNS = 10;

interface Props {
  search: ExamSearch;
  /** The first page's exams, of this search or until then of the one before. */
  first: Exam[];
  total: number;
  /** The rows answer the previous question; the new answer is on its way. */
  stale: boolean;
  /** Absent for those who may do nothing with a choice. */
  selection: Selection | undefined;
}

/** Only the rows on screen are in the page, so a million exams scroll like ten. */
export function ExamTable({ search, first, total, stale, selection }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const view = useRows(scroll, total);
  const examAt = useExamRows(search, first, total, view);
  const pick = usePicking(search, total, selection);
  const end = Math.max(view.first, view.end);
  const numbers = Array.from({ length: end - view.first }, (_, index) => view.first + index);
  return (
    // The scroll area takes the focus so that it scrolls by keyboard (WCAG 2.1.1).

    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="exams-scroll"
      ref={scroll}
      tabIndex={0}
      role="region"
      aria-label={t`Exam list`}
      onKeyDown={walkList}
    >
      <table className={stale ? "table exams-table stale" : "table exams-table"} aria-rowcount={total + 1}>
        <Head
          all={
            selection && { checked: pick.allChosen(examAt, view), label: pick.allLabel, set: pick.all(view) }
          }
        />
        <tbody>
          {view.before > 0 && <Spacer height={view.before} />}
          {numbers.map((number) => {
            const exam = examAt(number);
            return exam === undefined ? (
              <Ghost key={number} row={number} />
            ) : (
              <ExamRow
                key={number}
                exam={exam}
                row={number}
                chosen={selection?.has(exam)}
                pick={(chosen, range) => pick.one(number, exam, chosen, range)}
              />
            );
          })}
          {view.after > 0 && <Spacer height={view.after} />}
        </tbody>
      </table>
    </div>
  );
}

interface All {
  checked: boolean;
  label: string;
  set: (chosen: boolean) => void;
}

function Head({ all }: { all?: All | undefined }) {
  return (
    <thead>
      <tr>
        <th scope="col" className="col-check">
          {all === undefined ? (
            <span className="hidden-visually">{t`Choice`}</span>
          ) : (
            <input
              type="checkbox"
              aria-label={all.label}
              title={all.label}
              checked={all.checked}
              onChange={(event) => all.set(event.target.checked)}
            />
          )}
        </th>
        <th scope="col" className="col-thumb">
          <span className="hidden-visually">{t`Picture`}</span>
        </th>
        <th scope="col" className="col-patient">
          {t`Patient`}
        </th>
        <th scope="col" className="col-date">
          {t`Exam date`}
        </th>
        <th scope="col" className="col-modality">
          {t`Modality`}
        </th>
        <th scope="col">{t`Description`}</th>
        <th scope="col" className="col-accession">
          {t`Accession`}
        </th>
        <th scope="col" className="col-count right">
          {t`Series`}
        </th>
        <th scope="col" className="col-count right">
          {t`Images`}
        </th>
        <th scope="col" className="col-received">
          {t`Received`}
        </th>
      </tr>
    </thead>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className="exams-spacer">
      <td colSpan={COLUMNS} style={{ height }} />
    </tr>
  );
}

/** A row whose exam is on its way. */
function Ghost({ row }: { row: number }) {
  return (
    <tr aria-rowindex={row + 2} style={{ height: ROW }}>
      <td />
      <td className="col-thumb">
        <div className="ghost ghost-square" />
      </td>
      <td colSpan={COLUMNS - 2}>
        <div
          className="ghost"
          style={{ width: `${62 - ((row * 7) % 23)}%` }}
          aria-label={t`Exam ${count(row + 1)}`}
        />
      </td>
    </tr>
  );
}

/** The table's own shape while the first answer is on its way, so that nothing jumps. */
export function TableSkeleton() {
  return (
    <div className="exams-scroll" role="status" aria-label={t`Loading exams`}>
      <table className="table exams-table">
        <Head />
        <tbody>
          {Array.from({ length: 9 }, (_, index) => (
            <Ghost key={index} row={index} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
