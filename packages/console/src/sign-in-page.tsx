import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslations } from 'use-intl';
import { useStore } from './app/store.js';
import { PageTitle } from './parts/page-title.js';
import { openSession, session } from './session/session.js';

/** Asks for a key, and says why. */
export function SignInPage() {
  const t = useTranslations('session');
  const now = useStore(session);
  const [key, setKey] = useState('');
  const [isOpening, setOpening] = useState(false);
  if (now.state === 'opening') return <p className="soft">{t('opening')}</p>;
  if (now.state === 'unreachable') {
    return (
      <p className="notice bad" role="alert">
        {t('unreachable')}
      </p>
    );
  }
  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setOpening(true);
    await openSession(key.trim(), true);
    setOpening(false);
  };
  const reason = now.state === 'locked' ? now.reason : 'missing';
  return (
    <>
      <PageTitle title={t('title')} />
      <form className="card narrow stack" onSubmit={(event) => void enter(event)}>
        <p role={reason === 'missing' ? undefined : 'alert'} className={reason === 'missing' ? '' : 'notice bad'}>
          {t(reason)}
        </p>
        <TextField
          className="field"
          type="password"
          value={key}
          onChange={setKey}
          isRequired
          autoFocus
          autoComplete="off"
        >
          <Label>{t('key')}</Label>
          <Input />
        </TextField>
        <p className="soft">{t('hint')}</p>
        <Button className="button primary" type="submit" isDisabled={isOpening || key.trim() === ''}>
          {t('enter')}
        </Button>
      </form>
    </>
  );
}
