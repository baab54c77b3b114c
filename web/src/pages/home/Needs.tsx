import { plural, t } from "@lingui/core/macro";
import { Link } from "react-router";
import type { Need } from "../../api/home";
import { Icon, type IconName } from "../../parts/Icon";

interface Kind {
  icon: IconName;
  /** Pressing: in the colour of danger. */
  pressing?: boolean;
  words: (count: number) => string;
  to: string;
  act: () => string;
}

const KINDS: Record<string, Kind> = {
  trouble: {
    icon: "quarantine",
    pressing: true,
    words: (count) =>
      plural(count, {
        one: "Something is wrong with the system",
        other: "# things are wrong with the system",
      }),
    to: "/health",
    act: () => t`See what to do`,
  },
  scrub: {
    icon: "storage",
    pressing: true,
    words: (count) => plural(count, { one: "# original found damaged", other: "# originals found damaged" }),
    to: "/storage",
    act: () => t`See integrity`,
  },
  quarantine: {
    icon: "quarantine",
    words: (count) => plural(count, { one: "# file in quarantine", other: "# files in quarantine" }),
    to: "/quarantine",
    act: () => t`Decide`,
  },
  conflicts: {
    icon: "conflict",
    words: (count) =>
      plural(count, {
        one: "# object came twice with other content",
        other: "# objects came twice with other content",
      }),
    to: "/conflicts",
    act: () => t`Look`,
  },
  links: {
    icon: "link",
    words: (count) =>
      plural(count, {
        one: "# link between a record and an exam is not sure",
        other: "# links between records and exams are not sure",
      }),
    to: "/together",
    act: () => t`Decide`,
  },
  people: {
    icon: "account",
    words: (count) => plural(count, { one: "# doubt about who is who", other: "# doubts about who is who" }),
    to: "/together?tab=people",
    act: () => t`Decide`,
  },
  messages: {
    icon: "message",
    words: (count) =>
      plural(count, {
        one: "# message could not be read to the end",
        other: "# messages could not be read to the end",
      }),
    to: "/records",
    act: () => t`See why`,
  },
  releases: {
    icon: "send",
    words: (count) =>
      plural(count, {
        one: "# request for data waits for your decision",
        other: "# requests for data wait for your decision",
      }),
    to: "/requests",
    act: () => t`Decide`,
  },
  transfers: {
    icon: "send",
    words: (count) =>
      plural(count, { one: "# transfer did not get through", other: "# transfers did not get through" }),
    to: "/peers",
    act: () => t`See transfers`,
  },
  uploads: {
    icon: "upload",
    words: (count) =>
      plural(count, {
        one: "# upload of yours did not come to the end",
        other: "# uploads of yours did not come to the end",
      }),
    to: "/upload",
    act: () => t`Go on: choose the same folder again`,
  },
};

/** What waits for somebody, each with the way to where one can do something about it. */
export function Needs({ needs }: { needs: Need[] }) {
  return (
    <section className="panel home-needs" aria-labelledby="needs-title">
      <h2 id="needs-title">{t`Needs you`}</h2>
      {needs.length === 0 ? (
        <p className="home-calm">
          <Icon name="ok" /> {t`Nothing needs you. Everything that arrived is in its place.`}
        </p>
      ) : (
        <ul>
          {needs.map((need) => (
            <Line key={need.kind} need={need} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ need }: { need: Need }) {
  const kind = KINDS[need.kind];
  if (kind === undefined) return null;
  return (
    <li className={kind.pressing === true ? "home-need pressing" : "home-need"}>
      <Icon name={kind.icon} size={18} />
      <div>
        <strong>{kind.words(need.count)}</strong>
        {need.details.slice(0, 3).map((detail) => (
          <div key={detail} className="dim">
            {detail}
          </div>
        ))}
      </div>
      <Link to={kind.to} className="button">
        {kind.act()}
      </Link>
    </li>
  );
}
