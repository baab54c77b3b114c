import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { qualityQuery, type Figures, type Model, type Quality, type Share } from "../../api/checks";
import { Failure, Loading } from "../../parts/State";
import { keyWords } from "./reading";

/** Precision, recall and F1 with intervals at 95 %, by rules and words, finding and site. */
export function QualityTables() {
  const quality = useQuery(qualityQuery);
  if (quality.isPending) return <Loading what={t`figures`} />;
  if (quality.isError) return <Failure error={quality.error} retry={() => void quality.refetch()} />;
  const { by } = quality.data;
  if (by.length === 0) return <p className="dim">{t`No report was checked yet.`}</p>;
  return by.map((one) => (
    <By key={`${one.engine}-${one.lexicon}-${one.model?.digest ?? ""}`} quality={one} />
  ));
}

function By({ quality }: { quality: Quality }) {
  const { engine, lexicon, model, reports } = quality;
  const rules = t`Rules ${engine}, words ${lexicon}`;
  const name = model === null || model === undefined ? rules : modelWords(model, rules);
  return (
    <section aria-label={name}>
      <h3>
        {name} <span className="dim">{plural(reports, { one: "# report", other: "# reports" })}</span>
      </h3>
      {model !== null && model !== undefined && <Against model={model} />}
      <Table
        name={t`By finding`}
        rows={[
          { ...quality.all, name: t`Everything` },
          ...quality.findings.map((one) => ({ ...one, name: keyWords(one.name) })),
        ]}
      />
      <Table
        name={t`By site`}
        rows={quality.sites.map((one) => ({ ...one, name: one.name === "" ? t`not said` : one.name }))}
      />
    </section>
  );
}

/** A model's version is the beginning of its digest. */
const modelWords = ({ name, digest }: Model, rules: string): string =>
  t`Model ${name} (${digest.slice(0, 12)}) on what was found by ${rules}`;

/** Where the two differ, and who is right there. */
function Against({ model }: { model: Model }) {
  const { differ, rulesRight, modelRight } = model;
  const where = plural(differ, {
    one: "On # finding model and rules differ:",
    other: "On # findings model and rules differ:",
  });
  return (
    <p>
      {where} {t`the rules are right on ${rulesRight}, the model on ${modelRight}.`}
    </p>
  );
}

function Table({ name, rows }: { name: string; rows: Figures[] }) {
  const id = useId();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-labelledby={id}>
      <table className="table">
        <caption id={id}>{name}</caption>
        <thead>
          <tr>
            <th scope="col">{t`Name`}</th>
            <th scope="col">{t`Correct`}</th>
            <th scope="col">{t`Wrong`}</th>
            <th scope="col">{t`Missed`}</th>
            <th scope="col">{t`Precision`}</th>
            <th scope="col">{t`Recall`}</th>
            <th scope="col">F1</th>
            <th scope="col">{t`Time right`}</th>
            <th scope="col">{t`Side right`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td className="num">{row.right}</td>
              <td className="num">{row.wrong}</td>
              <td className="num">{row.missed}</td>
              {[row.precision, row.recall, row.f1, row.time, row.side].map((share, at) => (
                <td key={at} className="num">
                  {shareWords(share)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "0.93 (0.88–0.96)" */
function shareWords(share: Share | null | undefined): string {
  if (share === null || share === undefined) return "–";
  const [value, low, high] = [share.value, share.low, share.high].map((one) => one.toFixed(2));
  return `${value} (${low}–${high})`;
}
