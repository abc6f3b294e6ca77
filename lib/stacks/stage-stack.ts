import { type StageOutput, stackName } from '@kilat/contracts';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

export interface StageStackProps {
  readonly stage: Stage;
}

/** A stack of one stage: its name, its place and its tags. Holds constructs, and no resource of its own. */
export abstract class StageStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage, description: string) {
    super(scope, id, {
      stackName: stackName(stage.name, id),
      description,
      env: {
        ...(stage.account ? { account: stage.account } : {}),
        ...(stage.region ? { region: stage.region } : {}),
      },
      tags: stage.tags,
      terminationProtection: stage.retainData,
    });
  }

  /** Tells the command line, and whoever deploys, something of the stage. */
  protected tell(output: StageOutput, value: string): void {
    new CfnOutput(this, output, { value });
  }
}
