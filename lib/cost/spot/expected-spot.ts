import type { SpotExpectation } from '../assessment.ts';

/**
 * What is expected of spot capacity unless told otherwise, in a review and at synthesis alike: spot that a review
 * refuses does not synthesize either. AWS promises neither figure, and a review shows both. An interruption every seven
 * hours is pessimistic; the saving is two thirds of AWS's "up to 90 %".
 * Source: https://aws.amazon.com/sagemaker/ai/pricing/ (2026-11-20).
 */
export const EXPECTED_SPOT: SpotExpectation = { interruptionsPerHour: 0.15, saving: 0.6 };
