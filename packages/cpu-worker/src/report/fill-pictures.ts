import { NAMED_PICTURE } from './picture-names.js';
import type { ReportInput } from './report-input.js';

/** What a picture is that was deleted while the page was made: one transparent pixel. */
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

/** The page with its pictures in place of their names, piece by piece; one picture is in memory at a time. */
export async function* fillPictures(
  page: string,
  { clipPicture, framePicture }: Pick<ReportInput, 'clipPicture' | 'framePicture'>,
): AsyncGenerator<string> {
  let from = 0;
  for (const match of page.matchAll(NAMED_PICTURE)) {
    const [whole, before = '', kind, first, second] = match;
    yield page.slice(from, match.index) + before;
    from = match.index + whole.length;
    const picture =
      kind === 'clip'
        ? await clipPicture({ track: Number(first), clip: Number(second) })
        : await framePicture(Number(first));
    const type = kind === 'clip' ? 'image/png' : 'image/jpeg';
    yield picture ? `data:${type};base64,${picture.toString('base64')}` : NOTHING;
  }
  yield page.slice(from);
}
