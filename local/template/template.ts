import type { Json, JsonObject } from '../json.ts';

export { isObject, type Json, type JsonObject } from '../json.ts';

/** A CloudFormation template, as far as the local cloud reads it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly Conditions?: JsonObject;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

/** `UpdatePolicy` and its kin say how CloudFormation goes about an update; here every start applies the whole. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
}

export interface TemplateOutput {
  readonly Value: Json;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Json };
}
