import type { Evaluation } from '../evaluation.ts';
import { type Intrinsic, isListOf, mayBeList, mayBeText } from './intrinsic.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-length.html (2026-11-20). */
export const LENGTH: Intrinsic = {
  misuse: (argument) => (mayBeList(argument) ? undefined : 'a list'),
  resolve: (argument, evaluation) => {
    const list = evaluation.resolve(argument);
    return Array.isArray(list) ? list.length : ofDeployment('Fn::Length', list, evaluation);
  },
};

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getavailabilityzones.html (2026-11-20). */
export const GET_AZS: Intrinsic = {
  misuse: (argument) => (mayBeText(argument) ? undefined : 'a region'),
  resolve: (argument, evaluation) => ofDeployment('Fn::GetAZs', evaluation.resolve(argument), evaluation),
};

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html (2026-11-20). */
export const CIDR: Intrinsic = {
  misuse: (argument) =>
    isListOf(argument, 2, 3) && argument.every(mayBeText) ? undefined : 'an address block and a count: [block, count]',
  resolve: (argument, evaluation) => ofDeployment('Fn::Cidr', evaluation.resolve(argument), evaluation),
};

const ofDeployment = (name: string, argument: unknown, evaluation: Evaluation): string =>
  evaluation.unknown(`${name} ${JSON.stringify(argument)}`, 'deployment', `decided by ${name} at deployment`);
