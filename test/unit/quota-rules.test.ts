import { planOf, rateLimitFields, type Standing, standingsOf, windowsAt } from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { aPlan, settingsWith } from '../support/quota.ts';

describe('the windows of a moment', () => {
  it('are its minute and its day in UTC, with the seconds that are left of them', () => {
    expect(windowsAt(Date.UTC(2026, 10, 20, 22, 32, 37))).toEqual({
      minute: '2026-11-20T22:32Z',
      day: '2026-11-20',
      minuteSecondsLeft: 23,
      daySecondsLeft: 5243, // 22:32:37 to midnight: 1 h 27 min 23 s
    });
  });

  it('begin with all of their seconds left', () => {
    expect(windowsAt(Date.UTC(2026, 10, 20))).toMatchObject({ minuteSecondsLeft: 60, daySecondsLeft: 86_400 });
  });

  it('end with one second left, never with none', () => {
    const at = windowsAt(Date.UTC(2026, 10, 20, 23, 59, 59, 999));

    expect(at).toMatchObject({ minute: '2026-11-20T23:59Z', minuteSecondsLeft: 1, daySecondsLeft: 1 });
  });
});

describe('the plan of a tenant', () => {
  const settings = settingsWith({ requestsPerMinutePerUser: 60 });

  it('is the default one where none was given', () => {
    expect(planOf(settings, undefined)).toEqual({ name: 'free', limits: settings.plans.free });
  });

  it('is the one that was given', () => {
    expect(planOf(settings, { plan: 'pro' })).toEqual({ name: 'pro', limits: settings.plans.pro });
  });

  it('gives way to limits of the tenant’s own', () => {
    const { limits } = planOf(settings, { plan: 'pro', limits: { requestsPerMinutePerUser: 7 } });

    expect(limits).toEqual({ ...settings.plans.pro, requestsPerMinutePerUser: 7 });
  });

  it.each(['prro', 'constructor'])('is the default one where the stage knows no %j', (plan) => {
    expect(planOf(settings, { plan }).name).toBe('free');
  });
});

const at = windowsAt(Date.UTC(2026, 10, 20, 22, 32, 37));
const limits = aPlan({ requestsPerMinutePerUser: 60, requestsPerMinutePerTenant: 300, predictionsPerDayPerUser: 100 });
const tally = { minute: at.minute, requests: { user: 19, tenant: 40 }, predictions: { user: 101, tenant: 500 } };

describe('where a caller stands', () => {
  const remaining = (standings: Standing[]) => standings.map((standing) => [standing.name, standing.remaining]);

  it('with a request is told for the minute', () => {
    expect(remaining(standingsOf('request', { limits, tally, at }))).toEqual([
      ['user-minute', 41],
      ['tenant-minute', 260],
    ]);
  });

  it('with a prediction is told for the day as well, and never below nothing', () => {
    expect(remaining(standingsOf('prediction', { limits, tally, at })).slice(2)).toEqual([
      ['user-day', 0],
      ['tenant-day', 500],
    ]);
  });
});

describe('the RateLimit fields', () => {
  const standings = standingsOf('request', { limits, tally, at });

  it('are lists of structured fields, as the draft spells them', () => {
    expect(rateLimitFields(standings)).toEqual({
      'ratelimit-policy': '"user-minute";q=60;w=60, "tenant-minute";q=300;w=60',
      ratelimit: '"user-minute";r=41;t=23, "tenant-minute";r=260;t=23',
    });
  });

  it('come with Retry-After on a refusal', () => {
    expect(rateLimitFields(standings, 23)).toMatchObject({ 'retry-after': '23' });
  });

  it('are absent where nothing was counted', () => {
    expect(rateLimitFields([])).toEqual({});
  });
});
