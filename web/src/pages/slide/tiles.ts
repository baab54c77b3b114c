/** The slide as OpenSeadragon reads it: levels of any size, tiles the server gives or makes. */

import OpenSeadragon from "openseadragon";
import { tileUrl, type Layer, type Level, type Slide, type SlideAddress } from "./slides";

const NOTHING: Level = { columns: 1, rows: 1, tileColumns: 1, tileRows: 1, made: false };

export function tileSource(at: SlideAddress, slide: Slide, layer: Layer): OpenSeadragon.TileSource {
  const { levels } = slide;
  const finest = levels.at(-1) ?? NOTHING;
  const level = (index: number): Level => levels[Math.min(Math.max(index, 0), levels.length - 1)] ?? finest;
  const count = (index: number) => {
    const { columns, rows, tileColumns, tileRows } = level(index);
    return new OpenSeadragon.Point(Math.ceil(columns / tileColumns), Math.ceil(rows / tileRows));
  };
  const source = new OpenSeadragon.TileSource({
    width: finest.columns,
    height: finest.rows,
    tileSize: finest.tileColumns,
    tileOverlap: 0,
    minLevel: 0,
    maxLevel: levels.length - 1,
  });
  return Object.assign(source, {
    getLevelScale: (index: number) => level(index).columns / finest.columns,
    getTileWidth: (index: number) => level(index).tileColumns,
    getTileHeight: (index: number) => level(index).tileRows,
    getNumTiles: count,
    tileExists: (index: number, column: number, row: number) => {
      const { x, y } = count(index);
      return index >= 0 && index < levels.length && column >= 0 && row >= 0 && column < x && row < y;
    },
    getTileUrl: (index: number, column: number, row: number) => tileUrl(at, layer, index, column, row),
  });
}
