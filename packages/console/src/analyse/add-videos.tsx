import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { useTranslations } from 'use-intl';
import { useStore } from '../app/store.js';
import { urlsDraft } from './drafts.js';
import { filesOfChoice, filesOfDrop } from './dropped-files.js';
import { readUrls } from './read-urls.js';
import type { Submission } from './submissions.js';

interface AddVideosProps {
  readonly onAdd: (contents: readonly Submission['content'][]) => void;
}

/** Where videos are dropped, chosen or named by their addresses. */
export function AddVideos({ onAdd }: AddVideosProps) {
  const t = useTranslations('analyse');
  const [told, setTold] = useState('');
  const add = ({ files, skipped }: { files: readonly File[]; skipped: number }): void => {
    onAdd(files.map((file) => ({ file })));
    setTold(skipped > 0 ? t('skipped', { count: skipped }) : files.length === 0 ? t('nothingFound') : '');
  };
  return (
    <div className="two">
      <DropZone className="drop" onDrop={async ({ items }) => add(await filesOfDrop(items))}>
        <Text slot="label" className="drop-label">
          {t('drop')}
        </Text>
        <span className="row center">
          <FileTrigger allowsMultiple onSelect={(list) => add(filesOfChoice(list, false))}>
            <Button className="button primary">{t('choose')}</Button>
          </FileTrigger>
          <FileTrigger acceptDirectory onSelect={(list) => add(filesOfChoice(list, true))}>
            <Button className="button">{t('chooseFolder')}</Button>
          </FileTrigger>
        </span>
        <span className="soft">{t('dropHint')}</span>
        <span role="status">{told}</span>
      </DropZone>
      <AddUrls onAdd={onAdd} />
    </div>
  );
}

function AddUrls({ onAdd }: AddVideosProps) {
  const t = useTranslations('analyse');
  const text = useStore(urlsDraft);
  const { urls, wrong } = readUrls(text);
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(urls.map((url) => ({ url })));
        // What is no address stays to be mended.
        urlsDraft.set(wrong.join('\n'));
      }}
    >
      <TextField className="field" value={text} onChange={urlsDraft.set}>
        <Label>{t('urls')}</Label>
        <TextArea rows={4} spellCheck={false} placeholder="https://example.org/video.mp4" />
        <Text slot="description" className="soft hint">
          {wrong.length > 0
            ? t('badUrls', { count: wrong.length, first: (wrong[0] ?? '').slice(0, 60) })
            : t('urlsHint')}
        </Text>
      </TextField>
      <Button className="button primary" type="submit" isDisabled={urls.length === 0}>
        {t('submitUrls', { count: urls.length })}
      </Button>
    </form>
  );
}
