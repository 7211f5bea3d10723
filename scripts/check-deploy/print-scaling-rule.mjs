import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { renderChart } from './render-chart.mjs';

/** Prints, as JSON, KEDA's object for the GPU workers as the chart's defaults render it. */
const { manifests } = await renderChart(await installDeployTools(), ROOT);
const rule = manifests.find(
  ({ values, json }) => values === 'small.yaml' && json.kind === 'ScaledObject' && json.metadata.name.includes('-gpu-'),
);
if (rule === undefined) throw new Error('the chart renders no rule for GPU workers');
process.stdout.write(JSON.stringify(rule.json.spec));
