/** A template as JSON, as far as checks look at its shape. */
export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Finding {
  readonly rule: string;
  readonly logicalId: string;
  /** of the fault within the resource, such as `Properties.PolicyDocument.Statement.0` */
  readonly path: string;
  readonly message: string;
}

/** Looks through a template for one kind of fault. */
export type TemplateCheck = (template: Template) => Finding[];

export interface Value {
  readonly path: string;
  readonly value: unknown;
}

/** What lies directly in a list or an object. */
export const membersOf = ({ path, value }: Value): Value[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(([key, member]) => ({ path: `${path}.${key}`, value: member }))
    : [];
