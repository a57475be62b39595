/** How many rows a landing unit has, quarantined ones included. */
export interface RowCountCheck {
  readonly kind: 'row-count';
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Which share of a landing unit's rows may be quarantined. */
export interface QuarantinedCheck {
  readonly kind: 'quarantined';
  readonly max: number;
}

/** What every landing unit must satisfy as a whole: a unit that fails stops the run. Both ends inclusive. */
export type QualityCheck = RowCountCheck | QuarantinedCheck;

export const rowCount = ({ min, max }: { readonly min?: number; readonly max?: number }): RowCountCheck => ({
  kind: 'row-count',
  min,
  max,
});

export const quarantined = ({ max }: { readonly max: number }): QuarantinedCheck => ({ kind: 'quarantined', max });
