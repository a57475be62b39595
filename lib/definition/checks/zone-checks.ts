import { isZone } from '../../schedule/zone.ts';
import { type Problems, shown, unless } from './problem.ts';

const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** The spelling of the database, which one of the engines asks for: area and place, each word with a capital. */
const PLACE =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(\/[A-Z][a-z][A-Za-z]*([_-]([A-Z][a-z][A-Za-z]*|au|de|es|of))*)+$/;

/** A time zone that schedules can be read in. */
export const checkZone = (at: string, zone: unknown): Problems =>
  unless(typeof zone === 'string' && ZONE.test(zone) && isZone(zone), at, {
    code: 'not-allowed',
    message: `${at} == ${shown(zone)}, must be an IANA time zone`,
    fix: 'give a name such as America/New_York or UTC',
  });

/** A time zone that both engines know by this name: of a place, or UTC. */
export const checkPlaceZone = (at: string, zone: unknown): Problems =>
  unless(typeof zone === 'string' && (zone === 'UTC' || (PLACE.test(zone) && isZone(zone) && !isMisspelt(zone))), at, {
    code: 'not-allowed',
    message: `zone == ${shown(zone)}, must be the IANA time zone of a place`,
    fix: 'give a name such as America/New_York or Europe/Berlin, in its own spelling, or UTC',
  });

/** Names are found in any case here, but not by the engines; of a link to another name only the words tell. */
function isMisspelt(zone: string): boolean {
  const known = nameOf(zone);
  return known !== zone && known.toLowerCase() === zone.toLowerCase();
}

const nameOf = (zone: string): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
