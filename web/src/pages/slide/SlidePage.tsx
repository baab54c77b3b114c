import "./slide.css";
import { t } from "@lingui/core/macro";
import { useCallback, useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { CopyLink } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Empty } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { placeFrom, placeIn, type Place } from "./place";
import SlidePane from "./SlidePane";

/** One slide over the whole page; its address keeps the place one looks at. */
export default function SlidePage() {
  useTitle(t`Slide`);
  const { study = "", series, file = "" } = useParams();
  const at = useMemo(
    () => (series === undefined ? { study, file } : { study, series }),
    [study, series, file],
  );
  const [query, setQuery] = useSearchParams();
  const keep = useCallback((place: Place) => setQuery(placeIn(place), { replace: true }), [setQuery]);
  return (
    <div className="slide-page">
      <header className="slide-head">
        <Link className="button button-quiet" to={`/exams/${study}`}>
          <Icon name="back" /> {t`Back to the exam`}
        </Link>
        <h1>{t`Slide`}</h1>
        <CopyLink
          label={t`Copy a link to this place`}
          address={() => `${window.location.pathname}${window.location.search}`}
        />
      </header>
      <SlidePane
        at={at}
        start={placeFrom(query)}
        onPlace={keep}
        otherwise={
          <Empty icon="image" title={t`This series is not a whole slide`}>
            {t`Its pictures are on the page of the exam.`}
          </Empty>
        }
      />
    </div>
  );
}
