/** How far back the rate looks, in ms. */
const SPAN = 5_000;

/** Bytes per second over the last few seconds. */
export class Rate {
  private marks: { at: number; bytes: number }[] = [];
  private began: number | undefined;

  add(bytes: number, now: number): void {
    this.began ??= now;
    const last = this.marks.at(-1);
    // Marks of a quarter second keep the list short however many small files there are.
    if (last !== undefined && now - last.at < 250) last.bytes += bytes;
    else this.marks.push({ at: now, bytes });
    this.marks = this.marks.filter((mark) => now - mark.at <= SPAN);
  }

  perSecond(now: number): number {
    if (this.began === undefined) return 0;
    const recent = this.marks.filter((mark) => now - mark.at <= SPAN);
    const bytes = recent.reduce((sum, mark) => sum + mark.bytes, 0);
    return (bytes * 1000) / Math.max(250, Math.min(SPAN, now - this.began));
  }
}
