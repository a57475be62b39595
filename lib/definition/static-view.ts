import type { AnySource } from './source.ts';
import type { AnyStaticTable } from './static-table.ts';

/** Whether rows of a source have no time: a static table, known at every time. */
export const isTimeless = (source: AnySource): source is AnyStaticTable => source.kind === 'static-table';
