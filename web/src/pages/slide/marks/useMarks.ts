/** The marks on a slide: everybody's, one's own changed, each change kept as it is made. */

import { t } from "@lingui/core/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { Problem } from "../../../api/problem";
import { useMay } from "../../../api/session";
import { useToasts } from "../../../parts/toasts";
import type { Slide } from "../slides";
import { fromWork, newUid, toMeasurement, type Kind, type Mark, type Spot } from "./mark";
import { send, workQuery } from "./work";

/** How a change here came on. */
export type Keeping = "keeping" | "kept" | "failed";

interface Change {
  /** None: it is removed. */
  mark: Mark | null;
  keeping: Keeping;
}

/** What a change replaced, to have it back. */
interface Step {
  uid: string;
  before: Mark | null;
}

export interface Marks {
  all: { mark: Mark; keeping: Keeping }[];
  /** Whether one may draw here. */
  mayDraw: boolean;
  add: (kind: Kind, spots: Spot[]) => void;
  name: (mark: Mark, label: string) => void;
  remove: (mark: Mark) => void;
  /** Sends again what could not be kept. */
  retry: (mark: Mark) => void;
  /** Nothing where there is nothing to take back. */
  undo: (() => void) | undefined;
}

export function useMarks(study: string, slide: Slide): Marks {
  const { place } = slide;
  const work = useQuery(workQuery(study));
  const mayMeasure = useMay("measure");
  const [changes, setChanges] = useState<ReadonlyMap<string, Change>>(new Map());
  const [steps, setSteps] = useState<Step[]>([]);
  const keep = useKeep(study, slide, setChanges);

  const all = useMemo(() => {
    const there = place === undefined || place === null ? [] : (work.data?.measurements ?? []);
    const marks = new Map<string, { mark: Mark; keeping: Keeping }>();
    for (const item of there) {
      const mark = place && !item.removed ? fromWork(item, place) : undefined;
      if (mark !== undefined) marks.set(mark.uid, { mark, keeping: "kept" });
    }
    for (const [uid, { mark, keeping }] of changes) {
      if (mark === null) marks.delete(uid);
      else marks.set(uid, { mark, keeping });
    }
    return [...marks.values()];
  }, [work.data, changes, place]);

  const change = useCallback(
    (uid: string, before: Mark | null, after: Mark | null) => {
      setSteps((done) => [...done.slice(-99), { uid, before }]);
      keep(uid, after);
    },
    [keep],
  );
  const last = steps.at(-1);
  const undo = useCallback(() => {
    if (last === undefined) return;
    setSteps((done) => done.slice(0, -1));
    keep(last.uid, last.before);
  }, [last, keep]);

  return {
    all,
    mayDraw: mayMeasure && place !== undefined && place !== null && work.isSuccess,
    add: (kind, spots) => {
      const uid = newUid();
      const author = work.data?.account ?? "";
      change(uid, null, { uid, kind, spots, label: "", author, own: true });
    },
    name: (mark, label) => change(mark.uid, mark, { ...mark, label }),
    remove: (mark) => change(mark.uid, mark, null),
    retry: (mark) => keep(mark.uid, mark),
    undo: last === undefined ? undefined : undo,
  };
}

/** Sends changes, those of one mark one after the other; each names the version it was made from. */
function useKeep(
  study: string,
  slide: Slide,
  setChanges: (next: (now: ReadonlyMap<string, Change>) => ReadonlyMap<string, Change>) => void,
) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const versions = useRef(new Map<string, number>());
  const queue = useRef(new Map<string, Promise<void>>());
  return useCallback(
    (uid: string, mark: Mark | null) => {
      const { place } = slide;
      if (place === undefined || place === null) return;
      const tell = (keeping: Keeping) => setChanges((now) => new Map(now).set(uid, { mark, keeping }));
      const seen = () => {
        const items = queries.getQueryData(workQuery(study).queryKey)?.measurements ?? [];
        const item = items.find(({ measurement }) => measurement.trackingUid === uid);
        return Math.max(versions.current.get(uid) ?? 0, item?.version ?? 0);
      };
      const run = async () => {
        const measurement = mark === null ? null : toMeasurement(mark, slide, place);
        // What never came to be kept need not be removed.
        if (measurement === null && seen() === 0) {
          tell("kept");
          return;
        }
        try {
          versions.current.set(uid, await send(study, uid, measurement, seen()));
          tell("kept");
        } catch (error) {
          if (!(error instanceof Problem && error.status === 412)) {
            tell("failed");
            toasts.fail(error);
            return;
          }
          setChanges((now) => new Map([...now].filter(([other]) => other !== uid)));
          await queries.invalidateQueries({ queryKey: workQuery(study).queryKey });
          toasts.say(t`It was changed in another window; the newer one is shown.`);
        }
      };
      tell("keeping");
      const before = queue.current.get(uid) ?? Promise.resolve();
      queue.current.set(uid, before.then(run));
    },
    [queries, setChanges, slide, study, toasts],
  );
}
