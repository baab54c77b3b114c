import { plural, t } from "@lingui/core/macro";
import type { Check } from "../../api/health";
import { bytes, count, days, moment } from "../../format/units";

/** A case in words. */
export interface Told {
  what: string;
  /** What to do about it. */
  remedy?: string;
  /** The page where that is done. */
  to?: string;
}

const AREAS: Record<string, () => string> = {
  disk: () => t`Disk`,
  ledger: () => t`Ledger`,
  audit: () => t`Audit log`,
  indexing: () => t`Indexing`,
  sealing: () => t`Sealing`,
  keeping: () => t`Copies elsewhere`,
  recompressing: () => t`Lossless compression`,
  integrity: () => t`Integrity`,
  transfers: () => t`Transfers with peers`,
  routing: () => t`Routing rules`,
  mailing: () => t`Letters`,
  "text-model": () => t`Text model`,
  quarantine: () => t`Quarantine`,
  conflicts: () => t`Conflicts`,
  "web-certificate": () => t`Certificate of the pages`,
  "dicom-certificate": () => t`Certificate of the DICOM network`,
};

export const areaName = (area: string): string => AREAS[area]?.() ?? area;

/** How a check stands, in words; the machine's own where it is a case we don't know. */
export function told(check: Check): Told {
  const n = check.number ?? 0;
  const at = check.moment === undefined || check.moment === null ? "" : moment(check.moment);
  const cases = WORDS[check.area] ?? certificate(check.area);
  return cases[check.case]?.(n, at) ?? { what: check.case };
}

type Cases = Record<string, (n: number, at: string) => Told>;

