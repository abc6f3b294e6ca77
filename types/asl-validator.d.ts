/** asl-validator 4 ships no types; this is the part that we use. */
declare module 'asl-validator' {
  interface Validation {
    readonly isValid: boolean;
    readonly errors: readonly { readonly Message: string }[];
    errorsText(separator?: string): string;
  }

  /** Sets `QueryLanguage` in every state of the definition that it is given. */
  // biome-ignore lint/style/noDefaultExport: a CommonJS module has no other export
  export default function validate(
    definition: object,
    options?: { readonly checkPaths: boolean; readonly checkArn: boolean },
  ): Validation;
}
