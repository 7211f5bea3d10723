import { inspectCheckpoint } from '@styleflow/checkpoints';
import type { Command } from 'commander';

const TENSORS_SHOWN = 20;

/** `styleflow models inspect`. */
export function addModelsInspect(models: Command): void {
  models
    .command('inspect')
    .argument('<file>', 'a PyTorch or safetensors checkpoint')
    .description('what a checkpoint is, its tensors, and which role it can fill; nothing of it is executed')
    .option('--json', 'answer as JSON on stdout')
    .action(inspect);
}

async function inspect(path: string, { json }: { json?: true }): Promise<void> {
  const report = await inspectCheckpoint(path);
  if (json === true) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const { file, format, wrapping, beside, role, looksLike, unreadable, parameters, tensors } = report;
  const rows = tensors
    .slice(0, TENSORS_SHOWN)
    .map(({ name, type, shape }) => `  ${name}  ${type} [${shape.join(', ')}]`);
  const lines = [
    `${file}: ${format}, ${tensors.length} tensors, ${parameters} parameters`,
    `role:     ${role === undefined ? `none that is known${looksLike ? `: it looks like ${looksLike}` : ''}` : role.role}`,
    ...(role ? [`prefix:   ${role.prefix || 'none'}${role.styleAttention ? ' (with the style attention)' : ''}`] : []),
    `wrapping: ${wrapping.length === 0 ? 'none' : wrapping.join(', ')}`,
    `beside:   ${beside.length === 0 ? 'nothing' : beside.join(', ')}`,
    ...Object.entries(unreadable).map(([name, what]) => `  ${name}  not readable: ${what}`),
    ...rows,
    ...(tensors.length > TENSORS_SHOWN ? [`  and ${tensors.length - TENSORS_SHOWN} more: --json lists all`] : []),
  ];
  // Names come from the file, so codes are removed that would steer the terminal.
  process.stdout.write(`${lines.map((line) => line.replace(/\p{Cc}/gu, '?')).join('\n')}\n`);
}