const WORDS: Record<string, Cases> = {
  disk: {
    room: (n) => ({ what: t`Room for ${bytes(n)} more` }),
    filling: (n) => ({
      what: t`Full in about ${days(n)}, by what arrived in the last weeks`,
      remedy: t`Enlarge the disk, or let complete segments move to an object store: store.objects and archive.keep_local_bytes in the settings.`,
      to: "/storage",
    }),
    scarce: (n) => ({
      what: t`Room for only ${bytes(n)} more`,
      remedy: t`Free space or enlarge the disk before it is full: what doesn't fit is refused then, and senders are told so.`,
      to: "/storage",
    }),
    full: () => ({
      what: t`Nothing new is taken until there is room. What was taken is safe.`,
      remedy: t`Free space on the disk of the data folder, or enlarge it. Taking goes on by itself; senders that were refused send again.`,
      to: "/storage",
    }),
  },
  ledger: {
    answers: (n) => ({ what: t`Answers in ${count(n)} ms` }),
    slow: (n) => ({
      what: t`Takes ${count(n)} ms for the shortest answer`,
      remedy: t`Look for what else is busy on its disk or machine. With PostgreSQL, look at its log and its connections.`,
    }),
  },
  audit: {
    written: (n) => ({ what: t`${count(n)} entries in an unbroken chain` }),
    failing: () => ({
      what: t`It can't be written: nothing is changed or shown until it can be.`,
      remedy: t`Free space on the ledger's disk and see that the ledger can be written; then it goes on by itself.`,
    }),
  },
  indexing: {
    current: () => ({ what: t`What arrived is found` }),
    behind: (n) => ({
      what: t`${bytes(n)} arrived that aren't found yet`,
      remedy: t`Wait while much arrives. If it doesn't get less, look whether the ledger or the disk is slow.`,
    }),
    failing: () => ({
      what: t`What arrives is kept, but is not found yet`,
      remedy: t`Mend what the message says; it is tried again every few seconds. Nothing is lost.`,
    }),
  },
  sealing: {
    sealed: () => ({ what: t`Every full segment is complete` }),
    stuck: (n) => ({
      what: plural(n, { one: "A segment can't be completed", other: "# segments can't be completed" }),
      remedy: t`Look whether the disk is full or can't be written. What they hold is read as before, and it is tried again.`,
    }),
  },
  keeping: {
    copied: () => ({ what: t`Complete segments are where the settings want them` }),
    alone: () => ({
      what: t`The originals lie on one disk alone`,
      remedy: t`Name a second place in the settings, archive.second_copy: a folder on another disk, or S3. Until then, back the data folder up.`,
    }),
    failing: () => ({
      what: t`Segments can't be copied or moved to where they belong`,
      remedy: t`See that the object store or the folder of the second copy can be reached and written. Each round tries again.`,
    }),
  },
  recompressing: {
    off: () => ({ what: t`Off: originals are kept as they came` }),
    on: () => ({ what: t`On` }),
    failing: () => ({
      what: t`Segments can't be made smaller`,
      remedy: t`Look whether the disk has room for a second form of a segment. The originals are as they were.`,
    }),
  },
  integrity: {
    whole: (n, at) => ({ what: t`All ${count(n)} originals as they came, read ${at}` }),
    never: () => ({
      what: t`The originals were never read from end to end`,
      remedy: t`Have everything read and compared once, and then every month.`,
      to: "/storage",
    }),
    "long-ago": (n) => ({
      what: t`The originals were last read ${days(n)} ago`,
      remedy: t`Have everything read and compared every month, so that a dying disk is noticed while there are copies.`,
      to: "/storage",
    }),
    damaged: (n, at) => ({
      what: t`${count(n)} damaged places found ${at}, not repaired`,
      remedy: t`Run isocenter verify --repair: what is damaged is replaced from a good copy, if there is one.`,
      to: "/storage",
    }),
  },
  routing: {
    followed: (n) => ({
      what:
        n === 0
          ? t`Nothing waits`
          : plural(n, { one: "# exam waits to be quiet", other: "# exams wait to be quiet" }),
    }),
    failing: () => ({
      what: t`Exams that match wait`,
      remedy: t`Mend what the message says; nothing is forgotten, and it is tried again by itself.`,
      to: "/routing",
    }),
  },
  mailing: {
    none: () => ({ what: t`No mail server is set: people write them` }),
    sent: () => ({ what: t`Sent to those who receive data` }),
    failing: () => ({
      what: t`They wait: the mail server does not take them`,
      remedy: t`Mend what the message says, or the settings in [mail]; they are tried again by themselves.`,
    }),
  },
  "text-model": {
    none: () => ({ what: t`None is set: reports are read by rules` }),
    answers: () => ({ what: t`Its word stands beside what the rules read` }),
    failing: () => ({
      what: t`It gives no answer: reports are read by rules alone`,
      remedy: t`Mend what the message says: isocenter config check tells whether the model works. Then restart, and read its word into earlier reports with isocenter read-reports --again.`,
    }),
  },
  transfers: {
    through: () => ({ what: t`All of the last week got through` }),
    stuck: (n) => ({
      what: plural(n, { one: "# transfer did not get through", other: "# transfers did not get through" }),
      remedy: t`Test the peer on its page: whether it runs, its address, and whether it knows our title.`,
      to: "/peers",
    }),
  },
  quarantine: {
    none: () => ({ what: t`Empty` }),
    waiting: (n) => ({
      what: plural(n, { one: "# file waits for a decision", other: "# files wait for a decision" }),
      remedy: t`Look why, and retry or discard.`,
      to: "/quarantine",
    }),
  },
  conflicts: {
    none: () => ({ what: t`None` }),
    waiting: (n) => ({
      what: plural(n, {
        one: "# object came twice with other content",
        other: "# objects came twice with other content",
      }),
      remedy: t`Look which sender gives the same UID to other content; both are kept.`,
      to: "/conflicts",
    }),
  },
};

const certificate = (area: string): Cases => {
  const setting = area === "web-certificate" ? "http.tls_certificate" : "dimse.tls_certificate";
  const remedy = t`Put a new certificate where ${setting} points, and start Isocenter again.`;
  return {
    valid: (n, at) => ({ what: t`Valid for ${days(n)}, until ${at}` }),
    "ends-soon": (n, at) => ({ what: t`Ends in ${days(n)}, ${at}`, remedy }),
    ended: (_, at) => ({ what: t`Ended ${at}: nobody trusts it any more`, remedy }),
    unreadable: () => ({ what: t`Its end can't be read`, remedy }),
  };
};
