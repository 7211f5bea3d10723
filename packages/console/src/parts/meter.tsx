import { ProgressBar } from 'react-aria-components/ProgressBar';

/** How far something has come, 0 to 100; null while nobody knows. */
export function Meter({ label, percent }: { readonly label: string; readonly percent: number | null }) {
  return (
    <ProgressBar className="meter" aria-label={label} value={percent ?? 0} isIndeterminate={percent === null}>
      {({ percentage }) => (
        <span className={percent === null ? 'fill unknown' : 'fill'} style={{ inlineSize: `${percentage ?? 30}%` }} />
      )}
    </ProgressBar>
  );
}
