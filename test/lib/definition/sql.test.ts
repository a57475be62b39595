import { describe, expect, it } from 'vitest';
import { checkFormula } from '../../../lib/definition/checks/formula-checks.ts';
import { evaluate } from '../../../lib/definition/formula.ts';
import { sql } from '../../../lib/definition/index.ts';
import { byEngine } from '../../../lib/sql/by-engine.ts';
import { scalar } from '../../../lib/sql/scalar.ts';
import { SQL_TEXTS } from '../../support/sql-expressions.ts';
import { trips } from '../../support/trips-pipeline.ts';

const { columns } = trips;
const problemsOf = (written: Parameters<typeof evaluate>[1]) =>
  checkFormula('at', evaluate(columns, written as never), { columns, types: ['integer', 'double', 'boolean', 'text'] });

describe('sql', () => {
  it.each(SQL_TEXTS.map((text) => [text]))('takes its operators and functions %#', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('stands inside of an arrow function and instead of one', () => {
    const formula = evaluate(columns, ({ price }) => price.plus(sql.integer('abs(delay) % 7')));

    expect(formula.kind === 'formula' && byEngine((dialect) => scalar(formula.expression, dialect))).toEqual({
      duckdb: '("price" + CAST((ABS("delay") % NULLIF(CAST(7 AS BIGINT), CAST(0 AS BIGINT))) AS DOUBLE))',
      spark: '(`price` + CAST((ABS(`delay`) % NULLIF(CAST(7 AS BIGINT), CAST(0 AS BIGINT))) AS DOUBLE))',
    });
  });

  it.each([
    [
      'abs(dealy) % 7',
      '"dealy" at character 5 is not allowed there',
      /one of the columns departure, .*, or one of the functions abs/,
    ],
    ['random()', '"random" at character 1', /one of the functions abs, floor/],
    ['count(delay)', '"count" at character 1', /one of the functions/],
    ['delay; drop table trips', '"; drop tab" at character 6', /no comments, no ;/],
    ['delay -- half', '"-- half" at character 7', /no comments/],
    ['delay /* half */', '"/* half */" at character 7', /no comments/],
    ['(select max(delay) from trips)', '"select" at character 2', /one of the columns/],
    ['sum(delay) over (order by departure)', '"sum" at character 1', /one of the functions/],
    ['delay::double', '"::double" at character 6', /no comments/],
    ['delay delay', '"delay" at character 7', /the end of the text/],
    ['(delay', 'the end is not allowed', /"\)"/],
    ['', 'the end is not allowed', /a column, a function or a constant/],
    ['case when cancelled then 1 end', '"case" at character 1', /one of the columns/],
    ["'open", '"\'open" at character 1', /texts/],
    ['delay is 3', '"3" at character 10', /"null"/],
  ])('refuses %s before anything runs, and says where', (text, message, fix) => {
    const [problem] = problemsOf(sql.integer(text));

    expect(problem?.message).toContain(message);
    expect(problem?.fix).toMatch(fix);
  });

  it.each([
    ['price', 'sql.integer("price") does not fit a double'],
    ['length(delay)', 'length(delay) does not fit an integer'],
    ['least(delay)', 'least(delay) does not fit an integer'],
    ['mod(price, 2)', 'mod(price, 2) does not fit a double and an integer'],
    ["delay + 'x'", 'does not fit an integer and a text'],
  ])('refuses %s, whose types do not fit', (text, message) => {
    expect(problemsOf(sql.integer(text))[0]?.message).toContain(message);
  });
});
