import { sha256Of } from '@kilat/adapters/model-folder';
import { openOnnxModel } from '@kilat/adapters/onnx-model';
import { fetchWeights } from '@kilat/adapters/weights-link';
import { type Verdict, verifyRequestSchema } from '@kilat/contracts';
import { reasonsAgainst, verifyCandidate } from '@kilat/core';
import { observe, readEnv } from '@kilat/lambda';

readEnv('verify');
const { logger } = observe('verify');
const ports = { fetchWeights, inspect: reasonsAgainst, open: openOnnxModel, sha256: sha256Of };

/** Runs what a tenant wants to register, in a function whose role may do nothing at all. */
export async function handler(event: unknown): Promise<Verdict> {
  const request = verifyRequestSchema.parse(event);
  const verdict = await verifyCandidate(ports, request);
  const { name, version } = request.manifest;
  logger.info('candidate verified', { model: name, model_version: version, ...verdict });
  return verdict;
}
