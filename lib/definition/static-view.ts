/** Whether rows of a source have no time: a static table, known at every time. */
export const isTimeless = (source: { readonly kind: string }): boolean => source.kind === 'static-table';
