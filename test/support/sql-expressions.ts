import type { Expression } from '../../lib/contracts/expression.ts';
import { evaluate } from '../../lib/definition/formula.ts';
import { sql } from '../../lib/definition/index.ts';
import { trips } from './trips-pipeline.ts';

/** Every function and operator of `sql`, over the columns of `trips`. */
export const SQL_TEXTS = [
  sql.integer('abs(delay) % 7'),
  sql.integer('mod(delay, delay - 15)'),
  sql.integer('-delay % -4 + 2 * (3 - delay)'),
  sql.integer('floor(price / 3)'),
  sql.integer('ceil(price) - floor(price)'),
  sql.integer("length(coalesce(code, origin, 'none'))"),
  sql.integer('nullif(delay, 15)'),
  sql.double('sqrt(delay)'),
  sql.double('abs(price) * 1e-3 + .5'),
  sql.double('least(price, delay)'),
  sql.double('greatest(delay, price)'),
  sql.double('delay'),
  sql.double('coalesce(price, delay) / (delay - 15)'),
  sql.boolean('delay between -1 and 15 and not cancelled'),
  sql.boolean("origin in ('AAA', 'O''H') or code is not null"),
  sql.boolean("origin <> '$x' and price >= 1.5e0"),
  sql.boolean('Delay NOT BETWEEN 0 AND 20 OR "cancelled" = TRUE'),
  sql.text("coalesce(code, 'x;--')"),
];

export const sqlExpressions = (): readonly Expression[] =>
  SQL_TEXTS.map((text) => {
    const formula = evaluate(trips.columns, text);
    if (formula.kind === 'failed') throw new Error(formula.problem);
    return formula.expression;
  });
