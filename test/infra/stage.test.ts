import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { chosenStage, InvalidStageError, parseStage, readStage, UnknownStageError } from '../../lib/stage.ts';

describe('a stage', () => {
  it('is staging unless another is asked for', () => {
    expect(chosenStage({})).toBe('staging');
  });

  it('is chosen by the environment', () => {
    expect(chosenStage({ KILAT_STAGE: 'local' })).toBe('local');
  });

  it('is chosen by the command line before the environment', () => {
    const env = { KILAT_STAGE: 'local', CDK_CONTEXT_JSON: '{"stage":"production"}' };

    expect(chosenStage(env)).toBe('production');
  });

  it('that does not exist is refused with the names of those that do', () => {
    expect(() => readStage('prod')).toThrow("stage 'prod' is not known; expected one of local, staging, production");
  });

  it('cannot be named after what every object inherits', () => {
    expect(() => readStage('constructor')).toThrow(UnknownStageError);
  });

  it('keeps its data in production alone', () => {
    const kept = ['local', 'staging', 'production'].filter((name) => readStage(name).retainData);

    expect(kept).toEqual(['production']);
  });
});

describe('a setting', () => {
  const staging = readStage('staging');

  it('outside its range is refused with its name, its value and the range', () => {
    expect(() => parseStage({ ...staging, inferenceMemoryMiB: 99_999 })).toThrow(
      "stage 'staging' has wrong settings: inferenceMemoryMiB is 99999: Too big: expected number to be <=10240",
    );
  });

  it('longer than the gateway waits is refused', () => {
    expect(() => parseStage({ ...staging, inferenceTimeoutSeconds: 30 })).toThrow(InvalidStageError);
  });

  it('that no log group could have is refused with those it could', () => {
    const retention = 2 as RetentionDays;

    expect(() => parseStage({ ...staging, logRetentionDays: retention })).toThrow(
      /logRetentionDays is 2: Invalid option: expected one of 1\|3\|5\|7\|/,
    );
  });

  it('that lets every origin in is refused', () => {
    expect(() => parseStage({ ...staging, corsOrigins: ['https://*.example.com'] })).toThrow(
      'corsOrigins.0 is "https://*.example.com": expected an origin without a wildcard',
    );
  });

  it('that names a rollout which CodeDeploy does not know is refused with those it does', () => {
    const rollout = { ...staging.rollout, strategy: 'Canary50Percent' as 'AllAtOnce' };

    expect(() => parseStage({ ...staging, rollout })).toThrow(
      /rollout\.strategy is "Canary50Percent": Invalid option: expected one of "AllAtOnce"\|"Canary10Percent5Minutes"\|/,
    );
  });

  it('that would let no version pass, not even one without a failure, is refused', () => {
    const rollout = { ...staging.rollout, maxFailurePercent: 0 };

    expect(() => parseStage({ ...staging, rollout })).toThrow('rollout.maxFailurePercent is 0: Too small');
  });

  it('of a default plan that there is not is refused', () => {
    const quotas = { ...staging.quotas, defaultPlan: 'gold' };

    expect(() => parseStage({ ...staging, quotas })).toThrow(
      'quotas.defaultPlan is "gold": expected one of the plans free, pro',
    );
  });

  it('that would let nobody in is refused', () => {
    const { free } = staging.quotas.plans;
    const quotas = { defaultPlan: 'free', plans: { free: { ...free!, requestsPerMinutePerUser: 0 } } };

    expect(() => parseStage({ ...staging, quotas })).toThrow('requestsPerMinutePerUser is 0: Too small');
  });

  it('that is misspelt is refused', () => {
    const misspelt = { ...staging, logRetentionDay: RetentionDays.ONE_DAY };

    expect(() => parseStage(misspelt)).toThrow('Unrecognized key: "logRetentionDay"');
  });
});
