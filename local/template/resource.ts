import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { NamedResource } from './names.ts';
import type { JsonObject } from './template.ts';

/** Where the local services are reached, as far as attributes of resources tell it. */
export interface Addresses {
  readonly sqs: string;
  readonly api: string;
}

/** What others in the template see of a resource. */
export interface Identity {
  readonly physicalName: string;
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Identifiable extends NamedResource {
  /** The name that the template itself gives, in a property such as `TableName`. */
  readonly explicitName: (property: string) => string | undefined;
  readonly addresses: Addresses;
}

export type Identify = (resource: Identifiable) => Identity;

/** A resource as the template declares it, all intrinsic functions worked out. */
export interface Resource extends Identity, NamedResource {
  readonly type: string;
  readonly properties: JsonObject;
}

/** The properties of a resource in the shape that its type has; CloudFormation checked them at synthesis. */
export const propertiesOf = <T>(resource: Resource): T => resource.properties as T;

export const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
