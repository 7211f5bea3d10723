import { Component, type ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';

interface PartGuardProps {
  readonly children: ReactNode;
}

/**
 * Keeps the frame, and what is under way, when a page fails to show: its file may be gone since the API was replaced, or out of reach. Without
 * it React takes the whole page away. Give it a `key` of what it shows, so that another page begins anew.
 */
export class PartGuard extends Component<PartGuardProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const t = useTranslations('connection');
  return (
    <div className="notice bad" role="alert">
      {t('partMissing')}{' '}
      <Button className="button small" onPress={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </div>
  );
}
