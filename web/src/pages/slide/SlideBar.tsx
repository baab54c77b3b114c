import { t } from "@lingui/core/macro";
import type OpenSeadragon from "openseadragon";
import { fullScreen } from "./keys";
import type { Layer, Slide } from "./slides";
import { SlideTool } from "./SlideTool";
import type { ReactNode } from "react";

interface Props {
  viewer: OpenSeadragon.Viewer | undefined;
  slide: Slide;
  layer: Layer;
  setPlane: (plane: number) => void;
  setPath: (path: number) => void;
  /** What draws. */
  children: ReactNode;
}

/** What one can do with a slide; every button has a key. */
export function SlideBar({ viewer, slide, layer, setPlane, setPath, children }: Props) {
  const port = viewer?.viewport;
  return (
    <div className="slide-tools" role="toolbar" aria-label={t`Slide tools`}>
      <SlideTool d="M5 12h14" name={t`Zoom out`} keyName="-" act={() => port?.zoomBy(1 / 1.5)} />
      <SlideTool d="M5 12h14M12 5v14" name={t`Zoom in`} keyName="+" act={() => port?.zoomBy(1.5)} />
      <SlideTool
        d="M4 9V4h5M20 15v5h-5M4 4l6 6M20 20l-6-6"
        name={t`Whole slide`}
        keyName="0"
        act={() => port?.goHome()}
      />
      <SlideTool
        d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4.2h-4.2"
        name={t`Turn by 90°`}
        keyName="r"
        act={() => port?.setRotation(port.getRotation() + 90)}
      />
      <SlideTool
        d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"
        name={t`Full screen`}
        keyName="f"
        act={() => viewer !== undefined && fullScreen(viewer)}
      />
      {slide.planes > 1 && (
        <label>
          {t`Focal plane`}
          <input
            type="range"
            min={0}
            max={slide.planes - 1}
            value={layer.plane}
            onChange={({ target }) => setPlane(Number(target.value))}
          />
          <span className="num">
            {layer.plane + 1} / {slide.planes}
          </span>
        </label>
      )}
      {slide.paths.length > 1 && (
        <label>
          {t`Optical path`}
          <select value={layer.path} onChange={({ target }) => setPath(Number(target.value))}>
            {slide.paths.map(({ id, name }, index) => (
              <option key={id} value={index}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {children}
    </div>
  );
}
