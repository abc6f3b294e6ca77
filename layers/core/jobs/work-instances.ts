import type { JobRecord, JobResultLine, PlanLine } from '@kilat/contracts';
import { type Digest, derivedId } from '../derived-id.ts';
import { PlatformError } from '../errors.ts';
import type { BatchAnswer, InstanceBatchPredict } from '../predict-instance-batch.ts';
import { madeAt } from '../prediction-id.ts';
import { isRefusal, itemProblem } from './item-problem.ts';

export interface InstanceWorkPorts {
  readonly predictInstances: InstanceBatchPredict;
  readonly digest: Digest;
}

/** The result's lines of some rows of a plan. @param first index of the first of them */
export async function predictedLines(
  ports: InstanceWorkPorts,
  job: JobRecord,
  plan: readonly PlanLine[],
  first: number,
): Promise<JobResultLine[]> {
  const rows = plan.flatMap(({ instance, texts, problem }, at) => {
    if (problem) return [];
    const predictionId = derivedId(madeAt(job.job_id), ports.digest(`${job.job_id}#${first + at}`));
    return [{ predictionId, ...(texts ? { texts } : { instance: instance! }) }];
  });
  const answers = (await answersTo(ports, job, rows)).values();
  return plan.map(({ input, problem }, at) => {
    const index = first + at;
    return problem ? { index, input, problem } : { index, input, ...membersOf(answers.next().value!) };
  });
}

type Rows = Parameters<InstanceBatchPredict>[0]['rows'];
type Outcomes = Awaited<ReturnType<InstanceBatchPredict>>;

/** A refusal of them all is that of each. */
async function answersTo({ predictInstances }: InstanceWorkPorts, job: JobRecord, rows: Rows): Promise<Outcomes> {
  if (rows.length === 0) return [];
  try {
    return await predictInstances({
      identity: { tenantId: job.tenant_id, userId: job.user_id },
      requestId: job.request_id,
      source: 'batch',
      modelName: job.model,
      explain: job.explain ?? false,
      rows,
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return rows.map(() => error);
  }
}

function membersOf(outcome: BatchAnswer | PlatformError): Omit<JobResultLine, 'index' | 'input'> {
  if (outcome instanceof PlatformError) return { problem: itemProblem(outcome) };
  const { record, id, label, probability, segment, explanation, warnings } = outcome;
  return {
    ...(id !== undefined && { id }),
    prediction_id: record.prediction_id,
    model_version: record.model_version,
    label,
    probability,
    segment,
    ...(explanation && { explanation }),
    ...(warnings.length > 0 && { warnings: [...warnings] }),
  };
}
