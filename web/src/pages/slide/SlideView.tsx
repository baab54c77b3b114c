import "./slide.css";
import { t } from "@lingui/core/macro";
import { useEffect, useMemo, useState } from "react";
import { placeFrom, placeIn, type Place } from "./place";
import { onKey } from "./keys";
import { bar, length, magnification } from "./scale";
import { MarkList } from "./marks/MarkList";
import { MarksLayer } from "./marks/MarksLayer";
import { MarkTools } from "./marks/MarkTools";
import { drawsByKey } from "./marks/keys";
import { lookAt } from "./marks/look";
import { useDrawing } from "./marks/useDrawing";
import { useMarks } from "./marks/useMarks";
import { SlideBar } from "./SlideBar";
import { glassUrl, type Slide, type SlideAddress } from "./slides";
import { useSlide, type View } from "./useSlide";

interface Props {
  at: SlideAddress;
  slide: Slide;
  start?: Place | undefined;
  onPlace?: (place: Place) => void;
}

/** A whole slide: from the overview to a cell, with its scale. */
export function SlideView({ at, slide, start, onPlace }: Props) {
  const [plane, setPlane] = useState(0);
  const [path, setPath] = useState(0);
  const layer = useMemo(() => ({ plane, path }), [plane, path]);
  const { area, viewer, view, pointer, failed } = useSlide({ at, slide, layer, start });
  const marks = useMarks(at.study, slide);
  const drawing = useDrawing(viewer, marks.add);
  const [chosen, setChosen] = useState<string>();
  usePlace(view?.place, onPlace);
  return (
    <section className="slide" aria-label={t`Slide`}>
      <SlideBar viewer={viewer} slide={slide} layer={layer} setPlane={setPlane} setPath={setPath}>
        <MarkTools drawing={drawing} marks={marks} />
      </SlideBar>
      <div className="slide-stage">
        {/* The picture takes keys as the quick-look does: it is what one works on. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={area}
          className="slide-area"
          role="group"
          aria-label={spoken(view)}
          tabIndex={0}
          onKeyDown={(event) => {
            if (viewer === undefined || drawsByKey(event, drawing, marks)) return;
            onKey(event, viewer);
          }}
        />
        <MarksLayer
          viewer={view === undefined ? undefined : viewer}
          slide={slide}
          marks={marks.all.map(({ mark }) => mark)}
          chosen={chosen}
          drawing={drawing}
        />
        <MarkList
          slide={slide}
          marks={marks}
          chosen={chosen}
          show={(mark) => {
            setChosen(mark.uid);
            if (viewer !== undefined) lookAt(viewer, mark);
          }}
        />
        <Scale view={view} />
        <p className="slide-pointer num" aria-hidden="true">
          {pointer !== undefined && t`x ${length(pointer.x)} · y ${length(pointer.y)}`}
        </p>
        {failed > 0 && (
          <p className="slide-failed" role="alert">
            {t`Some parts of the slide could not be loaded. Move or zoom to try again.`}
          </p>
        )}
        <Glass at={at} slide={slide} />
      </div>
    </section>
  );
}

/** Tells where one looks once the view rests. */
function usePlace(place: Place | undefined, onPlace: ((place: Place) => void) | undefined): void {
  const written = place === undefined ? "" : placeIn(place).toString();
  useEffect(() => {
    if (written === "" || onPlace === undefined) return;
    const place = placeFrom(new URLSearchParams(written));
    const timer = setTimeout(() => place !== undefined && onPlace(place), 400);
    return () => clearTimeout(timer);
  }, [written, onPlace]);
}

function spoken(view: View | undefined): string {
  if (view?.mmPerScreenPixel === undefined) return t`Slide; its scale is not known`;
  return t`Slide at ${magnification(view.mmPerScreenPixel)}`;
}

function Scale({ view }: { view: View | undefined }) {
  if (view === undefined) return null;
  if (view.mmPerScreenPixel === undefined) return <p className="slide-scale">{t`Scale not known`}</p>;
  const { mm, pixels } = bar(view.mmPerScreenPixel, 160);
  return (
    <p className="slide-scale num">
      <span className="slide-bar-mark" style={{ width: pixels }} />
      <span>{length(mm)}</span>
      <span className="slide-times" title={t`As an objective of that name would show it`}>
        {magnification(view.mmPerScreenPixel)}
      </span>
    </p>
  );
}

/** The glass itself: its label and its overview. */
function Glass({ at, slide }: Pick<Props, "at" | "slide">) {
  if (slide.glass.length === 0) return null;
  return (
    <div className="slide-others">
      {slide.glass.map((kind, number) => (
        <figure key={kind}>
          <img
            src={glassUrl(at, number)}
            alt={kind === "label" ? t`The label on the glass` : t`The whole glass`}
          />
          <figcaption>{kind === "label" ? t`Label` : t`Overview`}</figcaption>
        </figure>
      ))}
    </div>
  );
}
