import type { Clock } from '../service.ts';
import { assertName, assertStateMachineArn, nameIn, stateMachineArn } from './names.ts';
import { parseDefinition } from './parse-definition.ts';
import { stateMachineAlreadyExists, stateMachineDoesNotExist } from './refusals.ts';
import type { StateMachine, StateMachineStore } from './state-machine-store.ts';

export type NewStateMachine = Pick<StateMachine, 'name' | 'definition' | 'roleArn'>;

export class StateMachines {
  readonly #store: StateMachineStore;
  readonly #now: Clock;

  constructor(store: StateMachineStore, now: Clock) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Brings a machine about as it is given; executions that run keep what they were started with.
   * @throws {AwsError} InvalidName, InvalidDefinition
   */
  ensure({ name, definition, roleArn }: NewStateMachine): void {
    assertName(name);
    parseDefinition(definition);
    const nowMs = this.#now();
    const createdAtMs = this.#store.find(name)?.createdAtMs ?? nowMs;
    this.#store.save({ name, definition, roleArn, createdAtMs, updatedAtMs: nowMs });
  }

  /**
   * @returns the one that is there, where it is the same
   * @throws {AwsError} InvalidName, InvalidDefinition, StateMachineAlreadyExists
   */
  create(machine: NewStateMachine): StateMachine {
    const existing = this.#store.find(assertName(machine.name));
    if (!existing) this.ensure(machine);
    else if (existing.definition !== machine.definition || existing.roleArn !== machine.roleArn) {
      throw stateMachineAlreadyExists(stateMachineArn(machine.name));
    }
    return this.#store.find(machine.name)!;
  }

  /** @throws {AwsError} InvalidArn, StateMachineDoesNotExist */
  get(arn: string): StateMachine {
    const machine = this.#store.find(nameIn(assertStateMachineArn(arn)));
    if (!machine || stateMachineArn(machine.name) !== arn) throw stateMachineDoesNotExist(arn);
    return machine;
  }

  after(name: string, limit: number): StateMachine[] {
    return this.#store.after(name, limit);
  }
}
