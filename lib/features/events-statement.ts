/** The parts of a SELECT over the rows of a source, in one layout. */
export interface EventsStatement {
  readonly selected: readonly string[];
  readonly rows: string;
  readonly conditions: readonly string[];
}

const BETWEEN = ',\n  ';
const WHERE = '\nWHERE ';

export const eventsText = ({ selected, rows, conditions }: EventsStatement): string =>
  `SELECT ${selected.join(BETWEEN)}\nFROM ${rows}${WHERE}${conditions.join(' AND ')}`;

/** What stands for a column in such a statement: the text before its `AS`. */
export function selectedAs(statement: string, column: string): string {
  const end = statement.lastIndexOf(` AS ${column}`);
  const start = statement.lastIndexOf(BETWEEN, end);
  return end < 0 || start < 0 ? column : statement.slice(start + BETWEEN.length, end);
}

/** Which rows such a statement selects. */
export const conditionOf = (statement: string): string =>
  statement.slice(statement.indexOf(WHERE, statement.lastIndexOf('\nFROM ')) + WHERE.length);
