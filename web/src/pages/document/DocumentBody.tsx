import { t } from "@lingui/core/macro";
import "./document.css";
import type { ReactNode } from "react";
import type { Block, Letter, Section } from "./letter";
import type { LoadedDocument } from "./load";
import type { Item } from "./report";
import { Traces } from "./Traces";

/** What a document says, made readable; `pdf` is shown by the page itself. */
export function DocumentBody({ content }: Pick<LoadedDocument, "content">) {
  if (content.kind === "report") return <Report root={content.root} />;
  if (content.kind === "letter") return <LetterText letter={content.letter} />;
  if (content.kind === "waveform") return <Traces groups={content.groups} notes={content.notes} />;
  return null;
}

function Report({ root }: { root: Item }) {
  if (root.children.length === 0) return <p className="dim">{t`This report has no content.`}</p>;
  return (
    <div className="report">
      <Items items={root.children} />
    </div>
  );
}

/** What only groups is a heading; what says something is a line. */
function Items({ items }: { items: Item[] }) {
  return (
    <ul>
      {items.map((item, at) => (
        <li key={at} className={item.value === "" && item.children.length > 0 ? "report-group" : undefined}>
          {item.value === "" ? (
            <strong>{item.name || t`Group`}</strong>
          ) : (
            <p>
              {item.name !== "" && <span className="report-name">{item.name}</span>}
              <span className="report-value">{item.value}</span>
              {item.refers !== undefined && <span className="report-refers mono"> {item.refers}</span>}
            </p>
          )}
          {item.children.length > 0 && <Items items={item.children} />}
        </li>
      ))}
    </ul>
  );
}

function LetterText({ letter }: { letter: Letter }) {
  return (
    <div className="letter">
      {letter.title !== "" && <h2>{letter.title}</h2>}
      {letter.trouble !== undefined && <p className="notice notice-warn">{letter.trouble}</p>}
      <Sections sections={letter.sections} />
    </div>
  );
}

function Sections({ sections }: { sections: Section[] }) {
  return (
    <>
      {sections.map(({ title, blocks, sections: inner }, at) => (
        <section key={at}>
          {title !== "" && <h2>{title}</h2>}
          {blocks.map(drawn)}
          <Sections sections={inner} />
        </section>
      ))}
    </>
  );
}

function drawn(block: Block, key: number): ReactNode {
  if (block.type === "text") return <span key={key}>{block.text}</span>;
  if (block.type === "break") return <br key={key} />;
  const inside = block.children.map(drawn);
  switch (block.type) {
    case "paragraph":
      return <p key={key}>{inside}</p>;
    case "list":
      return <ul key={key}>{onlyOf(block.children, "item").map(drawn)}</ul>;
    case "item":
      return <li key={key}>{inside}</li>;
    case "table":
      return (
        <table key={key}>
          <tbody>{onlyOf(block.children, "row").map(drawn)}</tbody>
        </table>
      );
    case "row":
      return <tr key={key}>{onlyOf(block.children, "head", "cell").map(drawn)}</tr>;
    case "head":
      return <th key={key}>{inside}</th>;
    case "cell":
      return <td key={key}>{inside}</td>;
    case "strong":
      return <strong key={key}>{inside}</strong>;
  }
}

/** White space between rows or items isn't text. */
function onlyOf(blocks: Block[], ...types: Block["type"][]): Block[] {
  return blocks.filter(({ type }) => types.includes(type));
}
