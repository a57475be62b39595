import { describe, expect, it } from 'vitest';
import { checkFormula } from '../../../lib/definition/checks/formula-checks.ts';
import { expressionText } from '../../../lib/definition/expression-text.ts';
import { evaluate } from '../../../lib/definition/formula.ts';
import { caseWhen, sql } from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
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

  it('tells a case and a cast as the methods would write them', () => {
    const made = caseWhen([[sql.boolean('cancelled'), 1]]);
    const text = 'case when delay > 60 then null when cancelled then cast(price as bigint) else 0 end';
    const formula = evaluate(columns, sql.integer(text));
    const read = formula.kind === 'formula' && formula.expression.kind === 'sql' ? formula.expression.expression : null;

    expect(expressionText(made.expression)).toBe('caseWhen([[sql.boolean("cancelled"), 1]])');
    expect(expressionText(must(read, 'a text that is read'))).toBe(
      'caseWhen([[delay.moreThan(60), null], [cancelled, cast(price as bigint)]], 0)',
    );
  });

  it('is read inside of a case', () => {
    const formula = evaluate(columns, ({ delay }) => caseWhen([[sql.boolean('not cancelled'), delay]], 0.5));

    expect(formula.kind === 'formula' && byEngine((dialect) => scalar(formula.expression, dialect)).spark).toBe(
      'CASE WHEN (NOT `cancelled`) THEN CAST(`delay` AS DOUBLE) ELSE 0.5e0 END',
    );
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
    ['case delay end', '"end" at character 12', /"when"/],
    ['case when cancelled 1 end', '"1" at character 21', /"then"/],
    ['case when cancelled then 1', 'the end is not allowed', /"end"/],
    ['cast(price as integer)', '"integer" at character 15', /one of the types bigint, double/],
    ['cast(price, bigint)', '"," at character 11', /"as"/],
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
    ['case when delay then 1 end', 'caseWhen([[delay, 1]]) does not fit an integer and an integer'],
    ["case when cancelled then 1 else 'x' end", 'does not fit a boolean and an integer and a text'],
    ['case when cancelled then null end', 'does not fit a boolean'],
    ['cast(code as bigint)', 'cast(code as bigint) does not fit a text'],
    ['cast(departure as bigint)', 'does not fit a timestamp'],
    ['cast(delay as double)', 'does not fit a double'],
  ])('refuses %s, whose types do not fit', (text, message) => {
    expect(problemsOf(sql.integer(text))[0]?.message).toContain(message);
  });
});
