import type { ReactNode } from "react";

interface Props {
  /** Its picture: a path, or what is drawn otherwise. */
  d?: string;
  children?: ReactNode;
  name: string;
  keyName: string;
  pressed?: boolean;
  disabled?: boolean;
  act: () => void;
}

/** One button of the slide's bar; its key stands in its tooltip. */
export function SlideTool({ d, children, name, keyName, pressed, disabled, act }: Props) {
  return (
    <button
      type="button"
      className="button button-quiet button-square"
      aria-label={name}
      title={`${name} (${keyName})`}
      aria-keyshortcuts={keyName}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={act}
    >
      <svg
        viewBox="0 0 24 24"
        width={17}
        height={17}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.7}
        aria-hidden="true"
      >
        {d === undefined ? children : <path d={d} strokeLinecap="round" strokeLinejoin="round" />}
      </svg>
    </button>
  );
}
