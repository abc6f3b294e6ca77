/** asl-validator 4 ships no types; this is the part that we use. */
declare module 'asl-validator' {
  export interface StateMachineError {
    readonly 'Error code': string;
    readonly Message: string;
  }

  /** Writes the default query language into the states of the definition. */
  // biome-ignore lint/style/noDefaultExport: a CommonJS module has no other export
  export default function validate(definition: object): { readonly errors: readonly StateMachineError[] };
}
