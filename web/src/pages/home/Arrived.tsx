import { plural, t } from "@lingui/core/macro";
import type { HomeBody } from "../../api/home";
import { doorWords } from "../../format/doors";
import { count, moment } from "../../format/units";

export const SPANS = [
  { hours: 24, label: () => t`24 hours` },
  { hours: 168, label: () => t`7 days` },
  { hours: 720, label: () => t`30 days` },
] as const satisfies readonly { hours: number; label: () => string }[];

interface Props {
  arrived: HomeBody["arrived"];
  hours: number;
  choose: (hours: number) => void;
  stale: boolean;
}

/** How much of what came lately, and from whom. */
export function Arrived({ arrived, hours, choose, stale }: Props) {
  return (
    <section
      className={stale ? "panel home-arrived stale" : "panel home-arrived"}
      aria-labelledby="arrived-title"
    >
      <div className="home-arrived-head">
        <h2 id="arrived-title">
          {t`Arrived`} <span className="dim num">{exams(arrived)}</span>
        </h2>
        <div className="chips" role="group" aria-label={t`Arrived within`}>
          {SPANS.map((span) => (
            <button
              key={span.hours}
              type="button"
              className="chip"
              aria-pressed={span.hours === hours}
              onClick={() => choose(span.hours)}
            >
              {span.label()}
            </button>
          ))}
        </div>
      </div>
      {arrived.exams === 0 ? (
        <p className="dim home-none">{t`Nothing arrived in this time.`}</p>
      ) : (
        <div className="home-arrived-lists">
          <ByModality arrived={arrived} />
          <BySender arrived={arrived} />
        </div>
      )}
    </section>
  );
}

function exams({ exams, exact }: HomeBody["arrived"]): string {
  const count = plural(exams, { one: "# exam", other: "# exams" });
  return exact ? count : t`more than ${count}`;
}

function ByModality({ arrived }: { arrived: HomeBody["arrived"] }) {
  return (
    <ul aria-label={t`By modality`} className="home-modalities">
      {arrived.byModality.map((one) => (
        <li key={one.modality}>
          <span className="badge">{one.modality || t`not said`}</span>
          <span className="num">
            {plural(one.exams, { one: "# exam", other: "# exams" })}{" "}
            <span className="dim">{plural(one.instances, { one: "# image", other: "# images" })}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function BySender({ arrived }: { arrived: HomeBody["arrived"] }) {
  return (
    <div className="table-scroll">
      <table className="table" aria-label={t`By sender`}>
        <thead>
          <tr>
            <th scope="col">{t`From`}</th>
            <th scope="col">{t`How`}</th>
            <th scope="col" className="right">
              {t`Exams`}
            </th>
            <th scope="col">{t`Last`}</th>
          </tr>
        </thead>
        <tbody>
          {arrived.bySender.slice(0, 8).map((one) => (
            <tr key={`${one.door} ${one.account} ${one.peer}`}>
              <td className="clip">{one.account || one.peer}</td>
              <td className="dim">{doorWords(one.door)}</td>
              <td className="num right">{count(one.exams)}</td>
              <td className="num dim">{moment(one.lastAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
