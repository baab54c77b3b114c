import { useState } from "react";
import { Icon, type IconName } from "./Icon";

/** What stands for objects that aren't pictures, by modality (PS3.3 §C.7.3.1.1.1). */
const SIGNS: Record<string, IconName> = {
  SR: "report",
  DOC: "report",
  KO: "report",
  PR: "contrast",
  SEG: "segment",
  RTSTRUCT: "segment",
  ECG: "waves",
  HD: "waves",
  EPS: "waves",
};

interface Props {
  /** Undefined where there is no picture. */
  src: string | undefined;
  /** The modality, for the sign in the picture's place. */
  kind: string | undefined;
  size: number;
}

/** A small server-rendered picture; objects without pixels show a quiet sign in its place. */
export function Thumbnail({ src, kind, size }: Props) {
  const [failed, setFailed] = useState<string>();
  return (
    <div className="thumb" style={{ width: size, height: size }}>
      {src === undefined || failed === src ? (
        <Icon name={SIGNS[kind ?? ""] ?? "file"} size={Math.min(22, size / 2)} />
      ) : (
        <img
          src={src}
          width={size}
          height={size}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setFailed(src)}
        />
      )}
    </div>
  );
}
