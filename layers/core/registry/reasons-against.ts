import { inspectModel, UnreadableOnnxModelError } from '../onnx/index.ts';

/** Operators that onnxruntime brings along beside ONNX's own: quantised models have some. */
const runtimeDomains: ReadonlySet<string> = new Set(['com.microsoft', 'com.microsoft.nchwc']);

/**
 * Looks at a file before anything runs it.
 * @returns why it is no model that may be run; none where it is
 */
export function reasonsAgainst(weights: Uint8Array): string[] {
  try {
    const { hasExternalData, customDomains } = inspectModel(weights);
    const foreign = customDomains.filter((domain) => !runtimeDomains.has(domain));
    return [
      ...(hasExternalData ? ['it keeps values in another file, which nobody may have opened here'] : []),
      ...(foreign.length > 0 ? [`it uses operators of ${foreign.join(', ')}, which onnxruntime does not have`] : []),
    ];
  } catch (error) {
    if (error instanceof UnreadableOnnxModelError) return [error.message];
    throw error;
  }
}
