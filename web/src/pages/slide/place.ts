/** Where one looks, as it stands in the address: magnification against the whole, and the middle. */

export interface Place {
  /** 1 shows the whole width. */
  zoom: number;
  /** The middle of the view, in parts of the slide's width. */
  x: number;
  y: number;
}

export function placeFrom(query: URLSearchParams): Place | undefined {
  const [zoom, x, y] = ["zoom", "x", "y"].map((name) => Number.parseFloat(query.get(name) ?? ""));
  const all = [zoom, x, y].every((value) => value !== undefined && Number.isFinite(value));
  return all && (zoom ?? 0) > 0 ? { zoom: zoom ?? 1, x: x ?? 0, y: y ?? 0 } : undefined;
}

export function placeIn(place: Place): URLSearchParams {
  const digits = (value: number) => String(Number(value.toPrecision(6)));
  return new URLSearchParams({ zoom: digits(place.zoom), x: digits(place.x), y: digits(place.y) });
}
