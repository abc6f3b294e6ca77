import { AwsError } from './aws-json.ts';
import type { JsonObject } from './json.ts';
import { LOCAL_ACCOUNT } from './service.ts';
import type { CallService } from './service-calls.ts';
import type { LocalServices } from './services.ts';
import { type Target, type TargetKind, targetKind } from './targets.ts';

type Services = Pick<LocalServices, 'lambda' | 'sqs' | 'stepfunctions'>;
type Send = (target: Target, event: unknown) => Promise<void>;

/** Takes the events of buckets, rules and schedules to those who ask for them, once. */
export class EventDelivery {
  readonly #services: Services;
  readonly #call: CallService;
  readonly #senders: Readonly<Record<TargetKind, Send>> = {
    function: (target, event) => this.#invoke(target, event),
    queue: (target, event) => this.sendMessage(target, { MessageBody: JSON.stringify(event) }),
    'state machine': (target, event) => this.#startExecution(target, event),
    'event bus': (target, event) => this.#putEvent(target, event),
  };

  constructor(services: Services, call: CallService) {
    this.#services = services;
    this.#call = call;
  }

  /** @throws {AwsError} what the target's service refused */
  async deliver(target: Target, event: unknown): Promise<void> {
    const kind = targetKind(target.Arn);
    if (!kind) throw new AwsError('ValidationException', `${target.Arn} is not emulated as a target of events`);
    await this.#senders[kind](target, event);
  }

  /** @throws {AwsError} what SQS refused */
  async sendMessage({ Arn, RoleArn = '', SqsParameters = {} }: Target, message: JsonObject): Promise<void> {
    const QueueUrl = `${this.#services.sqs.url}/${LOCAL_ACCOUNT}/${Arn.split(':').at(-1)}`;
    const input = { QueueUrl, ...SqsParameters, ...message };
    await this.#call({ service: 'sqs', operation: 'SendMessage', input, roleArn: RoleArn });
  }

  async #invoke({ Arn }: Target, event: unknown): Promise<void> {
    await this.#services.lambda.invoke(Arn, event, { type: 'Event' });
  }

  async #startExecution({ Arn }: Target, event: unknown): Promise<void> {
    this.#services.stepfunctions.startExecution({ stateMachineArn: Arn, input: JSON.stringify(event) });
  }

  async #putEvent({ Arn, RoleArn = '', EventBridgeParameters }: Target, event: unknown): Promise<void> {
    const entry = EventBridgeParameters
      ? { ...EventBridgeParameters, Detail: JSON.stringify(event) }
      : forwarded(event as BusEvent);
    const input = { Entries: [{ ...entry, EventBusName: Arn }] };
    await this.#call({ service: 'eventbridge', operation: 'PutEvents', input, roleArn: RoleArn });
  }
}

interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** An event of one bus on its way to another; what a schedule sends gets its source and type from the target. */
const forwarded = ({ source, 'detail-type': type, resources, detail }: BusEvent): JsonObject => ({
  Source: source,
  DetailType: type,
  Detail: JSON.stringify(detail),
  Resources: resources,
});
