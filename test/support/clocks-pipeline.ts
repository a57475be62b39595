import {
  boolean,
  csv,
  day,
  fromLabel,
  hours,
  label,
  localTimestamp,
  pipeline,
  source,
  timestamp,
} from '../../lib/definition/index.ts';
import { soundLimits } from './trips-pipeline.ts';

const newYork = 'America/New_York';
const berlin = 'Europe/Berlin';
const lordHowe = 'Australia/Lord_Howe';
const kolkata = 'Asia/Kolkata';
const saoPaulo = 'America/Sao_Paulo';
const apia = 'Pacific/Apia';

/** Clock times of places: changes of an hour, of half an hour and of a day, offsets of half an hour and of seconds. */
export const sightings = source('sightings', {
  format: csv({ header: true }),
  columns: {
    seen: timestamp(),
    confirmed: boolean(),
    new_york: localTimestamp({ zone: newYork }),
    new_york_earlier: localTimestamp({ zone: newYork, repeated: 'earlier' }),
    new_york_later: localTimestamp({ zone: newYork, repeated: 'later' }),
    berlin: localTimestamp({ zone: berlin }),
    lord_howe: localTimestamp({ zone: lordHowe }),
    lord_howe_earlier: localTimestamp({ zone: lordHowe, repeated: 'earlier' }),
    lord_howe_later: localTimestamp({ zone: lordHowe, repeated: 'later' }),
    kolkata: localTimestamp({ zone: kolkata }),
    sao_paulo: localTimestamp({ zone: saoPaulo }),
    sao_paulo_earlier: localTimestamp({ zone: saoPaulo, repeated: 'earlier' }),
    sao_paulo_later: localTimestamp({ zone: saoPaulo, repeated: 'later' }),
    apia: localTimestamp({ zone: apia }),
  },
  eventTime: 'seen',
  knownTime: hours(1),
  partition: day('seen'),
});

/** Hour and weekday by the clocks of each place. */
export const clocksPipeline = pipeline('sightings', {
  label: label(sightings, { at: 'seen', is: 'confirmed' }),
  features: [
    fromLabel(sightings, {
      new_york_hour: ({ seen }) => seen.hour(newYork),
      new_york_weekday: ({ seen }) => seen.weekday(newYork),
      berlin_hour: ({ seen }) => seen.hour(berlin),
      berlin_weekday: ({ seen }) => seen.weekday(berlin),
      lord_howe_hour: ({ seen }) => seen.hour(lordHowe),
      lord_howe_weekday: ({ seen }) => seen.weekday(lordHowe),
      kolkata_hour: ({ seen }) => seen.hour(kolkata),
      kolkata_weekday: ({ seen }) => seen.weekday(kolkata),
      sao_paulo_hour: ({ seen }) => seen.hour(saoPaulo),
      sao_paulo_weekday: ({ seen }) => seen.weekday(saoPaulo),
      apia_hour: ({ seen }) => seen.hour(apia),
      apia_weekday: ({ seen }) => seen.weekday(apia),
    }),
  ],
  ...soundLimits,
});
