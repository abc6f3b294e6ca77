import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { ZipFunction } from '../../lib/constructs/zip-function.ts';
import { aStage } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function aFunction() {
  const app = new App({ outdir: temporaryFolder(), context: { 'aws:cdk:disable-asset-staging': true } });
  return new ZipFunction(new Stack(app, 'Stack'), 'Function', {
    name: 'history',
    folder: import.meta.dirname,
    stage: aStage('staging'),
    description: 'a function',
  });
}

describe('a function', () => {
  it('that is not told all its schema asks for fails at synthesis, by name', () => {
    const history = aFunction();

    expect(() => App.of(history)!.synth()).toThrow("function 'history' is not told HISTORY_TABLE");
  });

  it('is told each value once', () => {
    const history = aFunction().use('HISTORY_TABLE', 'first-table');

    expect(() => history.use('HISTORY_TABLE', 'second-table')).toThrow(
      "function 'history' was told HISTORY_TABLE before",
    );
  });

  it('is told no value that its handler would refuse', () => {
    const history = aFunction();

    expect(() => history.use('HISTORY_TABLE', 'ab')).toThrow("function 'history', HISTORY_TABLE: Too small");
  });

  it('is told nothing that its schema does not know', () => {
    const history = aFunction();

    // @ts-expect-error history has no such variable
    expect(() => history.use('CAPTURE_QUEUE_URL', 'https://example.com')).toThrow('CAPTURE_QUEUE_URL');
  });
});
