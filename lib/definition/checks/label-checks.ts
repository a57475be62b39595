import { columnsRead } from '../expression-parts.ts';
import type { Formula } from '../formula.ts';
import type { Label, LabelFeatures } from '../label.ts';
import { checkFormula } from './formula-checks.ts';
import { NO_PROBLEMS, type Problems, unless } from './problem.ts';
import { checkIdentifier } from './quantity-checks.ts';

export function checkLabel({ source, at, is }: Label): Problems {
  const { columns } = source;
  return [
    ...checkFormula('label.at', at, { columns, types: ['timestamp'] }),
    ...checkFormula('label.is', is, { columns, types: ['boolean'] }),
  ];
}

/** Features of the label's own row: over its source, and not of what the label is made of. */
export function checkLabelFeatures({ source, features }: LabelFeatures, label: Label | undefined): Problems {
  const labelSource = label?.source.name ?? source.name;
  return [
    ...unless(source.name === labelSource, 'features.fromLabel', {
      code: 'not-allowed',
      message: `the features are of the rows of ${source.name}, the labels are rows of ${labelSource}`,
      fix: `take them from ${labelSource}, or use a featureView over ${source.name}`,
    }),
    ...features.flatMap(({ name, value }) => {
      const at = `features.fromLabel.${name}`;
      return [
        ...checkIdentifier(at, name),
        ...checkFormula(at, value, { columns: source.columns, types: ['integer', 'double', 'boolean'] }),
        ...checkLeak(at, value, label),
      ];
    }),
  ];
}

/**
 * A column of which the label is made, but not the time of the prediction, is most likely known only with the label:
 * a warning, for a label may also be made of what is known before.
 */
function checkLeak(at: string, value: Formula, label: Label | undefined): Problems {
  if (value.kind === 'failed' || label?.is.kind !== 'formula' || label.at.kind !== 'formula') return NO_PROBLEMS;
  const answer = columnsRead(label.is.expression);
  const before = columnsRead(label.at.expression);
  return [...columnsRead(value.expression)]
    .filter((column) => answer.has(column) && !before.has(column))
    .map((column) => ({
      code: 'label-leak',
      severity: 'warning',
      at,
      message: `the feature reads ${column}, of which the label is made`,
      fix: `make sure that ${column} is known when the prediction is made, or use a feature view`,
    }));
}
