import { plural, t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import type { Storage } from "../../api/storage";
import { bytes, days } from "../../format/units";
import { Box, Line } from "./StoragePage";

type Told = Storage["forecast"];

/** When the disk will be full, as far as the last weeks tell. */
export function Forecast({ forecast }: { forecast: Told }) {
  const weeks = forecast.weeks;
  return (
    <Box title={t`Forecast`}>
      <Line name={t`The disk is full`}>{verdict(forecast)}</Line>
      {forecast.verdict === "full" && <Line name={t`By the weeks`}>{bounds(forecast)}</Line>}
      {weeks.length > 0 && (
        <>
          <Line name={t`On a usual day`}>
            {t`${bytes(forecast.bytesADay)} more on the disk`}{" "}
            <span className="faint">{t`(the middle one of the weeks)`}</span>
          </Line>
          <Line name={plural(weeks.length, { one: "The last week", other: "The last # weeks" })}>
            <Bars weeks={weeks} />
          </Line>
        </>
      )}
    </Box>
  );
}

function verdict({ verdict, days: left }: Told): ReactNode {
  switch (verdict) {
    case "full":
      return (
        <span
          className={(left ?? 0) < 30 ? "badge badge-warn" : undefined}
        >{t`in about ${days(left ?? 0)}`}</span>
      );
    case "far":
      return t`not within ten years, if it goes on like this`;
    case "idle":
      return t`not to be told: in the usual week nothing arrives`;
    case "moves":
      return t`not to be told: complete segments move to the object store, and the disk keeps a fixed amount`;
    default:
      return t`not to be told yet: it takes two whole weeks of arrivals`;
  }
}

function bounds({ daysAtLeast, daysAtMost }: Told): string {
  const soonest = days(daysAtLeast ?? 0);
  if (daysAtMost === undefined || daysAtMost === null) {
    return t`in ${soonest}, if every week were like the fastest; never, if like the slowest`;
  }
  return t`between ${soonest}, by the fastest week, and ${days(daysAtMost)}, by the slowest`;
}

/** What arrived in each week, side by side; the words carry the numbers for those who don't see it. */
function Bars({ weeks }: { weeks: number[] }) {
  const most = Math.max(1, ...weeks);
  const told = weeks.map((week) => bytes(week)).join(", ");
  return (
    <div className="storage-weeks" role="img" aria-label={t`Arrived in each week, the oldest first: ${told}`}>
      {weeks.map((week, index) => (
        <div
          key={index}
          title={bytes(week)}
          style={{ height: `${Math.max(3, Math.round((100 * week) / most))}%` }}
        />
      ))}
    </div>
  );
}
