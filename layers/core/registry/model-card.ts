import type { Lineage, Metric, VersionRecord } from '@kilat/contracts';

/** The model card of a version, in Markdown, made of what the registry knows: sections as Mitchell et al. (2019) name them. */
export function modelCard({ manifest, lineage, registered_at, registered_by, notes }: VersionRecord): string {
  const { name, version, task, description, licence, weights, signature, labels } = manifest;
  return [
    `# ${name}, version ${version}`,
    description,
    ...(notes ? [notes] : []),
    '## Model details',
    table([
      ['task', `${task}, ${labels.length} labels`],
      ['licence', licence],
      ['registered', `${registered_at} by ${registered_by}`],
      ['weights', `\`${weights.file}\`, ${weights.bytes} bytes`],
      ['sha256', `\`${weights.sha256}\``],
      ...lineageRows(lineage),
    ]),
    '## Input and output',
    [...signature.inputs.map(told('input')), ...signature.outputs.map(told('output'))].join('\n'),
    ...(lineage.metrics ? ['## Metrics', metricsTable(lineage.metrics)] : []),
    ...(lineage.parameters ? ['## Parameters', fenced(lineage.parameters)] : []),
  ].join('\n\n');
}

const told =
  (side: string) =>
  ({ name, datatype, shape }: { name: string; datatype: string; shape: readonly number[] }): string =>
    `- ${side} \`${name}\`: ${datatype} [${shape.join(', ')}]`;

function lineageRows(lineage: Lineage): [string, string][] {
  const rows: [string, string | number | undefined][] = [
    ['origin', lineage.origin],
    ['training run', lineage.run_id],
    ['made from version', lineage.parent_version],
    ['dataset', lineage.dataset_sha256 && `\`${lineage.dataset_sha256}\`, ${lineage.dataset_rows} rows`],
    ['corrections by users', lineage.feedback_count],
    ['code', lineage.code_revision && `\`${lineage.code_revision}\``],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
}

const table = (rows: readonly (readonly [string, string])[]): string =>
  ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');

const metricsTable = (metrics: Readonly<Record<string, Metric>>): string =>
  [
    '| metric | value | 95 % interval |',
    '| --- | --- | --- |',
    ...Object.entries(metrics).map(
      ([name, { value, low, high }]) =>
        `| ${name} | ${figure(value)} | ${low === undefined ? '' : `${figure(low)} to ${figure(high!)}`} |`,
    ),
  ].join('\n');

const figure = (value: number): string => String(Number(value.toPrecision(4)));

const fenced = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;
