import { LocalCloudError } from '../errors.ts';

/** What is wrong with the template, or with what it asks of the local cloud. */
export class TemplateError extends LocalCloudError {
  override readonly name: string = 'TemplateError';
}

/** The template holds something that has no counterpart here: it would exist on AWS and be missing locally. */
export class NotEmulatedError extends TemplateError {
  override readonly name: string = 'NotEmulatedError';
}

/** A property changed that no update can bring about here: the resource, and its data with it, would have to go. */
export class ReplacementError extends TemplateError {
  override readonly name: string = 'ReplacementError';

  constructor(resource: { readonly logicalId: string; readonly physicalName: string }, change: string) {
    super(
      `${resource.logicalId} (${resource.physicalName}) cannot be updated in place: ${change}; ` +
        'take the change back, or start with --fresh, which forgets the local data',
    );
  }
}
