import { parseEnv } from '@styleflow/runtime';
import { storeSettings } from '@styleflow/storage';

/** The store in which jobs keep their clips. @throws SettingsError naming each wrong variable */
export function readEnv() {
  return parseEnv(storeSettings, process.env);
}
