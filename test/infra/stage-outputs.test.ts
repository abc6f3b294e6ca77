import { stageOutputs } from '@kilat/contracts';
import { expect, it } from 'vitest';
import { aStage, synthesised, type Templates } from '../support/synth.ts';

const templates = synthesised(aStage('staging'));

it.each(Object.entries(stageOutputs))('tells %s in the stack %s', (output, stack) => {
  const template = templates[stack.toLowerCase() as keyof Templates];

  expect(Object.keys(template.findOutputs('*'))).toContain(output);
});
