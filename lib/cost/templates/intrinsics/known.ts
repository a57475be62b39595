import { AND, type ConditionFunction, EQUALS, IF, NOT, OR } from './conditions.ts';
import { BASE64, TO_JSON_STRING } from './encodings.ts';
import { FIND_IN_MAP } from './find-in-map.ts';
import { GET_ATT } from './get-att.ts';
import type { Intrinsic } from './intrinsic.ts';
import { JOIN } from './join.ts';
import { CIDR, GET_AZS, LENGTH } from './lists.ts';
import { GET_STACK_OUTPUT, IMPORT_VALUE } from './other-stacks.ts';
import { REF } from './ref.ts';
import { SELECT } from './select.ts';
import { SPLIT } from './split.ts';
import { SUB } from './sub.ts';

export const CONDITION_FUNCTIONS: ReadonlyMap<string, ConditionFunction> = new Map([
  ['Fn::And', AND],
  ['Fn::Equals', EQUALS],
  ['Fn::Not', NOT],
  ['Fn::Or', OR],
]);

/** Every intrinsic function that is known; what is not here rewrites a template, or is no function. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ...CONDITION_FUNCTIONS,
  ['Ref', REF],
  ['Fn::Base64', BASE64],
  ['Fn::Cidr', CIDR],
  ['Fn::FindInMap', FIND_IN_MAP],
  ['Fn::GetAtt', GET_ATT],
  ['Fn::GetAZs', GET_AZS],
  ['Fn::GetStackOutput', GET_STACK_OUTPUT],
  ['Fn::If', IF],
  ['Fn::ImportValue', IMPORT_VALUE],
  ['Fn::Join', JOIN],
  ['Fn::Length', LENGTH],
  ['Fn::Select', SELECT],
  ['Fn::Split', SPLIT],
  ['Fn::Sub', SUB],
  ['Fn::ToJsonString', TO_JSON_STRING],
]);
