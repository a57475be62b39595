/** Where a value is in a template: a path that is written out only where there is something to say. */
export interface Place {
  readonly parent: Place | undefined;
  /** `stack/Job` at the root, then `.Properties`, `[0]`. */
  readonly step: string;
}

export function pathOf(place: Place): string {
  const steps: string[] = [];
  for (let current: Place | undefined = place; current !== undefined; current = current.parent)
    steps.push(current.step);
  return steps.reverse().join('');
}
