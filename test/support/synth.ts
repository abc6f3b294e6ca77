import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FunctionName, functionEnv, type ImageManifest } from '@kilat/contracts';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type ComposeOptions, composeApp } from '../../lib/app.ts';
import type { Bundle } from '../../lib/bundle/index.ts';
import { parseStage, readStage, type Stage } from '../../lib/stage.ts';
import { type DeclaredStack, stacksOf } from './cloudformation/stack.ts';

export interface Templates {
  readonly storage: Template;
  readonly identity: Template;
  readonly inference: Template;
  readonly jobs: Template;
  readonly training: Template;
  readonly api: Template;
}

/** Runs `use` with a folder that is gone afterwards, where no test is running that could own one. */
export function inScratch<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'kilat-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A stage as it stands in the settings, with what matters to the test changed. */
export const aStage = (name: string, changes: Partial<Stage> = {}): Stage =>
  parseStage({ ...readStage(name), ...changes });

/** The stacks around functions that hold nothing; all that is written lies in `folder`. */
export function anApp(folder: string, options: Partial<ComposeOptions> = {}): App {
  const code = join(folder, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'Dockerfile'), 'FROM scratch');
  const folders = Object.fromEntries(Object.keys(functionEnv).map((name) => [name, code])) as Bundle['folders'];
  return composeApp(
    { stage: aStage('staging'), outdir: join(folder, 'cdk.out'), validate: false, ...options },
    folders,
  );
}

export function synthesised(stage: Stage): Templates {
  return inScratch((folder) => {
    const assembly = anApp(folder, { stage }).synth();
    const templateOf = (id: string) => Template.fromJSON(assembly.getStackArtifact(id).template);
    return {
      storage: templateOf('Storage'),
      identity: templateOf('Identity'),
      inference: templateOf('Inference'),
      jobs: templateOf('Jobs'),
      training: templateOf('Training'),
      api: templateOf('Api'),
    };
  });
}

/** The stacks of a stage as the assembly declares them. */
export const declaredStacks = (stage: Stage): DeclaredStack[] =>
  inScratch((folder) => stacksOf(anApp(folder, { stage }).synth()));

export interface ModelStandIn {
  readonly name: string;
  /** as the name, unless told */
  readonly folder?: string;
  /** absent: the weights were not pulled */
  readonly weights?: string | undefined;
  readonly statedBytes?: number;
}

/** Writes a model's folder: a manifest that is in order, and weights that no session could open. */
export function writeModel(modelsDir: string, model: ModelStandIn): void {
  const { name, weights, statedBytes } = { weights: '0123456789', statedBytes: 10, ...model };
  const folder = join(modelsDir, model.folder ?? name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.json'), JSON.stringify(aManifest(name, statedBytes)));
  if (weights !== undefined) writeFileSync(join(folder, 'weights.onnx'), weights);
}

const aManifest = (name: string, bytes: number) =>
  ({
    name,
    version: '1',
    task: 'image-classification',
    description: 'a stand-in',
    licence: 'MIT',
    source: {},
    weights: { file: 'weights.onnx', sha256: 'a'.repeat(64), bytes, urls: [] },
    signature: {
      inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 3, 8, 8] }],
      outputs: [{ name: 'output', datatype: 'FP32', shape: [-1, 2] }],
    },
    preprocessing: { size: { height: 8, width: 8 } },
    postprocessing: { function_to_apply: 'softmax', output: 'output' },
    labels: ['left', 'right'],
  }) satisfies Record<keyof Omit<ImageManifest, 'metrics' | 'reference'>, unknown>;

/** Where each function stands: the stack, and how its logical ids begin. */
const places: Record<FunctionName, readonly [keyof Templates, string]> = {
  predict: ['inference', 'Predict'],
  jobs: ['jobs', 'Jobs'],
  'job-control': ['jobs', 'JobControl'],
  batch: ['jobs', 'Batch'],
  verify: ['inference', 'Verify'],
  train: ['training', 'Train'],
  training: ['training', 'Training'],
  history: ['api', 'History'],
  models: ['api', 'Models'],
  runs: ['api', 'Runs'],
  usage: ['api', 'Usage'],
  platform: ['api', 'Platform'],
  'pre-token': ['identity', 'PreToken'],
};

interface FunctionProperties {
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly Timeout: number;
  readonly ImageConfig?: { readonly Command: readonly string[] };
  readonly Code: unknown;
}

export function functionOf(templates: Templates, name: FunctionName): FunctionProperties {
  const [stack, prefix] = places[name];
  const found = Object.entries(templates[stack].findResources('AWS::Lambda::Function'));
  return found.find(([id]) => id.startsWith(`${prefix}Function`))![1].Properties;
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

export function statementsOf(templates: Templates, name: FunctionName): Statement[] {
  const [stack, prefix] = places[name];
  const found = Object.entries(templates[stack].findResources('AWS::IAM::Policy'));
  return found.find(([id]) => id.startsWith(`${prefix}Role`))![1].Properties.PolicyDocument.Statement;
}
