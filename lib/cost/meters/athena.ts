import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { type Bounded, refused } from '../tree/bounded.ts';
import { factorOf, type Limit, readLimit } from './limit.ts';
import { dearestOf, type Meter } from './meter.ts';
import { findNamed } from './named-resource.ts';
import { requestLeaf } from './request-leaf.ts';
import { isSet, malformed, notKnown, type Setting, settingIn, unmeteredOption } from './setting.ts';

const WORK_GROUP = { types: ['AWS::Athena::WorkGroup'], nameProperty: 'Name' };

/** A query is billed for 10 MB at least, and the smallest cutoff is that. Source: https://aws.amazon.com/athena/pricing (2026-11-20). */
const LEAST_BYTES = 10_000_000;

/** The smaller reading of a TB, so that the amount is the larger one. */
const BYTES_PER_TERABYTE = 10n ** 12n;

/** `athena:startQueryExecution`: as many bytes as its work group lets one query scan. */
export const boundQueryExecution: Meter = (call, context) => {
  const name = settingIn(call.arguments, 'WorkGroup');
  if (!isSet(name)) {
    const message = 'is not set: nothing limits what a query of the primary work group scans';
    const fix = 'name a work group of the templates that sets BytesScannedCutoffPerQuery';
    return refused('Athena query', name.at, [costDiagnostic('missing-limit', { at: name.at, message, fix })]);
  }
  const { value: group, diagnostics } = findNamed(name, WORK_GROUP, context);
  if (group === undefined) return refused('Athena query', name.at, diagnostics);
  const at = `${group.address}.Properties`;
  const variants = context.templates.variantsOf(group, ['WorkGroupConfiguration']);
  const bounds = variants.map((value) => boundGroup({ value, at, source: 'template' }, context));
  const dearest = dearestOf(bounds);
  return { node: dearest.node, diagnostics: [...dearest.diagnostics, ...refuseCatalog(call.arguments)] };
};

function boundGroup(properties: Setting, { book }: CostContext): Bounded {
  const configuration = settingIn(properties, 'WorkGroupConfiguration');
  const enforce = settingIn(configuration, 'EnforceWorkGroupConfiguration');
  const bytes: Limit = readLimit(settingIn(configuration, 'BytesScannedCutoffPerQuery'), {
    expected: 'a literal number of bytes',
    least: LEAST_BYTES,
  });
  const bound = requestLeaf(
    {
      label: `${bytes.value} bytes scanned`,
      at: bytes.at,
      item: 'athena.scan',
      factors: [factorOf('bytes that one query scans', bytes)],
      divisor: BYTES_PER_TERABYTE,
    },
    book,
  );
  const isEnforced = !isSet(enforce) || enforce.value === true;
  const refusals = isEnforced
    ? []
    : [
        notKnown(enforce, 'set it to true') ??
          (enforce.value === false
            ? unmeteredOption(enforce.at, 'is false: a query may bring settings of its own', 'set it to true')
            : malformed(enforce, 'true')),
      ];
  return { node: bound.node, diagnostics: [...bytes.diagnostics, ...bound.diagnostics, ...refusals] };
}

/** Another catalog may run a function for every part of a query. */
function refuseCatalog(call: Setting) {
  const catalog = settingIn(settingIn(call, 'QueryExecutionContext'), 'Catalog');
  if (!isSet(catalog) || catalog.value === 'AwsDataCatalog') return [];
  const refusal = unmeteredOption(
    catalog.at,
    'names a catalog whose connector may run functions',
    'use AwsDataCatalog',
  );
  return [notKnown(catalog, 'use AwsDataCatalog') ?? refusal];
}
