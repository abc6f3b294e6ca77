import { AwsError } from './aws-json.ts';
import { assertAllowed, type Iam, type Principal, roleSession, servicePrincipal } from './iam/index.ts';
import type { JsonObject } from './json.ts';
import { LOCAL_ACCOUNT } from './service.ts';
import type { CallService } from './service-calls.ts';
import type { LocalServices } from './services.ts';
import { type Target, type TargetKind, targetKind } from './targets.ts';

type Services = Pick<LocalServices, 'lambda' | 'sqs' | 'stepfunctions'>;
type Send = (target: Target, event: unknown, caller: Principal) => Promise<void>;

/** The service that sends events, and what of the account's it sends them for: a bucket, a rule, a schedule. */
export interface EventSource {
  readonly service: 's3.amazonaws.com' | 'events.amazonaws.com' | 'scheduler.amazonaws.com';
  readonly arn: string;
}

export interface EventDeliveryPorts {
  readonly call: CallService;
  readonly iam: Iam;
}

/** Takes the events of buckets, rules and schedules to those who ask for them, once, where policies allow it. */
export class EventDelivery {
  readonly #services: Services;
  readonly #call: CallService;
  readonly #iam: Iam;
  readonly #senders: Readonly<Record<TargetKind, Send>> = {
    function: (target, event, caller) => this.#invoke(target, event, caller),
    queue: (target, event, caller) => this.#send(target, { MessageBody: JSON.stringify(event) }, caller),
    'state machine': (target, event, caller) => this.#startExecution(target, event, caller),
    'event bus': (target, event, caller) => this.#putEvent(target, event, caller),
  };

  constructor(services: Services, { call, iam }: EventDeliveryPorts) {
    this.#services = services;
    this.#call = call;
    this.#iam = iam;
  }

  /** @throws {AwsError} what the target's service refused */
  async deliver(target: Target, event: unknown, source: EventSource): Promise<void> {
    const kind = targetKind(target.Arn);
    if (!kind) throw new AwsError('ValidationException', `${target.Arn} is not emulated as a target of events`);
    await this.#senders[kind](target, event, callerOf(target, source));
  }

  /** @throws {AwsError} what SQS refused */
  sendMessage(target: Target, message: JsonObject, source: EventSource): Promise<void> {
    return this.#send(target, message, callerOf(target, source));
  }

  async #send({ Arn, SqsParameters = {} }: Target, message: JsonObject, caller: Principal): Promise<void> {
    const QueueUrl = `${this.#services.sqs.url}/${LOCAL_ACCOUNT}/${Arn.split(':').at(-1)}`;
    const input = { QueueUrl, ...SqsParameters, ...message };
    await this.#call({ service: 'sqs', operation: 'SendMessage', input }, caller);
  }

  async #invoke({ Arn }: Target, event: unknown, caller: Principal): Promise<void> {
    await this.#services.lambda.invoke(Arn, event, { type: 'Event', caller });
  }

  async #startExecution({ Arn }: Target, event: unknown, caller: Principal): Promise<void> {
    assertAllowed(this.#iam, caller, { action: 'states:StartExecution', resource: Arn }, { status: 400 });
    this.#services.stepfunctions.startExecution({ stateMachineArn: Arn, input: JSON.stringify(event) });
  }

  async #putEvent({ Arn, EventBridgeParameters }: Target, event: unknown, caller: Principal): Promise<void> {
    const entry = EventBridgeParameters
      ? { ...EventBridgeParameters, Detail: JSON.stringify(event) }
      : forwarded(event as BusEvent);
    const input = { Entries: [{ ...entry, EventBusName: Arn }] };
    await this.#call({ service: 'eventbridge', operation: 'PutEvents', input }, caller);
  }
}

/** A target with a role is called under it; any other by the service itself, as the policy at the target allows. */
const callerOf = ({ RoleArn }: Target, { service, arn }: EventSource): Principal =>
  RoleArn ? roleSession(RoleArn, service.split('.')[0]!) : servicePrincipal(service, arn);

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
