import { queueSettings } from '@styleflow/queue';
import { parseEnv, processSettings } from '@styleflow/runtime';
import { storeSettings } from '@styleflow/storage';

/** The settings of the processes that it looks after. @throws SettingsError naming each wrong one */
export function readEnv() {
  return parseEnv({ ...processSettings, ...queueSettings, ...storeSettings }, process.env);
}
