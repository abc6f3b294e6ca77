import {
  type ArtefactFile,
  artefactsOf,
  limits,
  type ModelManifest,
  type Verdict,
  type VerifyRequest,
} from '@kilat/contracts';
import { type ArtefactFiles, faultOf, type LoadedModel, runGoldenCases } from '../tasks/index.ts';

export interface VerifyPorts {
  /** @throws {WeightsUnreadableError} when they cannot be fetched, or are longer than allowed */
  readonly fetchWeights: (url: string, maxBytes: number) => Promise<Uint8Array>;
  /** @returns why a file is no model that may be run: what it would need beside itself, operators of its own */
  readonly inspect: (weights: Uint8Array) => readonly string[];
  /** @throws {Error} when onnxruntime refuses the file, or it has another signature */
  readonly open: (manifest: ModelManifest, weights: Uint8Array, files: ArtefactFiles) => Promise<LoadedModel>;
  readonly sha256: (bytes: Uint8Array) => string;
}

export class WeightsUnreadableError extends Error {
  override readonly name = 'WeightsUnreadableError';
}

/** Runs a candidate for registration: everything that can be wrong with it is a reason, and nothing is thrown. */
export async function verifyCandidate(ports: VerifyPorts, request: VerifyRequest): Promise<Verdict> {
  try {
    const weights = await ports.fetchWeights(request.weights_url, limits.registry.maxWeightsBytes);
    const fault = faultOf(request.manifest);
    const reasons = [...(fault ? [fault] : []), ...ports.inspect(weights)];
    if (reasons.length === 0) reasons.push(...(await failedCases(ports, request, weights)));
    if (reasons.length > 0) return { accepted: false, reasons };
    return { accepted: true, sha256: ports.sha256(weights), bytes: weights.length };
  } catch (error) {
    return { accepted: false, reasons: [reasonOf(error)] };
  }
}

async function failedCases(ports: VerifyPorts, request: VerifyRequest, weights: Uint8Array): Promise<string[]> {
  const { manifest, golden } = request;
  const model = await ports.open(manifest, weights, await fetchArtefacts(ports, request));
  const results = await runGoldenCases(model, golden);
  return results
    .filter(({ deviation, tolerance }) => !(deviation <= tolerance))
    .map(({ name, deviation, tolerance }) => `golden case '${name}' is ${deviation} off; ${tolerance} is allowed`);
}

/** Unlike the weights', their hashes are the manifest's word, which has to be true. */
async function fetchArtefacts(ports: VerifyPorts, { manifest, file_urls }: VerifyRequest): Promise<ArtefactFiles> {
  const fetched = async ({ file, sha256 }: ArtefactFile): Promise<[string, Uint8Array]> => {
    const url = file_urls[file];
    if (!url) throw new WeightsUnreadableError(`its file '${file}' was not uploaded`);
    const bytes = await ports.fetchWeights(url, limits.registry.maxArtefactBytes);
    const found = ports.sha256(bytes);
    if (found === sha256) return [file, bytes];
    throw new WeightsUnreadableError(`its file '${file}' has the sha256 ${found}; its manifest says ${sha256}`);
  };
  return new Map(await Promise.all(artefactsOf(manifest).map(fetched)));
}

/** What onnxruntime says is said after our own words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
