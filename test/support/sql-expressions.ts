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
  sql.integer('case when delay >= 60 then 2 when delay >= 15 then 1 else 0 end'),
  sql.integer('case when abs(delay) < 1000 then delay * 9007199254740991 end'),
  sql.double('case when cancelled then null when price > 1 then price else delay end'),
  sql.double("case origin when 'AAA' then 1 when '$x' then 2.5 end"),
  sql.boolean('case delay when 15 then cancelled else price is null end'),
  sql.text('case when delay < 0 then origin else code end'),
  sql.integer('cast(price as bigint)'),
  sql.integer('cast(price / -3 as bigint) + cast(delay as bigint)'),
  sql.integer('cast(cancelled as bigint)'),
  sql.double('cast(delay as double) + cast(price as double) * cast(cancelled as double)'),
];

export const sqlExpressions = (): readonly Expression[] =>
  SQL_TEXTS.map((text) => {
    const formula = evaluate(trips.columns, text);
    if (formula.kind === 'failed') throw new Error(formula.problem);
    return formula.expression;
  });
