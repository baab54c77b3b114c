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
        <h2 id="modalities-title">By modality</h2>
        <span className="faint num">as received, counted {moment(countedAt)}</span>
      </div>
      {modalities.length === 0 ? (
        <p className="dim storage-none">Nothing has arrived yet.</p>
      ) : (
        <table className="table storage-modalities">
          <thead>
            <tr>
              <th scope="col">Modality</th>
              <th scope="col" className="right">
                Exams
              </th>
              <th scope="col" className="right">
                Series
              </th>
              <th scope="col" className="right">
                Images and objects
              </th>
              <th scope="col" className="right">
                Space
              </th>
              <th scope="col">
                <span className="hidden-visually">Share</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {modalities.map((one) => (
              <tr key={one.modality}>
                <td>
                  <span className="badge">{one.modality || "not said"}</span>
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
