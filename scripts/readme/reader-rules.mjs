/**
 * How a reader of the README gives one of its commands.
 * @typedef {object} Rule
 * @property {RegExp} command
 * @property {'runs' | 'serves' | 'slow' | 'skipped'} how to its end · until it says `ready`, then on until the reader has done ·
 *   to its end, when asked for · never here
 * @property {string} [why] it is skipped
 * @property {readonly number[]} [exits] codes that are right; 0 unless given
 * @property {RegExp} [says] what its output holds, both of its streams
 * @property {RegExp} [ready] what it says when it serves
 * @property {boolean} [repeats] given again until it says so: a poll
 */

/** @type {readonly Rule[]} */
export const RULES = [
  { command: /^npm run demo$/, how: 'runs', says: /^verdict: inconclusive [\s\S]*^report: \S+report\.html$/m },
  { command: /^npm start$/, how: 'serves', ready: /StyleFlow is ready at/ },
  { command: /models inspect content\.pth$/, how: 'runs', says: /content/ },
  { command: /models import .*--out bundles\/\w+$/, how: 'runs', says: /bundles\/\w+/ },
  // It finds what the imports before it wrote.
  { command: /models list$/, how: 'runs', says: /(?=[\s\S]*bundles\/styleflow\n)[\s\S]*bundles\/half\n/ },
  { command: /models verify FOLDER( --record)?$/, how: 'runs' },
  {
    command: /styleflow -- analyze .*--out results$/,
    how: 'runs',
    says: /report: \S*results\/[\s\S]*report: \S*results\//,
  },
  { command: /^curl -F video=@video\.mp4 /, how: 'runs', says: /"status":"queued"/ },
  { command: /^curl -H 'content-type: application\/json' .*"source"/, how: 'runs', says: /"status":"queued"/ },
  { command: /^curl -H 'Prefer: wait=30' /, how: 'runs', says: /"status":"succeeded"/, repeats: true },
  { command: /JOB_ID\/result$/, how: 'runs', says: /"verdict":/ },
  { command: /JOB_ID\/report -o report\.html$/, how: 'runs' },
  { command: /batch submit films\/ --dry-run$/, how: 'runs', says: /accepted: 2 items, 0 faults/ },
  { command: /batch submit manifest\.csv$/, how: 'runs', says: /bat_\w{26} running/ },
  { command: /batch results BATCH --follow .*--out results\.csv$/, how: 'runs' },
  { command: /^curl -X POST \S+\/predict /, how: 'runs', says: /"df_probability":/ },
  { command: /^curl -X GET \S+\/healthcheck$/, how: 'runs', says: /"healthy":true/ },
  { command: /^docker compose /, how: 'skipped', why: 'it needs Docker' },
  // Without a card it says so, and what to do instead.
  { command: /^styleflow gpu-worker --all$/, how: 'runs', exits: [0, 1, 2], says: /card/ },
  { command: /^npm test -- scoring$/, how: 'runs', says: /\d+ passed, 0 failed/ },
  { command: /^npm run dev$/, how: 'serves', ready: /passed|watching|waiting/i },
  { command: /^npm run fix$/, how: 'runs' },
  { command: /^npm run check$/, how: 'runs' },
  { command: /^npm test$/, how: 'slow' },
  { command: /^npm run bench -- /, how: 'slow' },
];

/**
 * @param {string} command
 * @returns {Rule | undefined}
 */
export const ruleOf = (command) => RULES.find((rule) => rule.command.test(command));
