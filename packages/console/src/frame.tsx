import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { type Language, language, type Theme, theme } from './app/appearance.js';
import { type Store, useStore } from './app/store.js';
import { Choice } from './parts/choice.js';
import { type Connection, sleepWasSeen, versionWasSeen } from './session/connection.js';
import { signOut } from './session/session.js';

interface FrameProps {
  readonly isOpen: boolean;
  readonly isAdmin: boolean;
  readonly hasKey: boolean;
  readonly connection: Store<Connection>;
  readonly isSending: Store<boolean>;
  readonly children: ReactNode;
}

const PLACES = [
  ['/', 'analyse'],
  ['/jobs', 'jobs'],
  ['/batches', 'batches'],
  ['/models', 'models'],
  ['/system', 'system'],
] as const;

/** What stands around every page: the way to the others, how the connection is, language and colours. */
export function Frame({ isOpen, isAdmin, hasKey, connection, isSending, children }: FrameProps) {
  const t = useTranslations('app');
  const [path] = useLocation();
  const places = PLACES.filter(([, name]) => name !== 'system' || isAdmin);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a link to a place in the page, for those without a mouse */}
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          // The place in the address belongs to the router.
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {t('skip')}
      </a>
      <header className="top">
        <span className="brand">StyleFlow</span>
        {isOpen && (
          <nav aria-label={t('places')}>
            {places.map(([to, name]) => {
              const isHere = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
              return (
                <Link key={to} href={to} aria-current={isHere ? 'page' : undefined}>
                  {t(name)}
                </Link>
              );
            })}
          </nav>
        )}
      </header>
      <ConnectionNotice connection={connection} isSending={isSending} />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer className="bottom">
        <Preferences />
        {isOpen && hasKey && (
          <Button className="button small" onPress={signOut}>
            {t('signOut')}
          </Button>
        )}
        <span className="soft">StyleFlow {CONSOLE_VERSION}</span>
      </footer>
    </>
  );
}

function Preferences() {
  const t = useTranslations('app');
  const languages = [
    ['en', 'English'],
    ['de', 'Deutsch'],
  ] as const satisfies readonly (readonly [Language, string])[];
  const themes = [
    ['system', t('themeSystem')],
    ['light', t('themeLight')],
    ['dark', t('themeDark')],
  ] as const satisfies readonly (readonly [Theme, string])[];
  return (
    <>
      <Choice label={t('language')} value={useStore(language)} options={languages} onChange={language.set} />
      <Choice label={t('theme')} value={useStore(theme)} options={themes} onChange={theme.set} />
    </>
  );
}

function ConnectionNotice({ connection, isSending }: Pick<FrameProps, 'connection' | 'isSending'>) {
  const t = useTranslations('connection');
  const { state, slept, otherVersion, versionWasSeen: isSeen } = useStore(connection);
  const mustWait = useStore(isSending);
  return (
    <div role="status" aria-live="polite">
      {state === 'lost' && <p className="notice bad">{t('lost')}</p>}
      {state === 'back' && <p className="notice good">{t('back')}</p>}
      {slept && (
        <p className="notice">
          {t('slept')}{' '}
          <Button className="button small" onPress={sleepWasSeen}>
            {t('close')}
          </Button>
        </p>
      )}
      {otherVersion !== null && !isSeen && (
        <p className="notice warn">
          {otherVersion === '' ? t('replaced') : t('otherVersion', { version: otherVersion, own: CONSOLE_VERSION })}{' '}
          {mustWait ? t('sendingFirst') : t('draftsStay')}{' '}
          <Button className="button small" onPress={() => window.location.reload()}>
            {t('reload')}
          </Button>{' '}
          <Button className="button small" onPress={versionWasSeen}>
            {t('close')}
          </Button>
        </p>
      )}
    </div>
  );
}
