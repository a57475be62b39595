import type { FeatureViewProgram, WindowProgram } from '../../contracts/job-program.ts';
import { lengthText } from '../../definition/length-text.ts';

/** Which rows of a view count at label time t, as a person reads it: `known <= t, t - 3h < event <= t`. */
export function intervalText({ timeless, corrects, ttl }: FeatureViewProgram, window: WindowProgram | null): string {
  if (timeless) return 'the newest table, whatever t is';
  return ['known <= t', eventText(window, ttl), ...(corrects ? ['not corrected at t'] : [])].join(', ');
}

function eventText(window: WindowProgram | null, ttl: number | null): string {
  if (window !== null) return windowText(window);
  return ttl === null ? 'event <= t' : `t - ${lengthText(ttl)} < event <= t`;
}

function windowText({ microseconds, hop, start, end }: WindowProgram): string {
  const back = `t - ${lengthText(microseconds)}`;
  const from = hop === null ? back : `floor(${back}, ${lengthText(hop)})`;
  return `${from} ${start === 'closed' ? '<=' : '<'} event ${end === 'closed' ? '<=' : '<'} t`;
}
