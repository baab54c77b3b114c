import { t } from "@lingui/core/macro";
import { Icon } from "../../../parts/Icon";
import type { Slide } from "../slides";
import type { Mark } from "./mark";
import type { Keeping, Marks } from "./useMarks";
import { kindName, said } from "./words";

interface Props {
  slide: Slide;
  marks: Marks;
  chosen: string | undefined;
  /** Shows where a mark is. */
  show: (mark: Mark) => void;
}

/** What is drawn on the slide: found, named, removed. */
export function MarkList({ slide, marks, chosen, show }: Props) {
  if (marks.all.length === 0) return null;
  return (
    <section className="slide-list" aria-label={t`Annotations`}>
      <h2>{t`Annotations`}</h2>
      <ul>
        {marks.all.map(({ mark, keeping }) => (
          <li key={mark.uid} aria-current={mark.uid === chosen ? "true" : undefined}>
            <button type="button" className="button button-quiet button-small" onClick={() => show(mark)}>
              {kindName(mark.kind)} <span className="num">{said(mark, slide)}</span>
            </button>
            {mark.own && marks.mayDraw ? (
              <Own mark={mark} keeping={keeping} marks={marks} />
            ) : (
              <span className="dim">
                {mark.label} {mark.own ? "" : mark.author}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Own({ mark, keeping, marks }: { mark: Mark; keeping: Keeping; marks: Marks }) {
  return (
    <>
      <input
        className="input"
        defaultValue={mark.label}
        aria-label={t`What to call it`}
        placeholder={t`Name`}
        maxLength={200}
        onBlur={({ target }) => target.value !== mark.label && marks.name(mark, target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {keeping === "failed" && (
        <button type="button" className="button button-small" onClick={() => marks.retry(mark)}>
          {t`Not saved; try again`}
        </button>
      )}
      <button
        type="button"
        className="button button-quiet button-small button-square"
        aria-label={t`Remove`}
        title={t`Remove`}
        onClick={() => marks.remove(mark)}
      >
        <Icon name="trash" size={14} />
      </button>
    </>
  );
}
