import { reasonOf } from '../../unresolved.ts';
import { type Evaluation, unacceptable } from '../evaluation.ts';
import { hasPlaceholder, type Meaning } from '../placeholders.ts';
import { type Intrinsic, isListOf, mayBeList, mayBeText } from './intrinsic.ts';
import { textOf } from './texts.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-select.html (2026-11-20). */
export const SELECT: Intrinsic = {
  misuse: (argument) =>
    isListOf(argument, 2) && mayBeText(argument[0]) && mayBeList(argument[1])
      ? undefined
      : 'an index and a list: [index, [values]]',
  resolve: (argument, evaluation) => {
    const [place, given] = argument as readonly [unknown, unknown];
    const index = textOf(evaluation.resolve(place)) ?? '';
    const list = evaluation.resolve(given);
    if (hasPlaceholder(index)) return unknownItem(`${index} ${JSON.stringify(list)}`, evaluation);
    if (!/^\d{1,9}$/.test(index)) return unacceptable(evaluation, `selected by the index '${index.slice(0, 20)}'`);
    return select(Number(index), list, evaluation);
  },
};

function select(index: number, list: unknown, evaluation: Evaluation): unknown {
  const meaning = evaluation.app.placeholders.meaningOf(list);
  if (meaning?.kind === 'pieces') return pieceOf(meaning.pieces, index, evaluation);
  if (meaning?.kind === 'unresolved') {
    const { decidedBy } = meaning.value;
    return evaluation.unknown(`select ${index} ${String(list)}`, decidedBy, reasonOf(meaning.value));
  }
  if (meaning !== undefined) return unknownItem(`${index} ${String(list)}`, evaluation);
  if (Array.isArray(list) && index < list.length) return list[index];
  return unacceptable(evaluation, `selected by the index ${index}, which the list does not have`);
}

const unknownItem = (key: string, evaluation: Evaluation): string =>
  evaluation.unknown(`select ${key}`, 'deployment', 'an item of a list that a deployment decides');

/**
 * One part of a text with values that are not known: as written up to the first of these. A part of a reference to a
 * resource (a name within its ARN) still refers to that resource.
 */
function pieceOf(pieces: readonly string[], index: number, evaluation: Evaluation): unknown {
  const { placeholders } = evaluation.app;
  const [first = ''] = pieces;
  const whole = pieces.length === 1 ? placeholders.meaningOf(first) : undefined;
  if (whole?.kind === 'reference') return partOfReference(whole, index, evaluation);
  const isOpen = (piece: string) => placeholders.meaningsIn(piece).some(({ kind }) => kind !== 'account');
  const isKnown = index <= pieces.findIndex(isOpen) && (index > 0 || whole === undefined);
  return isKnown ? pieces[index] : unknownItem(`${index} ${JSON.stringify(pieces)}`, evaluation);
}

function partOfReference({ address }: Meaning & { kind: 'reference' }, index: number, { app }: Evaluation): string {
  const place = address.lastIndexOf('.') > address.lastIndexOf('/') ? `[${index}]` : `.Ref[${index}]`;
  const part = `${address}${place}`;
  return app.placeholders.mark(`reference ${part}`, { kind: 'reference', address: part });
}
