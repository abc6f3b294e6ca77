import { describe, expect, it } from 'vitest';
import { stageNames } from '../../lib/stage.ts';
import { SimulatedAccount } from '../support/cloudformation/account.ts';
import { type DeclaredStack, inOrder } from '../support/cloudformation/stack.ts';
import { aStage, declaredStacks } from '../support/synth.ts';

const first = <T>(ready: readonly T[]) => ready[0]!;
const last = <T>(ready: readonly T[]) => ready.at(-1)!;

function deployAll(account: SimulatedAccount, stacks: readonly DeclaredStack[]): SimulatedAccount {
  for (const stack of stacks) account.deploy(stack);
  return account;
}

const deployed = (stacks: readonly DeclaredStack[]) => deployAll(new SimulatedAccount(), stacks);

function destroyAll(account: SimulatedAccount, stacks: readonly DeclaredStack[]): string[] {
  return stacks.toReversed().flatMap(({ name }) => {
    account.liftTerminationProtection(name);
    return account.destroy(name);
  });
}

const exportsOf = ({ template }: DeclaredStack) =>
  Object.values(template.Outputs ?? {}).flatMap(({ Export }) => (Export ? [Export.Name as string] : []));

const imports = (stack: DeclaredStack, name: string) =>
  JSON.stringify(stack.template).includes(JSON.stringify({ 'Fn::ImportValue': name }));

/** The stack as it would be if it had never used, or offered, the export. */
function without(stack: DeclaredStack, name: string): DeclaredStack {
  const text = JSON.stringify(stack.template);
  const template = JSON.parse(text.replaceAll(JSON.stringify({ 'Fn::ImportValue': name }), '"no longer"'));
  const outputs = Object.entries(stack.template.Outputs ?? {}).filter(([, { Export }]) => Export?.Name !== name);
  return { ...stack, template: { ...template, Outputs: Object.fromEntries(outputs) } };
}

describe.each(stageNames)('the stacks of %s', (name) => {
  const stacks = inOrder(declaredStacks(aStage(name)), first);

  it.each([
    ['the first', first],
    ['the last', last],
  ])('are created and destroyed, whichever of those that may goes next: %s', (_, choose) => {
    const ordered = inOrder(stacks, choose);

    const account = deployed(ordered);

    expect(() => destroyAll(account, ordered)).not.toThrow();
  });

  it('are created again beside what stayed of them', () => {
    const account = deployed(stacks);
    destroyAll(account, stacks);

    expect(() => deployAll(account, stacks)).not.toThrow();
  });

  it('are each updated alone, and replace nothing that did not change', () => {
    const account = deployed(stacks);
    const [storage] = stacks;
    const bucket = Object.keys(storage!.template.Resources)[0]!;
    const before = account.resource(storage!.name, bucket)!.physicalId;

    for (const stack of stacks.toReversed()) account.deploy(stack);

    expect(account.resource(storage!.name, bucket)!.physicalId).toBe(before);
  });

  it('keep every export while a stack imports it, and give it up once none does', () => {
    for (const writer of stacks) {
      for (const name of exportsOf(writer)) {
        const account = deployed(stacks);
        const readers = stacks.filter((stack) => imports(stack, name));
        const withdraw = () => account.deploy(without(writer, name));

        expect(withdraw).toThrow(`${writer.name}: the export ${name} cannot go or change`);
        for (const reader of readers) account.deploy(without(reader, name));
        expect(withdraw).not.toThrow();
      }
    }
  });

  it('outlive no stack that still imports from them', () => {
    for (const writer of stacks.filter((stack) => exportsOf(stack).length > 0)) {
      const account = deployed(stacks);
      account.liftTerminationProtection(writer.name);

      expect(() => account.destroy(writer.name)).toThrow('cannot go or change while');
    }
  });
});

const typesLeft = (stage: string) => {
  const stacks = declaredStacks(aStage(stage));
  const types = new Map(stacks.flatMap(({ template }) => Object.entries(template.Resources)));
  return [...new Set(destroyAll(deployed(stacks), stacks).map((logicalId) => types.get(logicalId)!.Type))].sort();
};

it.each(['local', 'staging'])('leaves nothing behind of %s', (stage) => {
  expect(typesLeft(stage)).toEqual([]);
});

it('leaves behind what production keeps', () => {
  expect(typesLeft('production')).toEqual([
    'AWS::Cognito::UserPool',
    'AWS::DynamoDB::GlobalTable',
    'AWS::Logs::LogGroup',
    'AWS::S3::Bucket',
  ]);
});

it('destroys no stack of production while it is protected', () => {
  const stacks = declaredStacks(aStage('production'));
  const account = deployed(stacks);

  for (const { name } of stacks) expect(() => account.destroy(name)).toThrow(/protected from termination/);
});
