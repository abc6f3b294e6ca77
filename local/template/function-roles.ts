import type { Declarations } from './declarations.ts';
import { TemplateError } from './errors.ts';
import { isOf } from './function-permissions.ts';
import type { Resource } from './resource.ts';

/** The ARN of the role that a function runs as. */
export const roleOf = (fn: Resource): string => String(fn.properties.Role);

/** @throws {TemplateError} where the template has no such function */
export function functionNamed(nameOrArn: string, declarations: Declarations): Resource {
  const fn = declarations.of('AWS::Lambda::Function').find((declared) => isOf(declared, nameOrArn));
  if (!fn) throw new TemplateError(`the template has no function ${nameOrArn}`);
  return fn;
}
