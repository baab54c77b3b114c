/** Left, top, right, bottom in pixels of the image; right and bottom are the first outside. */
export type Box = [left: number, top: number, right: number, bottom: number];

/** The box between two corners, whole pixels inside the image; nothing where it has none. */
export function between(
  [x1, y1]: [number, number],
  [x2, y2]: [number, number],
  columns: number,
  rows: number,
): Box | undefined {
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const left = Math.floor(within(Math.min(x1, x2), columns));
  const right = Math.ceil(within(Math.max(x1, x2), columns));
  const top = Math.floor(within(Math.min(y1, y2), rows));
  const bottom = Math.ceil(within(Math.max(y1, y2), rows));
  return right - left > 1 && bottom - top > 1 ? [left, top, right, bottom] : undefined;
}

/** A box as it is typed: four numbers. */
export function boxFrom(text: string, columns: number, rows: number): Box | undefined {
  const numbers = text
    .split(/[\s,;]+/)
    .filter((part) => part !== "")
    .map(Number);
  const [left, top, right, bottom] = numbers;
  if (numbers.length !== 4 || numbers.some((number) => !Number.isFinite(number))) return undefined;
  return between([left ?? 0, top ?? 0], [right ?? 0, bottom ?? 0], columns, rows);
}
