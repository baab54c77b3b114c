import { describe, expect, it } from "vitest";
import { readLetter } from "./letter";

const letter = (body: string) =>
  `<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge</title><component>${body}</component></ClinicalDocument>`;

const structured = (narrative: string) =>
  letter(
    `<structuredBody><component><section><title>Findings</title><text>${narrative}</text></section></component></structuredBody>`,
  );

describe("a letter in CDA", () => {
  it("is its sections, paragraphs and tables", () => {
    const { title, sections } = readLetter(
      structured("<paragraph>Clear.</paragraph><table><tbody><tr><td>A</td></tr></tbody></table>"),
    );
    expect(title).toBe("Discharge");
    expect(sections[0]?.title).toBe("Findings");
    expect(sections[0]?.blocks).toEqual([
      { type: "paragraph", children: [{ type: "text", text: "Clear." }] },
      {
        type: "table",
        children: [{ type: "row", children: [{ type: "cell", children: [{ type: "text", text: "A" }] }] }],
      },
    ]);
  });

  it("brings no script and no markup of its own", () => {
    const { sections } = readLetter(
      structured(
        `<script>steal()</script><paragraph onclick="x()">Text<img src="x" onerror="y()"/></paragraph>`,
      ),
    );
    expect(JSON.stringify(sections)).not.toMatch(/steal|onclick|onerror|img/);
  });

  it("that is broken or has no text says so", () => {
    expect(readLetter("<a><b></a>").trouble).toMatch(/well-formed/);
    expect(readLetter(letter("")).trouble).toMatch(/no text/);
    expect(
      readLetter(letter(`<nonXMLBody><text mediaType="application/pdf">AA==</text></nonXMLBody>`)).trouble,
    ).toMatch(/application\/pdf/);
  });
});
