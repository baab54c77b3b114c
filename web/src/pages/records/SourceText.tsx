import { t } from "@lingui/core/macro";

/** An original as people read it: a segment or a resource on each line; nothing is left out. */
export function SourceText({ text, format }: { text: string; format: string }) {
  const lines = format === "hl7v2" ? segments(text) : format === "fhir" ? indented(text) : text.split("\n");
  return (
    <div className="source-text" role="region" aria-label={t`The original`} tabIndex={0}>
      <ol>
        {lines.map((line, at) => (
          <li key={at}>{format === "hl7v2" ? <Segment line={line} /> : line}</li>
        ))}
      </ol>
    </div>
  );
}

/** Segments end by CR; frames of MLLP and empty lines are no segments. */
const segments = (text: string): string[] =>
  text
    .replaceAll("\u000b", "")
    .replaceAll("\u001c", "")
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== "");

function Segment({ line }: { line: string }) {
  return (
    <>
      <strong>{line.slice(0, 3)}</strong>
      {line.slice(3)}
    </>
  );
}

function indented(text: string): string[] {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split("\n");
  } catch {
    return text.split("\n");
  }
}
