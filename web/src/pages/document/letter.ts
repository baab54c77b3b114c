// Letters in HL7 CDA (Encapsulated CDA): only their text is taken, by a list of what may be shown. Nothing of
// the document's own is ever put into the page as markup, so nothing in it can run.
import { t } from "@lingui/core/macro";

export type Block =
  | { type: "text"; text: string }
  | { type: "break" }
  | { type: "paragraph" | "list" | "item" | "table" | "row" | "head" | "cell" | "strong"; children: Block[] };

export interface Section {
  title: string;
  blocks: Block[];
  sections: Section[];
}

export interface Letter {
  title: string;
  /** Why there is nothing to read, if so. */
  trouble?: string;
  sections: Section[];
}

const SHOWN: Record<string, Exclude<Block["type"], "text" | "break">> = {
  paragraph: "paragraph",
  list: "list",
  item: "item",
  table: "table",
  tr: "row",
  th: "head",
  td: "cell",
  caption: "strong",
};

/** Deeper than letters go; a hostile one ends here. */
const DEEPEST = 40;

export function readLetter(xml: string): Letter {
  const parsed = new DOMParser().parseFromString(xml, "application/xml");
  const root = parsed.documentElement;
  if (parsed.getElementsByTagName("parsererror").length > 0)
    return { title: "", trouble: t`This letter isn't well-formed XML.`, sections: [] };
  const title = plain(child(root, "title"));
  const bodies = children(root, "component");
  const structured = bodies.flatMap((body) => children(body, "structuredBody"));
  if (structured.length > 0) {
    const sections = structured
      .flatMap((body) => children(body, "component"))
      .flatMap((part) => children(part, "section"))
      .map((section) => readSection(section, 0));
    return { title, sections };
  }
  return { title, ...unstructured(bodies.flatMap((body) => children(body, "nonXMLBody"))[0]) };
}

function unstructured(body: Element | undefined): Omit<Letter, "title"> {
  const content = body === undefined ? undefined : child(body, "text");
  if (content === undefined) return { trouble: t`This letter has no text.`, sections: [] };
  const kind = content.getAttribute("mediaType") ?? "text/plain";
  if (!kind.startsWith("text/plain"))
    return {
      trouble: t`This letter's text is kept as ${kind}, which isn't shown. Download the exam to read it.`,
      sections: [],
    };
  const raw = content.textContent.trim();
  return {
    sections: [
      section("", [
        { type: "text", text: content.getAttribute("representation") === "B64" ? decoded(raw) : raw },
      ]),
    ],
  };
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(
      Uint8Array.from(atob(base64.replaceAll(/\s/g, "")), (one) => one.charCodeAt(0)),
    );
  } catch {
    return "";
  }
}

function readSection(element: Element, depth: number): Section {
  const narrative = child(element, "text");
  const inner =
    depth < DEEPEST ? children(element, "component").flatMap((part) => children(part, "section")) : [];
  return {
    title: plain(child(element, "title")),
    blocks: narrative === undefined ? [] : blocks(narrative, 0),
    sections: inner.map((one) => readSection(one, depth + 1)),
  };
}

function section(title: string, content: Block[]): Section {
  return { title, blocks: content, sections: [] };
}

function blocks(element: Element, depth: number): Block[] {
  if (depth > DEEPEST) return [];
  return [...element.childNodes].flatMap((node): Block[] => {
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE)
      return [{ type: "text", text: node.textContent ?? "" }];
    if (!(node instanceof Element)) return [];
    if (node.localName === "br") return [{ type: "break" }];
    if (["script", "style"].includes(node.localName)) return [];
    const type = SHOWN[node.localName];
    const inside = blocks(node, depth + 1);
    return type === undefined ? inside : [{ type, children: inside }];
  });
}

function children(element: Element, name: string): Element[] {
  return [...element.children].filter(({ localName }) => localName === name);
}

function child(element: Element, name: string): Element | undefined {
  return children(element, name)[0];
}

function plain(element: Element | undefined): string {
  return (element?.textContent ?? "").trim();
}
