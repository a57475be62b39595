/** One line of the benchmark's table: what was measured, and the goal where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly goal?: string;
  readonly met?: boolean;
}
