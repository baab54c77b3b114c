import type { ReactElement } from "react";

const shapes = {
  exams: <path d="M4 5.5h16M4 12h16M4 18.5h10" />,
  home: <path d="M4 11.5 12 4.5l8 7M6 10v9.5h12V10M10 19.5v-5h4v5" />,
  copy: <path d="M9 9h10.5v10.5H9ZM15 9V4.5H4.5V15H9" />,
  upload: (
    <path d="M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M4.5 15.5v3a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5v-3" />
  ),
  download: (
    <path d="M12 5v11m0 0 4.5-4.5M12 16l-4.5-4.5M4.5 17v1.5A1.5 1.5 0 0 0 6 20h12a1.5 1.5 0 0 0 1.5-1.5V17" />
  ),
  quarantine: (
    <path d="M12 8.5v4.5m0 3v.2M10.6 4.3 2.9 17.6A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.4L13.4 4.3a1.6 1.6 0 0 0-2.8 0Z" />
  ),
  message: <path d="M4 5.5h16v11H11L6.5 20v-3.5H4ZM8 9.5h8M8 12.7h5" />,
  conflict: <path d="M8 4v9a3 3 0 0 0 3 3h9m0 0-3.5-3.5M20 16l-3.5 3.5M16 20v-1M4 8l4-4 4 4" />,
  trash: (
    <path d="M4.5 7h15M9.5 7V4.8a.8.8 0 0 1 .8-.8h3.4a.8.8 0 0 1 .8.8V7M6.5 7l.8 12a1 1 0 0 0 1 1h7.4a1 1 0 0 0 1-1l.8-12M10.2 11v5.2M13.8 11v5.2" />
  ),
  account: (
    <>
      <circle cx="12" cy="8.2" r="3.7" />
      <path d="M4.8 20a7.2 7.2 0 0 1 14.4 0" />
    </>
  ),
  peers: <path d="M4 5h16v5H4Zm0 9h16v5H4ZM7.5 7.5h.2M7.5 16.5h.2M12 10v4" />,
  route: <path d="M5 18.5h7a3.5 3.5 0 0 0 3.5-3.5V6m0 0L12 9.5M15.5 6 19 9.5M5 18.5v-7" />,
  activity: <path d="M3.5 12.5h4l2.5-7 4 13 2.5-6h4" />,
  health: (
    <path d="M12 20 4.8 12.6a4.6 4.6 0 0 1 6.6-6.4l.6.6.6-.6a4.6 4.6 0 0 1 6.6 6.4ZM7.5 12.5h2.4l1.4-2.6 2 4.6 1.3-2h2" />
  ),
  storage: (
    <>
      <ellipse cx="12" cy="6" rx="7.5" ry="2.7" />
      <path d="M4.5 6v12c0 1.5 3.4 2.7 7.5 2.7s7.5-1.2 7.5-2.7V6M4.5 12c0 1.5 3.4 2.7 7.5 2.7s7.5-1.2 7.5-2.7" />
    </>
  ),
  report: (
    <path d="M6 3.5h8.5L18.5 7.5V20a.6.6 0 0 1-.6.5H6a.6.6 0 0 1-.5-.5V4a.6.6 0 0 1 .5-.5ZM8.5 10h7M8.5 13.2h7M8.5 16.4h4.5" />
  ),
  segment: (
    <path d="M5 14.5c0-4.5 3-9 7.5-9 3.6 0 6.5 2.4 6.5 5.6 0 2.6-2.2 3.2-3.6 4.4-1.6 1.4-1.8 3-4.4 3-3.6 0-6-1-6-4Zm4.5-1.5c0-2 1.2-3.6 3-3.6" />
  ),
  ruler: <path d="M3.5 15.5 15.5 3.5l5 5-12 12ZM7 12l2 2M10 9l3 3M13 6l2 2" />,
  waves: (
    <path d="M3.5 12c1.4 0 1.4-5 2.8-5s1.4 10 2.9 10 1.4-10 2.8-10 1.4 10 2.9 10 1.4-5 2.8-5 1.4 2.5 2.8 2.5" />
  ),
  link: (
    <path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L11.5 6.8M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.6-1.6" />
  ),
  send: <path d="M20.5 3.5 3.5 10l7 3.5m10-10-6.5 17-3.5-7m10-10-10 10" />,
  search: (
    <>
      <circle cx="10.8" cy="10.8" r="6.3" />
      <path d="m15.6 15.6 4.9 4.9" />
    </>
  ),
  close: <path d="m6 6 12 12M18 6 6 18" />,
  viewer: (
    <>
      <rect x="3.5" y="4.5" width="17" height="12.5" rx="1.6" />
      <path d="M9 20.5h6M12 17v3.5" />
    </>
  ),
  play: <path d="M7.5 5v14l11.5-7Z" />,
  pause: <path d="M8 5v14M16 5v14" />,
  back: <path d="m14.5 5.5-6.5 6.5 6.5 6.5" />,
  next: <path d="m9.5 5.5 6.5 6.5-6.5 6.5" />,
  folder: (
    <path d="M3.5 18V6.5A1.5 1.5 0 0 1 5 5h4.4l2.2 2.5H19A1.5 1.5 0 0 1 20.5 9v9a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18Z" />
  ),
  file: (
    <path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5Zm0 0v5h5" />
  ),
  retry: <path d="M19.5 12a7.5 7.5 0 1 1-2.4-5.5M19.8 3.5v4.3h-4.3" />,
  ok: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  contrast: (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M12 4v16a8 8 0 0 0 0-16Z" fill="currentColor" />
    </>
  ),
  theme: <path d="M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="3.8" />
      <path d="M12 3v1.8M12 19.2V21M3 12h1.8M19.2 12H21M5.6 5.6l1.3 1.3M17.1 17.1l1.3 1.3M18.4 5.6l-1.3 1.3M6.9 17.1l-1.3 1.3" />
    </>
  ),
  language: (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16" />
    </>
  ),
  leave: (
    <path d="M14 4.5H6.5A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5H14M10.5 12H20m0 0-3.5-3.5M20 12l-3.5 3.5" />
  ),
  more: <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth="2.6" />,
  reset: <path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.2 3.5v4.3h4.3" />,
  image: (
    <>
      <rect x="4" y="4.5" width="16" height="15" rx="1.6" />
      <path d="m4.5 16 4.3-4.3 3.6 3.6 2.6-2.6 4.5 4.4" />
      <circle cx="15" cy="9" r="1.3" />
    </>
  ),
  project: <path d="M4.5 8.5 12 4.5l7.5 4v7l-7.5 4-7.5-4ZM4.5 8.5l7.5 4 7.5-4M12 12.5v7" />,
  shield: <path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6ZM8.8 11.8l2.3 2.4 4.2-4.6" />,
  key: (
    <>
      <circle cx="8" cy="14.5" r="3.8" />
      <path d="m10.8 11.8 8-8M15.5 7.2l2.6 2.6" />
    </>
  ),
  cohort: (
    <>
      <circle cx="9" cy="9" r="3.2" />
      <path d="M3 19.5a6 6 0 0 1 12 0M15.2 6.3a3 3 0 0 1 .3 5.7M17.2 14.6a6 6 0 0 1 3.8 4.9" />
    </>
  ),
  plus: <path d="M12 5v14M5 12h14" />,
  flask: (
    <path d="M9.5 3.5h5M10.5 3.5v6L5 18.6a1.3 1.3 0 0 0 1.1 1.9h11.8a1.3 1.3 0 0 0 1.1-1.9l-5.5-9.1v-6M7.7 14.5h8.6" />
  ),
  pill: (
    <path d="M10.2 4.9a4.3 4.3 0 0 1 6.1 0l2.8 2.8a4.3 4.3 0 0 1-6.1 6.1L9.4 10.2M13 13.8l.8.8a4.3 4.3 0 0 1-6.1 6.1l-2.8-2.8A4.3 4.3 0 0 1 4.9 12l7-7" />
  ),
  dna: <path d="M7 3.5c0 7 10 10 10 17M17 3.5c0 7-10 10-10 17M8 6.5h8M8 17.5h8M10 10h4M10 14h4" />,
  calendar: <path d="M4.5 6.5h15v13h-15ZM4.5 10.5h15M8.5 4v4M15.5 4v4" />,
  tag: <path d="M4.5 4.5h7l8 8-7 7-8-8ZM8.3 8.3h.1" />,
  stethoscope: (
    <path d="M6 4v5a4 4 0 0 0 8 0V4M10 13v2.5a4.5 4.5 0 0 0 9 0V13M19 13a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z" />
  ),
  tool: (
    <path d="m4.5 19.5 8.6-8.6M14.6 4.6a4.5 4.5 0 0 0-1.2 6l-.3.3.3-.3a4.5 4.5 0 0 0 6-5.2l-2.8 2.8-2.6-.7-.7-2.6Z" />
  ),
  chart: <path d="M4.5 4.5v15h15M8.5 16v-4M12.5 16V8M16.5 16v-6" />,
  stack: <path d="m12 4 8 4-8 4-8-4ZM4 12l8 4 8-4M4 16l8 4 8-4" />,
  snow: (
    <path d="M12 3.5v17M4.6 7.8l14.8 8.4M19.4 7.8 4.6 16.2M9.5 4.8 12 7l2.5-2.2M9.5 19.2 12 17l2.5 2.2" />
  ),
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof shapes;

/** A line drawing beside words; it says nothing that the words don't. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  );
}
