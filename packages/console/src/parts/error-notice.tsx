import { isStyleFlowError } from '@styleflow/client/browser';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { isUnreachable } from '../session/connection.js';

/** What was thrown, as a title in the person's language and the sentence that the API gave. */
export function useErrorWords(): (error: unknown) => { readonly title: string; readonly detail: string } {
  const t = useTranslations('error');
  return (error) => ({
    title: t(isStyleFlowError(error) ? error.code : 'internal'),
    detail: error instanceof Error ? error.message : String(error),
  });
}

/** An error with what StyleFlow said of it; nothing while the API cannot be reached, which the frame of the page says. */
export function ErrorNotice({ error, onAgain }: { readonly error: unknown; readonly onAgain?: () => void }) {
  const t = useTranslations('error');
  const words = useErrorWords();
  if (error === null || error === undefined || isUnreachable(error)) return null;
  const { title, detail } = words(error);
  return (
    <div className="notice bad" role="alert">
      <strong>{title}.</strong> {detail}
      {onAgain !== undefined && (
        <Button className="button small" onPress={onAgain}>
          {t('again')}
        </Button>
      )}
    </div>
  );
}
