import { t } from "@lingui/core/macro";
import type { RecordInFull } from "../../api/records";

/** What was received, and beside it what a site's tables and UCUM make of it. */
export function MappedCodes({ full }: { full: RecordInFull }) {
  if (full.mapped.length === 0 && full.units.length === 0) return null;
  return (
    <section aria-label={t`Codes and units`}>
      <h3>{t`Codes and units`}</h3>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`As received`}</th>
              <th scope="col">{t`Mapped to`}</th>
            </tr>
          </thead>
          <tbody>
            {full.mapped.map((one, at) => (
              <tr key={`code ${at}`}>
                <td className="num mapped-code">
                  {one.receivedCode} <div className="faint">{one.receivedSystem}</div>
                </td>
                <td className="num mapped-code">
                  {one.code} {one.display}
                  <div className="faint">
                    {one.system} · {t`table ${one.table}`}
                  </div>
                </td>
              </tr>
            ))}
            {eachOnce(full.units).map((one) => (
              <tr key={`unit ${one.received}`}>
                <td className="num mapped-code">{one.received}</td>
                <td className="num mapped-code">
                  {one.code} <div className="faint">UCUM</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type Unit = RecordInFull["units"][number];

/** A value and its usual range share a unit. */
const eachOnce = (units: Unit[]): Unit[] => [...new Map(units.map((one) => [one.received, one])).values()];
