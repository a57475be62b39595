import { describe, expect, it } from 'vitest';
import { HISTORY_DAYS, LATE_JOB_SECONDS, proveEnd } from '../../../lib/runs/execution-end.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const DAY = 86_400_000;
const at = { startedBefore: NOW - DAY, now: NOW };

describe('whether an execution has ended', () => {
  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])(
    '%s: yes, and a job that was being started may yet be listed',
    (status) => {
      expect(proveEnd({ status, stopTime: NOW }, at)).toEqual({
        kind: 'ended',
        listedFrom: NOW + LATE_JOB_SECONDS * 1_000,
      });
    },
  );

  it('SUCCEEDED: yes, and a try that it gave up may be listed late', () => {
    expect(proveEnd({ status: 'SUCCEEDED', stopTime: NOW }, at)).toEqual({
      kind: 'ended',
      listedFrom: NOW + LATE_JOB_SECONDS * 1_000,
    });
  });

  it.each(['RUNNING', 'PENDING_REDRIVE', 'SOMETHING NEW'])('%s: not proven', (status) => {
    expect(proveEnd({ status, stopTime: NOW }, at)).toEqual({ kind: 'not-ended', reason: `it is ${status}` });
  });

  it('is not proven without a time of its end', () => {
    expect(proveEnd({ status: 'ABORTED', stopTime: null }, at).kind).toBe('not-ended');
  });

  it('is proven by its absence only once its history must be gone', () => {
    const startedDaysAgo = (days: number) => proveEnd(null, { startedBefore: NOW - days * DAY, now: NOW });

    expect(startedDaysAgo(0)).toMatchObject({ kind: 'not-ended', reason: expect.stringContaining('does not know it') });
    expect(startedDaysAgo(HISTORY_DAYS).kind).toBe('not-ended');
    expect(startedDaysAgo(HISTORY_DAYS + 1)).toEqual({ kind: 'ended', listedFrom: NOW - (HISTORY_DAYS + 1) * DAY });
  });
});
