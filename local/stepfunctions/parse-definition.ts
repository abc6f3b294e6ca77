import validate from 'asl-validator';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Definition } from './definition.ts';
import { invalidDefinition } from './refusals.ts';
import { integrations, TOKEN_INTEGRATIONS } from './tasks/integrations.ts';
import { integrationName, parseResource, waitsForToken } from './tasks/resource.ts';

/**
 * @throws {AwsError} InvalidDefinition, for what is valid on AWS and not emulated too
 */
export function parseDefinition(text: string): Definition {
  const definition = parseJson(text);
  assertEmulated(definition, 'the state machine'); // before the validator, which writes the query language into it
  const { isValid, errorsText } = validate(structuredClone(definition), { checkPaths: true, checkArn: true });
  if (!isValid) throw invalidDefinition(errorsText('; '));
  return definition as unknown as Definition;
}

function parseJson(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {}
  throw invalidDefinition('INVALID_JSON_DESCRIPTION: the definition is not a JSON object');
}

/** Fields of the language that would change what happens, with what they are. */
const NOT_EMULATED: Readonly<Record<string, string>> = {
  Assign: 'variables',
  Arguments: 'JSONata',
  Output: 'JSONata',
  Condition: 'JSONata',
  Items: 'JSONata',
  ItemReader: 'items from S3',
  ItemBatcher: 'batches of items',
  ResultWriter: 'results in S3',
  ToleratedFailureCount: 'tolerated failures, which inline maps have not',
  ToleratedFailureCountPath: 'tolerated failures, which inline maps have not',
  ToleratedFailurePercentage: 'tolerated failures, which inline maps have not',
  ToleratedFailurePercentagePath: 'tolerated failures, which inline maps have not',
  Credentials: 'tasks under another role',
};

function assertEmulated(machine: JsonObject, where: string): void {
  assertJsonPath(machine, where);
  for (const [name, state] of Object.entries(isObject(machine.States) ? machine.States : {})) {
    if (isObject(state)) assertStateEmulated(name, state);
  }
}

function assertStateEmulated(name: string, state: JsonObject): void {
  assertJsonPath(state, name);
  const field = Object.keys(state).find((key) => Object.hasOwn(NOT_EMULATED, key));
  if (field) throw notEmulated(name, `${field} (${NOT_EMULATED[field]})`);
  if (state.Type === 'Task') assertTaskEmulated(name, String(state.Resource));
  const processor = state.ItemProcessor ?? state.Iterator;
  for (const inner of [processor, ...(Array.isArray(state.Branches) ? state.Branches : [])]) {
    if (isObject(inner)) assertEmulated(inner, name);
  }
}

function assertJsonPath({ QueryLanguage, ProcessorConfig }: JsonObject, where: string): void {
  if (QueryLanguage !== undefined && QueryLanguage !== 'JSONPath') throw notEmulated(where, `${QueryLanguage}`);
  if (isObject(ProcessorConfig) && ProcessorConfig.Mode === 'DISTRIBUTED')
    throw notEmulated(where, 'a distributed map');
}

/** SageMaker is refused only when a task comes to run: until then the rest of the machine can be tried out. */
function assertTaskEmulated(name: string, arn: string): void {
  const resource = parseResource(arn);
  if (resource?.kind === 'function' || resource?.service === 'sagemaker') return;
  const emulated = resource && waitsForToken(resource) ? TOKEN_INTEGRATIONS : Object.keys(integrations);
  if (resource && emulated.includes(integrationName(resource))) return;
  throw notEmulated(name, `the resource ${arn}; functions and ${emulated.join(', ')} are emulated`);
}

const notEmulated = (where: string, what: string) =>
  invalidDefinition(`${where}: the local cloud does not emulate ${what}`);
