import { limits, type ModelManifest, type Verdict, type VerifyRequest } from '@kilat/contracts';
import { type LoadedModel, runTensorCase } from '../tasks/image-classification/index.ts';

export interface VerifyPorts {
  /** @throws {WeightsUnreadableError} when they cannot be fetched, or are longer than allowed */
  readonly fetchWeights: (url: string, maxBytes: number) => Promise<Uint8Array>;
  /** @returns why a file is no model that may be run: what it would need beside itself, operators of its own */
  readonly inspect: (weights: Uint8Array) => readonly string[];
  /** @throws {Error} when onnxruntime refuses the file, or it has another signature */
  readonly open: (manifest: ModelManifest, weights: Uint8Array) => Promise<LoadedModel>;
  readonly sha256: (bytes: Uint8Array) => string;
}

export class WeightsUnreadableError extends Error {
  override readonly name = 'WeightsUnreadableError';
}

/** Runs a candidate for registration: everything that can be wrong with it is a reason, and nothing is thrown. */
export async function verifyCandidate(ports: VerifyPorts, request: VerifyRequest): Promise<Verdict> {
  try {
    const weights = await ports.fetchWeights(request.weights_url, limits.registry.maxWeightsBytes);
    const reasons = [...ports.inspect(weights)];
    if (reasons.length === 0) reasons.push(...(await failedCases(ports, request, weights)));
    if (reasons.length > 0) return { accepted: false, reasons };
    return { accepted: true, sha256: ports.sha256(weights), bytes: weights.length };
  } catch (error) {
    return { accepted: false, reasons: [reasonOf(error)] };
  }
}

async function failedCases(
  { open }: VerifyPorts,
  { manifest, golden }: VerifyRequest,
  weights: Uint8Array,
): Promise<string[]> {
  const model = await open(manifest, weights);
  const reasons: string[] = [];
  for (const [index, expected] of golden.tensor_cases.entries()) {
    const { deviation } = await runTensorCase(model, expected);
    if (deviation <= golden.tensor_tolerance) continue;
    reasons.push(`golden case ${index} is ${deviation} off; ${golden.tensor_tolerance} is allowed`);
  }
  return reasons;
}

/** What onnxruntime says is said after our own words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
