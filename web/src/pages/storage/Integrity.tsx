import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { storageQuery, verifyArchive, type Reading, type Storage } from "../../api/storage";
import { bytes, count, moment } from "../../format/units";
import { May } from "../../parts/May";
import { Progress } from "../../parts/Progress";
import { useToasts } from "../../parts/toasts";
import { Box, Line } from "./StoragePage";

/** Whether the originals are as they came: what the last reading of all of them found. */
export function Integrity({ scrub }: { scrub: Storage["scrub"] }) {
  return (
    <Box
      title={t`Integrity`}
      foot={
        <May action="operate">
          <CheckNow />
        </May>
      }
    >
      {scrub === undefined || scrub === null ? (
        <Line name={t`Last read from end to end`}>
          <span className="badge badge-warn">{t`Never`}</span>
        </Line>
      ) : (
        <>
          <Line name={t`Last read from end to end`}>{moment(scrub.endedAt)}</Line>
          <Line name={t`Found`}>
            <Found scrub={scrub} />
          </Line>
          <Line name={t`Read`}>
            <Trans>
              {count(scrub.entries)} originals, {bytes(scrub.bytes)}
              <span className="faint">{scrub.everywhere ? t`, with all copies` : ""}</span>
            </Trans>
          </Line>
          <Line name={t`Asked for by`}>{scrub.actor}</Line>
        </>
      )}
    </Box>
  );
}

function Found({ scrub: { damaged, repaired } }: { scrub: NonNullable<Storage["scrub"]> }) {
  if (damaged === 0) return <span className="badge badge-ok">{t`All as it came`}</span>;
  const open = damaged - repaired;
  return (
    <>
      <span
        className={open > 0 ? "badge badge-danger" : "badge badge-warn"}
      >{t`${count(damaged)} damaged`}</span>
      {open > 0 ? (
        <div className="storage-bad">
          <Trans>
            {count(open)} not repaired: run <code>isocenter verify --repair</code>
          </Trans>
        </div>
      ) : (
        <div className="faint">{t`all replaced from a good copy`}</div>
      )}
    </>
  );
}

function CheckNow() {
  const [reading, setReading] = useState<Reading>();
  const queries = useQueryClient();
  const toasts = useToasts();
  const check = useMutation({
    mutationFn: () => verifyArchive(setReading),
    onSuccess: () => toasts.say(t`Every original was read and compared.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: storageQuery.queryKey }),
  });
  if (check.isPending) {
    return (
      <Progress label={t`Reading every original`} value={reading?.bytes ?? 0} of={reading?.total ?? 1} />
    );
  }
  return (
    <button type="button" className="button" onClick={() => check.mutate()}>
      {t`Read and compare everything now`}
    </button>
  );
}
