/** Three beams meeting in one point. */
export function Logo() {
  return (
    <div className="logo">
      <svg width="24" height="24" viewBox="0 0 32 32" fill="none" aria-hidden="true">
        <g stroke="var(--accent)" strokeWidth="2.2" strokeLinecap="round">
          <circle cx="16" cy="16" r="9.5" />
          <path d="M16 2.5v8M16 21.5v8M2.5 16h8M21.5 16h8" />
        </g>
        <circle cx="16" cy="16" r="2.6" fill="var(--warn)" />
      </svg>
      <span className="logo-word">Isocenter</span>
    </div>
  );
}
