/** How much of something is done. */
export function Progress({ label, value, of }: { label: string; value: number; of: number }) {
  const part = of === 0 ? 0 : Math.min(1, value / of);
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(value, of)}
    >
      <div style={{ transform: `scaleX(${part})` }} />
    </div>
  );
}
