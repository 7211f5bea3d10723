import { inferenceSettings } from '@styleflow/inference';
import { parseEnv } from '@styleflow/runtime';
import { type StoreSettings, storeSettings } from '@styleflow/storage';

/** Where clips and data sets lie, and on what style codes are computed. @throws SettingsError naming each wrong one */
export function readEnv() {
  const { STYLEFLOW_STORE: store, ...rest } = storeSettings;
  const { STYLEFLOW_EXECUTION_PROVIDERS, STYLEFLOW_THREADS } = inferenceSettings;
  const settings = { STYLEFLOW_STORE: store.optional(), ...rest, STYLEFLOW_EXECUTION_PROVIDERS, STYLEFLOW_THREADS };
  return parseEnv(settings, process.env);
}

export type DatasetSettings = ReturnType<typeof readEnv>;

/** The same settings with the store at this address: `s3://bucket/prefix` or `file:FOLDER`. @throws SettingsError */
export function storeAt(settings: DatasetSettings, address: string): StoreSettings {
  const { STYLEFLOW_STORE } = parseEnv(
    { STYLEFLOW_STORE: storeSettings.STYLEFLOW_STORE },
    { STYLEFLOW_STORE: address },
  );
  return { ...settings, STYLEFLOW_STORE };
}
