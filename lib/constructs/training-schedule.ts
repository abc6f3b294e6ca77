import { trainingScheduleSchema } from '@kilat/contracts';
import { Duration, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { KilatFunction } from './kilat-function.ts';

export interface TrainingScheduleProps {
  readonly training: Stage['training'];
  /** starts the runs */
  readonly starter: KilatFunction<'training'>;
}

/** Has models trained anew by the calendar, each for the tenants that have trained it before. */
export class TrainingSchedule extends Construct {
  constructor(scope: Construct, id: string, { training, starter }: TrainingScheduleProps) {
    super(scope, id);
    if (training.schedule === undefined) return;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    starter.grantInvoke(role);
    for (const model of training.models) {
      new Schedule(this, model, {
        description: `Trains ${model} anew`,
        schedule: ScheduleExpression.expression(training.schedule, TimeZone.ETC_UTC),
        target: new LambdaInvoke(starter.lambda, {
          role: role.withoutPolicyUpdates(), // or it would be allowed every version of the function
          input: ScheduleTargetInput.fromObject(trainingScheduleSchema.parse({ schedule: 'training', model })),
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
        }),
      });
    }
  }
}
