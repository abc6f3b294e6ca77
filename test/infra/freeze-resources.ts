import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frozenFrom } from '../support/cloudformation/frozen-resources.ts';
import { aStage, declaredStacks } from '../support/synth.ts';

/** `npm run freeze`: accepts what `frozen-resources.test.ts` says a deployment would replace. */
const file = join(import.meta.dirname, 'frozen-resources.json');
writeFileSync(file, `${JSON.stringify(frozenFrom(declaredStacks(aStage('production'))), undefined, 2)}\n`);
