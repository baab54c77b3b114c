import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { differencesQuery, type Differences, type PolicyWanted } from "../../api/policies";
import { count } from "../../format/units";
import { Failure, Loading } from "../../parts/State";

type Difference = Differences["keys"][number];

/** What differs between two policies: keys of the documents, and what becomes of attributes. */
export function Differing({ before, after }: { before: PolicyWanted; after: PolicyWanted }) {
  const found = useQuery(differencesQuery(before, after));
  if (found.isPending) return <Loading what={t`differences`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { keys, attributes } = found.data;
  if (keys.length + attributes.length === 0) return <p className="dim">{t`Nothing differs.`}</p>;
  return (
    <>
      <Table title={t`Keys`} differences={keys.flatMap(entries)} />
      <Table title={t`What becomes of attributes`} differences={attributes} />
    </>
  );
}

function Table({ title, differences }: { title: string; differences: Difference[] }) {
  if (differences.length === 0) return null;
  return (
    <div className="differing" role="region" aria-label={title} tabIndex={0}>
      <table className="table">
        <caption>
          {title} <span className="dim num">{count(differences.length)}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Before`}</th>
            <th scope="col">{t`After`}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ what, before, after }, at) => (
            <tr key={`${at} ${what}`}>
              <td className="mono">{what}</td>
              <td className="differing-before">{before}</td>
              <td className="differing-after">{after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of lists, only what is on one and not on the other. */
export function entries(difference: Difference): Difference[] {
  const { what } = difference;
  const before = list(difference.before);
  const after = list(difference.after);
  if (before === undefined && after === undefined) return [difference];
  const gone = (before ?? []).filter((one) => !(after ?? []).includes(one));
  const come = (after ?? []).filter((one) => !(before ?? []).includes(one));
  const lines = [
    ...gone.map((one) => ({ what, before: one, after: "—" })),
    ...come.map((one) => ({ what, before: "—", after: one })),
  ];
  return lines.length > 0 ? lines : [difference];
}

function list(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value) || value.every((one) => typeof one === "number")) return undefined;
  return value.map((one: unknown) => words(one));
}

/** `AccessionNumber · dummy · why` for a rule of a policy. */
function words(one: unknown): string {
  if (typeof one === "string") return one;
  if (typeof one !== "object" || one === null) return JSON.stringify(one);
  return Object.values(one).map(String).join(" · ");
}
