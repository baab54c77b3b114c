import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure, Loading } from "../../parts/State";
import type { Place } from "./place";
import { slideQuery, type SlideAddress } from "./slides";
import { SlideView } from "./SlideView";

/** A slide inside another page; `otherwise` where the series turns out to be none. */
export default function SlidePane(props: {
  at: SlideAddress;
  start?: Place | undefined;
  onPlace?: (place: Place) => void;
  otherwise: ReactNode;
}) {
  const slide = useQuery(slideQuery(props.at));
  if (slide.isPending) return <Loading what={t`the slide`} />;
  if (slide.isError) return <Failure error={slide.error} retry={() => void slide.refetch()} />;
  if (slide.data === null) return props.otherwise;
  return <SlideView {...props} slide={slide.data} />;
}
