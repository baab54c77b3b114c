import { t } from "@lingui/core/macro";
import type { Storage } from "../../api/storage";
import { bytes, count, moment } from "../../format/units";

/** Space and numbers by modality, the largest first. */
export function Modalities({
  modalities,
  countedAt,
}: {
  modalities: Storage["modalities"];
  countedAt: string;
}) {
  const most = Math.max(1, ...modalities.map((one) => one.bytes));
  return (
    <section className="panel table-scroll" aria-labelledby="modalities-title">
      <div className="storage-head">
        <h2 id="modalities-title">{t`By modality`}</h2>
        <span className="faint num">{t`as received, counted ${moment(countedAt)}`}</span>
      </div>
      {modalities.length === 0 ? (
        <p className="dim storage-none">{t`Nothing has arrived yet.`}</p>
      ) : (
        <table className="table storage-modalities">
          <thead>
            <tr>
              <th scope="col">{t`Modality`}</th>
              <th scope="col" className="right">
                {t`Exams`}
              </th>
              <th scope="col" className="right">
                {t`Series`}
              </th>
              <th scope="col" className="right">
                {t`Images and objects`}
              </th>
              <th scope="col" className="right">
                {t`Space`}
              </th>
              <th scope="col">
                <span className="hidden-visually">{t`Share`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {modalities.map((one) => (
              <tr key={one.modality}>
                <td>
                  <span className="badge">{one.modality || t`not said`}</span>
                </td>
                <td className="num right">{count(one.exams)}</td>
                <td className="num right">{count(one.series)}</td>
                <td className="num right">{count(one.instances)}</td>
                <td className="num right">{bytes(one.bytes)}</td>
                <td className="storage-share" aria-hidden="true">
                  <div className="bar">
                    <div style={{ transform: `scaleX(${Math.max(0.005, one.bytes / most)})` }} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
