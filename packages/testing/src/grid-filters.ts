interface Size {
  readonly width: number;
  readonly height: number;
}

/** Width by height of the recordings, nearly. */
const SHAPE = 4 / 3;

/**
 * ffmpeg's filters that lay pictures out in rows and columns.
 * @returns `cell` makes one picture a cell, black around it; `join` puts all of them together and fills what is left with black.
 */
export function gridFilters(pictures: number, size: Size): { readonly cell: string; readonly join: string } {
  const columns = columnsFor(pictures, size);
  const rows = Math.ceil(pictures / columns);
  // Even, as 4:2:0 wants it; what a row of such cells lacks is added at its end.
  const [width, height] = [even(size.width / columns), even(size.height / rows)];
  const cell =
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2,` +
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`;
  const places = Array.from(
    { length: pictures },
    (_, n) => `${(n % columns) * width}_${Math.floor(n / columns) * height}`,
  );
  const stacked = pictures > 1 ? `xstack=inputs=${pictures}:fill=black:layout=${places.join('|')},` : '';
  return { cell, join: `${stacked}pad=${size.width}:${size.height}` };
}

/** The number of columns with which pictures of the recordings' shape become largest. */
function columnsFor(pictures: number, { width, height }: Size): number {
  const heightOf = (columns: number): number =>
    Math.min(width / columns / SHAPE, height / Math.ceil(pictures / columns));
  const counts = Array.from({ length: pictures }, (_, n) => n + 1);
  return counts.reduce((best, columns) => (heightOf(columns) > heightOf(best) ? columns : best), 1);
}

function even(length: number): number {
  return 2 * Math.floor(length / 2);
}
