import { existsSync, readFileSync } from 'node:fs';
import { type TableSchema, tableSchema } from '@kilat/contracts';
import { binaryLabels, type LabelledRows, type Row, rowFromText } from '@kilat/core/learning';
import { sharedPath } from './shared-data.ts';

/** IBM's Telco customer churn, 7043 rows: see data/telco of the shared folder. */
const file = sharedPath('data/telco/Telco-Customer-Churn.csv');

export const hasTelco = existsSync(file);

if (!hasTelco) console.warn(`skipped what needs the Telco table: there is no ${file}`);

const numeric = new Set(['MonthlyCharges', 'TotalCharges']);

export interface Telco extends LabelledRows {
  readonly schema: TableSchema;
}

/** The table's rows; no field of it is quoted. Its TotalCharges is blank for 11 customers of tenure 0. */
export function readTelco(): Telco {
  const [header, ...lines] = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const texts = lines.map((cells) => Object.fromEntries(header!.map((name, i) => [name, cells[i]!])));
  const schema = telcoSchema(header!, texts);
  const rows: Row[] = texts.map((text) => rowFromText(schema, text));
  return { schema, rows, labels: binaryLabels(schema.target, rows) };
}

function telcoSchema(header: readonly string[], texts: readonly Record<string, string>[]): TableSchema {
  const features = header.filter((name) => name !== 'customerID' && name !== 'Churn');
  return tableSchema.parse({
    columns: features.map((name) => {
      if (name === 'tenure') return { name, type: 'integer', minimum: 0 };
      if (name === 'SeniorCitizen') return { name, type: 'boolean' };
      if (numeric.has(name)) return { name, type: 'numeric', minimum: 0, nullable: name === 'TotalCharges' };
      return { name, type: 'categorical', categories: [...new Set(texts.map((text) => text[name]!))].sort() };
    }),
    target: { column: 'Churn', classes: ['No', 'Yes'], positive_class: 'Yes' },
    id_column: 'customerID',
    protected_columns: ['gender', 'SeniorCitizen'],
  });
}
