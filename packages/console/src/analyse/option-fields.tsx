import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { Choice } from '../parts/choice.js';
import { useAccess } from '../session/server-data.js';
import { type Choices, COMBINES, OTHERS_MAX, SCOPES, withOther } from './job-options.js';

interface OptionFieldsProps {
  readonly choices: Choices;
  readonly onChange: (choices: Choices) => void;
}

/** What may be chosen for a job, each with what it means and costs. */
export function OptionFields({ choices, onChange }: OptionFieldsProps) {
  const t = useTranslations('options');
  const { client } = useAccess();
  const models = useQuery({ queryKey: ['models'], queryFn: () => client.models() });
  const set = (changed: Partial<Choices>): void => onChange({ ...choices, ...changed });
  const standard = models.data?.default ?? null;
  const all = models.data?.models ?? [];
  const bundles = all.map(({ id }) => [id, id] as const);
  const first = all.find(({ id }) => id === (choices.bundle === '' ? standard : choices.bundle));
  // Two names of the same weights are one opinion.
  const others = all.filter(({ digest }) => digest !== first?.digest);
  return (
    <div className="options">
      <RadioSet
        legend={t('scope')}
        value={choices.scope}
        options={SCOPES.map((scope) => [scope, t(scope), t(`${scope}Hint`)])}
        onChange={(scope) => set({ scope })}
      />
      <RadioSet
        legend={t('faces')}
        value={choices.faces}
        options={(['all', 'primary'] as const).map((faces) => [faces, t(faces), t(`${faces}Hint`)])}
        onChange={(faces) => set({ faces })}
      />
      <div className="stack">
        <Check
          label={t('dense')}
          hint={t('denseHint')}
          isOn={choices.isDense}
          onChange={(isDense) => set({ isDense })}
        />
        <Check
          label={t('stability')}
          hint={t('stabilityHint')}
          isOn={choices.checksStability}
          onChange={(checksStability) => set({ checksStability })}
        />
        <Check
          label={t('keepCrops')}
          hint={t('keepCropsHint')}
          isOn={choices.keepsCrops}
          onChange={(keepsCrops) => set({ keepsCrops })}
        />
        <Check
          label={t('keepPreview')}
          hint={t('keepPreviewHint')}
          isOn={choices.keepsPreview}
          onChange={(keepsPreview) => set({ keepsPreview })}
        />
        <Check
          label={t('keepSource')}
          hint={t('keepSourceHint')}
          isOn={choices.keepsSource}
          onChange={(keepsSource) => set({ keepsSource })}
        />
      </div>
      <div className="stack">
        <Choice
          label={t('model')}
          value={choices.bundle}
          options={[['', standard === null ? t('noModel') : t('defaultModel', { id: standard })], ...bundles]}
          // What was chosen beside another model may be this one.
          onChange={(bundle) => set({ bundle, others: [] })}
        />
        <Choice
          label={t('priority')}
          value={String(choices.priority)}
          options={Array.from({ length: 10 }, (_, n) => [String(n), String(n)] as const)}
          onChange={(priority) => set({ priority: Number(priority) })}
        />
        <p className="soft hint">{t('priorityHint')}</p>
      </div>
      {first !== undefined && others.length > 0 && (
        <fieldset className="stack">
          <legend>{t('others')}</legend>
          <p className="soft hint">{t('othersHint')}</p>
          {others.map(({ id, trained, workers }) => (
            <Check
              key={id}
              label={id}
              hint={[trained ? null : t('otherUntrained'), workers > 0 ? null : t('otherUnserved')]
                .filter((each) => each !== null)
                .join(' ')}
              isOn={choices.others.includes(id)}
              isDisabled={choices.others.length >= OTHERS_MAX && !choices.others.includes(id)}
              onChange={(isOn) => onChange(withOther(choices, id, isOn, standard))}
            />
          ))}
        </fieldset>
      )}
      {choices.others.length > 0 && (
        <RadioSet
          legend={t('combine')}
          value={choices.combine}
          options={COMBINES.map((rule) => [rule, t(`combine_${rule}`), t(`combine_${rule}Hint`)])}
          onChange={(combine) => set({ combine })}
        />
      )}
    </div>
  );
}

interface RadioSetProps<T extends string> {
  readonly legend: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string, hint: string])[];
  readonly onChange: (value: T) => void;
}

function RadioSet<T extends string>({ legend, value, options, onChange }: RadioSetProps<T>) {
  const name = useId();
  return (
    <fieldset className="stack">
      <legend>{legend}</legend>
      {options.map(([each, text, hint]) => (
        <label key={each} className="tick">
          <input type="radio" name={name} checked={value === each} onChange={() => onChange(each)} />
          <span>
            {text}
            <span className="soft hint">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Check({ label, hint, isOn, isDisabled = false, onChange }: CheckProps) {
  return (
    <label className="tick">
      <input type="checkbox" checked={isOn} disabled={isDisabled} onChange={({ target }) => onChange(target.checked)} />
      <span>
        {label}
        {hint !== '' && <span className="soft hint">{hint}</span>}
      </span>
    </label>
  );
}
