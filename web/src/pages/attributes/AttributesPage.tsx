import "./attributes.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { attributesQuery, conflictAttributesQuery, examQuery, type Attribute } from "../../api/exams";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { AttributesTree } from "./AttributesTree";
import { CompareWith } from "./CompareWith";
import { linesOf } from "./lines";
import { alone, beside, differences } from "./pairs";
import { sideFrom, type Side } from "./side";

/** Everything a file says, as a tree; beside another file, what differs. */
export default function AttributesPage() {
  useTitle(t`Attributes`);
  const { study = "", sop = "" } = useParams();
  const [query] = useSearchParams();
  const other = sideFrom(query.get("with"));
  const left = useQuery(attributesQuery(study, sop));
  const right = useOther(other);
  const failed = [left, right].find(({ isError }) => isError);
  const waiting = left.isPending || (other !== undefined && right.isPending);
  return (
    <div className="attributes-page">
      <Head study={study} sop={sop} other={other} />
      {failed !== undefined ? (
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      ) : waiting ? (
        <Loading what={t`attributes`} />
      ) : (
        <Shown key={`${sop} ${query.get("with")}`} left={left.data ?? []} right={right.data} other={other} />
      )}
    </div>
  );
}

function useOther(side: Side | undefined) {
  const instance = side?.kind === "instance" ? side : { study: "", sop: "" };
  const sha256 = side?.kind === "conflict" ? side.sha256 : "";
  const held = useQuery({ ...attributesQuery(instance.study, instance.sop), enabled: instance.sop !== "" });
  const conflict = useQuery({ ...conflictAttributesQuery(sha256), enabled: sha256 !== "" });
  return side?.kind === "conflict" ? conflict : held;
}

function Head({ study, sop, other }: { study: string; sop: string; other: Side | undefined }) {
  return (
    <header className="attributes-head">
      <Link
        to={`/exams/${study}`}
        className="button button-quiet button-square"
        aria-label={t`Back to the exam`}
        title={t`Back to the exam`}
      >
        <Icon name="back" />
      </Link>
      <div className="attributes-what">
        <h1>{t`Attributes`}</h1>
        <p className="dim num">
          <Which study={study} sop={sop} />
        </p>
        {other !== undefined && (
          <p className="dim num">
            {t`beside`}{" "}
            {other.kind === "instance" ? (
              <Which study={other.study} sop={other.sop} />
            ) : (
              t`the content that came later`
            )}
          </p>
        )}
      </div>
      <CompareWith study={study} sop={sop} other={other} />
    </header>
  );
}

/** Which instance, by what a person calls it; the UID alone until that is known. */
function Which({ study, sop }: { study: string; sop: string }) {
  const exam = useQuery(examQuery(study));
  const series = exam.data?.series.find(({ instances }) =>
    instances.some((one) => one.sopInstanceUid === sop),
  );
  const number = series?.instances.find((one) => one.sopInstanceUid === sop)?.instanceNumber;
  if (series === undefined) return sop;
  return [
    `${series.modality} ${series.seriesNumber ?? ""} ${series.seriesDescription}`.trim(),
    typeof number === "number" ? t`image ${number}` : "",
    sop,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

interface ShownProps {
  left: Attribute[];
  right: Attribute[] | undefined;
  other: Side | undefined;
}

function Shown({ left, right, other }: ShownProps) {
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const two = right !== undefined;
  const pairs = useMemo(() => (right === undefined ? alone(left) : beside(left, right)), [left, right]);
  const onlyDifferences = two && !all;
  const lines = useMemo(
    () => linesOf(pairs, { words, onlyDifferences, toggled }),
    [pairs, words, onlyDifferences, toggled],
  );
  const toggle = (key: string) => {
    const next = new Set(toggled);
    if (!next.delete(key)) next.add(key);
    setToggled(next);
  };
  const differ = two ? differences(pairs) : 0;
  const later = other?.kind === "conflict" ? t`Came later` : t`Right`;
  return (
    <>
      <div className="attributes-tools">
        <div className="attributes-find">
          <Icon name="search" />
          <input
            className="input"
            type="search"
            aria-label={t`Find an attribute`}
            placeholder={t`Name, tag or value`}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
        {two && (
          <label className="attributes-all">
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
            {t`Show what is the same too`}
          </label>
        )}
        <span className="dim" role="status">
          {words !== ""
            ? plural(lines.length, { one: "# line", other: "# lines" })
            : two && plural(differ, { one: "# difference", other: "# differences" })}
        </span>
      </div>
      {lines.length > 0 ? (
        <AttributesTree
          lines={lines}
          toggle={toggle}
          sides={two ? [other?.kind === "conflict" ? t`Original` : t`Left`, later] : undefined}
        />
      ) : words !== "" ? (
        <Empty icon="search" title={t`No attribute matches`} />
      ) : (
        <Empty icon="ok" title={t`The attributes are the same`}>
          {t`Pixels are not compared here: two files can still show other images.`}
        </Empty>
      )}
    </>
  );
}
