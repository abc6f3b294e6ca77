/** Condition keys with their values, as AWS spells them. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** What a call to a service asks for, in the terms of a policy. A call may ask for several things. */
export interface AccessRequest {
  /** As policies spell it, such as `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resource. */
  readonly resource: string;
  /** The condition keys that the service fills for this call. */
  readonly context?: Context | undefined;
  readonly resourcePolicy?: ResourcePolicy | undefined;
}

/** A policy that stands at a resource, which may be the whole of what is asked for: a bucket's speaks of its objects. */
export interface ResourcePolicy {
  /** The ARN of the resource. */
  readonly holder: string;
  readonly json: string;
}
