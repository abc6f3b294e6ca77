import { createRequire } from 'node:module';
import { literalText, substitute } from './literal-text.ts';
import { type Finding, isObject, type JsonObject, membersOf, type Template, type Value } from './template.ts';

/**
 * The definition of every state machine is valid Amazon States Language, and in JSONPath throughout: the local cloud's
 * interpreter passes over JSONata without a word.
 */
export function checkStateMachines({ Resources = {} }: Template): Finding[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine')
    .flatMap(([logicalId, { Properties = {} }]) =>
      faultsOf(Properties).map((message) => ({ rule: 'state-machine', logicalId, path: 'Properties', message })),
    );
}

function faultsOf(properties: JsonObject): string[] {
  const definition = definitionOf(properties);
  if (!isObject(definition)) return [definition];
  return [...otherLanguagesIn({ path: 'definition', value: definition }), ...errorsIn(definition)];
}

/** @returns a sentence where there is none */
function definitionOf({ DefinitionString, Definition, DefinitionSubstitutions }: JsonObject): JsonObject | string {
  const text = literalText(DefinitionString) ?? JSON.stringify(Definition, withText);
  if (typeof text !== 'string') return 'the definition is not in the template, where it could be checked';
  const values = isObject(DefinitionSubstitutions) ? DefinitionSubstitutions : {};
  try {
    const definition = JSON.parse(substitute(text, (name) => literalText(values[name])));
    return isObject(definition) ? definition : 'the definition is no object';
  } catch (error) {
    return `the definition is no JSON: ${(error as Error).message}`;
  }
}

/** Turns intrinsic functions into the text that they stand for. */
const withText = (_: string, value: unknown) => (isObject(value) ? (literalText(value) ?? value) : value);

const otherLanguagesIn = (found: Value): string[] =>
  membersOf(found).flatMap((member) =>
    member.path.endsWith('.QueryLanguage') && member.value !== 'JSONPath'
      ? [`${member.path} is ${JSON.stringify(member.value)}; expected JSONPath`]
      : otherLanguagesIn(member),
  );

function errorsIn(definition: JsonObject): string[] {
  // Loaded where there is something to look at: it brings three parsers.
  const validate = createRequire(import.meta.url)('asl-validator') as typeof import('asl-validator').default;
  return validate(structuredClone(definition)).errors.map(({ Message }) => Message.trim());
}
