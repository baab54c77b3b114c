import { useState } from "react";
import { Icon } from "./Icon";

/** A small server-rendered picture; objects without pixels show a quiet sign in its place. */
export function Thumbnail({ src, size }: { src: string; size: number }) {
  const [failed, setFailed] = useState<string>();
  return (
    <div className="thumb" style={{ width: size, height: size }}>
      {failed === src ? (
        <Icon name="file" size={Math.min(22, size / 2)} />
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
