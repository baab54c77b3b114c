import { plural, t } from "@lingui/core/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { attributesQuery, type Attribute, type Instance } from "../../api/exams";
import { bytes } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { attributesAddress } from "../attributes/side";
import { useSettled } from "../exams/search";
import { linesOf, tagText, type Line } from "./tree";

/** While one scrolls through a series, only the image one stops at is asked for. */
const PAUSE_MS = 250;

/** Everything the file on screen says, as a tree that can be searched. */
export function AttributeTree({ study, instance }: { study: string; instance: Instance | undefined }) {
  const sop = useSettled(instance?.sopInstanceUid ?? "", PAUSE_MS);
  const attributes = useQuery({
    ...attributesQuery(study, sop),
    enabled: sop !== "",
    placeholderData: keepPreviousData,
  });
  const [words, setWords] = useState("");
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(
    () => linesOf(attributes.data ?? [], opened, words),
    [attributes.data, opened, words],
  );
  const toggle = (key: string) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  if (attributes.isError) return <Failure error={attributes.error} retry={() => void attributes.refetch()} />;
  if (attributes.data === undefined) return <Loading what={t`attributes`} />;
  return (
    <>
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
        <Link
          className="button button-quiet button-square"
          to={attributesAddress(study, instance?.sopInstanceUid ?? sop)}
          aria-label={t`All attributes on a page, to read and compare`}
          title={t`All attributes on a page, to read and compare`}
        >
          <Icon name="next" />
        </Link>
        <span className="hidden-visually" role="status">
          {words !== "" && plural(lines.length, { one: "# line", other: "# lines" })}
        </span>
      </div>
      {lines.length === 0 ? (
        <Empty icon="search" title={t`No attribute matches`} />
      ) : (
        <Lines lines={lines} toggle={toggle} />
      )}
    </>
  );
}

function Lines({ lines, toggle }: { lines: Line[]; toggle: (key: string) => void }) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 42,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 10,
  });
  return (
    // The scroll area takes the focus so that it scrolls by keyboard (WCAG 2.1.1).

    <div className="attributes" ref={scroll} tabIndex={0} role="region" aria-label={t`Attributes`}>
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <li
                key={item.key}
                ref={rows.measureElement}
                data-index={item.index}
                style={{ transform: `translateY(${item.start}px)`, paddingLeft: 12 + line.depth * 14 }}
              >
                {line.item === undefined ? <Entry line={line} toggle={toggle} /> : <ItemHead line={line} />}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function ItemHead({ line }: { line: Line }) {
  return <div className="attribute-item faint">{t`Item ${line.item ?? 0}`}</div>;
}

function Entry({ line, toggle }: { line: Line; toggle: (key: string) => void }) {
  const { attribute, open } = line;
  const items = attribute.items?.length;
  return (
    <>
      <div className="attribute-top">
        {open === undefined ? (
          <span className="attribute-name" title={attribute.name ?? undefined}>
            {nameOf(line)}
          </span>
        ) : (
          <button
            type="button"
            className="attribute-name attribute-open"
            aria-expanded={open}
            onClick={() => toggle(line.key)}
          >
            <Icon name="next" size={12} />
            {nameOf(line)}
          </button>
        )}
        <span className="attribute-tag mono faint">
          {tagText(attribute.tag)} {attribute.vr}
        </span>
      </div>
      <div className="attribute-value">
        {items === undefined ? (
          valueText(attribute)
        ) : (
          <span className="faint">{plural(items, { one: "# item", other: "# items" })}</span>
        )}
      </div>
    </>
  );
}

function nameOf({ attribute }: Line): string {
  if (attribute.keyword) return attribute.keyword;
  return attribute.creator ? t`Private · ${attribute.creator}` : t`Private or unknown`;
}

function valueText({ value, length }: Attribute) {
  if (length) return <span className="faint">{t`${bytes(length)} of data`}</span>;
  if (!value || value.every((one) => one === "")) return <span className="faint">{t`empty`}</span>;
  return value.join(" \\ ");
}
