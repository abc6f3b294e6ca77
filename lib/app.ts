import { join } from 'node:path';
import { App, CrossStackReferences, ReferenceStrength } from 'aws-cdk-lib';
import type { Bundle } from './bundle/index.ts';
import type { ProjectBundle } from './bundle/project.ts';
import { addChecks } from './checks/index.ts';
import { context, root } from './repository.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { DeliveryStack } from './stacks/delivery-stack.ts';
import { IdentityStack } from './stacks/identity-stack.ts';
import { InferenceStack } from './stacks/inference-stack.ts';
import { JobsStack } from './stacks/jobs-stack.ts';
import { StorageStack } from './stacks/storage-stack.ts';
import { TrainingStack } from './stacks/training-stack.ts';
import type { Stage } from './stage.ts';

export interface ComposeOptions {
  readonly stage: Stage;
  /** Where the templates are written. @default cdk.out, or what the CDK's command line asks for */
  readonly outdir?: string;
  /** Checks the templates against CloudFormation's schemas and cdk-nag's rules, in about 2 s. @default true */
  readonly validate?: boolean;
}

export class UnknownDefaultModelError extends Error {
  override readonly name = 'UnknownDefaultModelError';
  readonly model: string;

  constructor(model: string, models: readonly string[], modelsDir: string) {
    super(`default model '${model}' is not in ${modelsDir} with its weights; there is ${models.join(', ') || 'none'}`);
    this.model = model;
  }
}

/**
 * The whole of Kilat, ready for `synth()`.
 * @throws {UnknownDefaultModelError}
 */
export function buildApp(options: ComposeOptions, { folders, models, modelsDir }: ProjectBundle): App {
  const { defaultModel } = options.stage;
  if (!models.includes(defaultModel)) throw new UnknownDefaultModelError(defaultModel, models, modelsDir);
  return composeApp(options, folders);
}

/** Six stacks, the stateful ones apart, deployed in this order; and one that lets workflows do so, where the stage asks. */
export function composeApp({ stage, outdir, validate = true }: ComposeOptions, folders: Bundle['folders']): App {
  const app = newApp(outdir, validate);
  const storage = new StorageStack(app, 'Storage', { stage });
  const { users } = new IdentityStack(app, 'Identity', { stage, folders });
  const { predict, verify } = new InferenceStack(app, 'Inference', { stage, folders, storage });
  const { jobs, events } = new JobsStack(app, 'Jobs', { stage, folders, storage });
  const { training } = new TrainingStack(app, 'Training', { stage, folders, storage, events });
  new ApiStack(app, 'Api', { stage, folders, predict, verify, jobs, training, storage, users });
  if (stage.delivery) new DeliveryStack(app, 'Delivery', { stage, delivery: stage.delivery });
  // CloudFormation refuses to remove a store that others import. A function may be replaced under those that call it.
  for (const { lambda } of [predict, verify, jobs, training]) {
    CrossStackReferences.of(lambda).produce(ReferenceStrength.WEAK);
  }
  return app;
}

function newApp(outdir = process.env.CDK_OUTDIR ?? join(root, 'cdk.out'), validate: boolean): App {
  const app = new App({
    outdir,
    context,
    analyticsReporting: false,
    builtinCloudFormationValidation: validate,
  });
  if (validate) addChecks(app);
  return app;
}
