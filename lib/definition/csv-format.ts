export interface CsvFormat {
  readonly kind: 'csv';
  readonly header: true;
  readonly delimiter: string;
  readonly quote: string;
}

/** Comma-separated values in UTF-8 whose first line names the columns, in the declared order. */
export const csv = (options: {
  readonly header: true;
  readonly delimiter?: string;
  readonly quote?: string;
}): CsvFormat => ({
  kind: 'csv',
  header: options.header,
  delimiter: options.delimiter ?? ',',
  quote: options.quote ?? '"',
});
