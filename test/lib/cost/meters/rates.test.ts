import { describe, expect, it } from 'vitest';
import { GLUE_MINIMUM_SECONDS, glueDpus, gluePriceItem, glueUsd } from '../../../../lib/cost/meters/glue-rates.ts';
import { lambdaUsd } from '../../../../lib/cost/meters/lambda-rates.ts';
import { instanceUsd, STOP_SECONDS, volumeUsd } from '../../../../lib/cost/meters/sagemaker-rates.ts';
import { usd, usdToDecimal } from '../../../../lib/units/usd.ts';
import { bookWithout } from '../../../support/metered-call.ts';

const book = bookWithout();

describe('what is billed for what was used', () => {
  it('is DPU-seconds of Glue, rounded up to the second', () => {
    expect(usdToDecimal(glueUsd(glueDpus('G.2X', 5) ?? 0, usd('0.36')))).toBe('0.001');
    expect(usdToDecimal(glueUsd(9.01, usd('0.36')))).toBe('0.001');
    expect(glueDpus('G.99X', 5)).toBeUndefined();
    expect([gluePriceItem('6.0'), gluePriceItem('4.0'), gluePriceItem('auto')]).toEqual([
      'glue.etl.standard.v6_0',
      'glue.etl.standard.v5_1_and_earlier',
      undefined,
    ]);
    expect(GLUE_MINIMUM_SECONDS).toBe(60);
  });

  it('is seconds of instances and volumes of SageMaker', () => {
    expect(usdToDecimal(instanceUsd('ml.m5.xlarge', 7_200, book))).toBe('0.46');
    expect(usdToDecimal(volumeUsd(10, 2_628_000, book))).toBe('1.4');
    expect(() => instanceUsd('ml.none', 1, book)).toThrow('ml.none');
    expect(STOP_SECONDS).toBe(120);
  });

  it('is milliseconds of memory of Lambda, and a request', () => {
    expect(usdToDecimal(lambdaUsd(1_024, 2_000, usd('0.00001'), usd('0.0000002')))).toBe('0.0000202');
    expect(usdToDecimal(lambdaUsd(1_024, 0.5, usd('0.001'), usd('0')))).toBe('0.000001');
  });
});
