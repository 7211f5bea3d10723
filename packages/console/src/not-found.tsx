import { useTranslations } from 'use-intl';
import { PageTitle } from './parts/page-title.js';

/** For an address that names no page. */
export function NotFound() {
  const t = useTranslations('app');
  return (
    <>
      <PageTitle title={t('notFound')} />
      <p>{t('notFoundText')}</p>
    </>
  );
}
