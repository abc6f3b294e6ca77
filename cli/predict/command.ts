import { modelNameSchema, predictQuerySchema } from '@kilat/contracts';
import { Command } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { reasonOf, UsageError } from '../errors.ts';
import { filesOf } from '../files.ts';
import { as, linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { counter } from '../output/progress-bar.ts';
import { table } from '../output/table.ts';
import { complain, run, untilInterrupted } from '../run.ts';
import { type AnsweredFile, type PredictedFile, predictFiles, problemOf } from './predict.ts';
import { isRowsFile, predictRows, rowCells } from './rows.ts';

const help = `
Examples:
  kilat predict models/signs/examples/three.jpg
  kilat predict photos/ 'more/**/*.png' --model signs --top-k 3
  curl -s https://example.com/three.jpg | kilat predict --json -
  kilat predict models/churn/examples/customers.csv --model churn --explain --json

Exit codes: 0 every file was answered, 1 some were not, 2 wrong usage, 130 stopped with Ctrl-C.`;

interface PredictOptions extends ConnectionOptions {
  readonly model?: string;
  readonly topK?: number;
  readonly explain?: true;
  readonly json?: true;
}

/** `kilat predict`: asks the API about photos of this machine. */
export const predictCommand = (): Command =>
  withConnection(new Command('predict'))
    .description('classify photos of this machine, or predict rows of a table')
    .argument('<files...>', 'photos, folders of photos, patterns; - for stdin; or one .csv, .ndjson or .json of rows')
    .option('--model <name>', "which model; the stage's default where absent", as(modelNameSchema))
    .option('--top-k <number>', 'how many labels; the table shows the first', as(predictQuerySchema.shape.top_k))
    .option('--explain', 'of rows: say why each got its probability; see it with --json')
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((words: string[], options: PredictOptions) =>
      run(() =>
        untilInterrupted(
          (signal) => predict(words, options, signal),
          () => 'stopped',
        ),
      ),
    );

async function predict(words: readonly string[], options: PredictOptions, signal: AbortSignal): Promise<boolean> {
  if (words.some(isRowsFile)) return rows(words, options, apiClient(connect(options), signal));
  const files = filesOf(words);
  const api = apiClient(connect(options), signal);
  const progress = counter('predicting', files.length);
  const answered: AnsweredFile[] = [];
  for await (const outcome of predictFiles(api, files, { model: options.model, top_k: options.topK })) {
    if (!('error' in outcome)) answered.push(outcome);
    progress.add('error' in outcome);
    if (options.json) progress.aside(() => printLine(documentOf(outcome)));
    else if ('error' in outcome) complain(`${outcome.file}: ${reasonOf(outcome.error)}`);
  }
  if (!options.json && answered.length > 0) progress.aside(() => console.log(asTable(answered)));
  return answered.length === files.length;
}

/** Of a file of rows all are answered, or one tells what is wrong. */
async function rows(words: readonly string[], { model, explain, json }: PredictOptions, api: Api): Promise<boolean> {
  const [file, another] = words;
  if (another !== undefined) throw new UsageError('expected photos, or one file of rows');
  const query = { model, explain: explain ? 'true' : 'false' } as const;
  const lines = [['ID', 'LABEL', 'PROBABILITY', 'SEGMENT']];
  for await (const { predictions, warnings } of predictRows(api, file!, query)) {
    for (const { index, column, detail } of warnings) complain(`row ${index + 1}, ${column}: ${detail}`);
    if (json) for (const prediction of predictions) printLine(prediction);
    else lines.push(...predictions.map(rowCells));
  }
  if (!json) console.log(table(lines));
  return true;
}

const documentOf = (outcome: PredictedFile) =>
  'error' in outcome ? { file: outcome.file, problem: problemOf(outcome.error) } : outcome;

const asTable = (answered: readonly AnsweredFile[]): string =>
  table([
    ['FILE', 'LABEL', 'CONFIDENCE', 'MS'],
    ...answered.map(({ file, predictions: [best], latency_ms }) => [
      file,
      best!.label,
      best!.confidence.toFixed(3),
      latency_ms.total.toFixed(1),
    ]),
  ]);
