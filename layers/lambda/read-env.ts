import { type FunctionEnv, type FunctionName, functionEnv, lambdaEnvSchema } from '@kilat/contracts';

export class InvalidEnvironmentError extends Error {
  override readonly name = 'InvalidEnvironmentError';
}

/**
 * The environment of a function, checked when its execution environment starts.
 * @throws {InvalidEnvironmentError} naming every variable that is missing or wrong
 */
export function readEnv<N extends FunctionName>(name: N, env: NodeJS.ProcessEnv = process.env): FunctionEnv<N> {
  const parsed = functionEnv[name].extend(lambdaEnvSchema.shape).safeParse(env);
  if (parsed.success) return parsed.data as FunctionEnv<N>;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new InvalidEnvironmentError(`the environment of '${name}' is incomplete: ${faults.join('; ')}`);
}
