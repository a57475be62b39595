import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchUpdatePartitionCommand,
  GetTableCommand,
  GlueClient,
  type PartitionError,
  type PartitionInput,
  type StorageDescriptor,
} from '@aws-sdk/client-glue';
import { objectUri } from '../lib/contracts/object-keys.ts';
import { must } from '../lib/errors/fault.ts';
import type { CatalogPartition } from '../lib/runs/unit-publication.ts';
import { defaultProvider } from './environment-credentials.ts';
import { batches, inParallel } from './parallel.ts';

const glue = new GlueClient({ credentials: defaultProvider() });
const PARALLEL_CALLS = 4;
/** Entries of one batch call. Source: https://docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html (2026-11-20). */
const CREATE_LIMIT = 100;
const UPDATE_LIMIT = 100;
/** Source: https://docs.aws.amazon.com/glue/latest/webapi/API_BatchDeletePartition.html (2026-11-20). */
const DELETE_LIMIT = 25;

export interface CatalogTable {
  readonly bucket: string;
  readonly database: string;
  readonly table: string;
}

/** Lets the table's partitions lie where the published files are, whether or not they exist already. */
export async function putPartitions(place: CatalogTable, partitions: readonly CatalogPartition[]): Promise<void> {
  const existing = await createPartitions(place, partitions);
  await inParallel(batches(existing, UPDATE_LIMIT), PARALLEL_CALLS, (batch) => update(place, batch));
}

/** Creates the partitions that are missing; returns those that exist, as they would have been created. */
export async function createPartitions(
  place: CatalogTable,
  partitions: readonly CatalogPartition[],
): Promise<readonly PartitionInput[]> {
  if (partitions.length === 0) return [];
  const descriptor = await storageOf(place);
  const inputs = partitions.map((partition) => partitionInput(place.bucket, descriptor, partition));
  const existing = await inParallel(batches(inputs, CREATE_LIMIT), PARALLEL_CALLS, (batch) => create(place, batch));
  return existing.flat();
}

/** Removes partitions; what is not there is no error. */
export async function removePartitions(
  { database, table }: CatalogTable,
  partitions: readonly CatalogPartition[],
): Promise<void> {
  await inParallel(batches(partitions, DELETE_LIMIT), PARALLEL_CALLS, async (batch) => {
    const PartitionsToDelete = batch.map(({ unit, day }) => ({ Values: [unit, day] }));
    const { Errors = [] } = await glue.send(
      new BatchDeletePartitionCommand({ DatabaseName: database, TableName: table, PartitionsToDelete }),
    );
    refuseErrors(Errors.filter((error) => error.ErrorDetail?.ErrorCode !== 'EntityNotFoundException'));
  });
}

/** A partition is stored as its table is. */
async function storageOf({ database, table }: CatalogTable): Promise<StorageDescriptor> {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }));
  return must(Table?.StorageDescriptor, `a storage descriptor of the table ${database}.${table}`);
}

function partitionInput(bucket: string, storage: StorageDescriptor, partition: CatalogPartition): PartitionInput {
  return {
    Values: [partition.unit, partition.day],
    StorageDescriptor: { ...storage, Location: objectUri(bucket, partition.prefix) },
  };
}

/** Creates the partitions; returns those that exist already. */
async function create({ database, table }: CatalogTable, batch: readonly PartitionInput[]) {
  const { Errors = [] } = await glue.send(
    new BatchCreatePartitionCommand({ DatabaseName: database, TableName: table, PartitionInputList: [...batch] }),
  );
  const isExisting = (error: PartitionError): boolean => error.ErrorDetail?.ErrorCode === 'AlreadyExistsException';
  refuseErrors(Errors.filter((error) => !isExisting(error)));
  const existing = new Set(Errors.filter(isExisting).map(({ PartitionValues }) => PartitionValues?.join('/')));
  return batch.filter(({ Values }) => existing.has(Values?.join('/')));
}

async function update({ database, table }: CatalogTable, batch: readonly PartitionInput[]): Promise<void> {
  const Entries = batch.map((input) => ({ PartitionValueList: must(input.Values, 'values'), PartitionInput: input }));
  const { Errors = [] } = await glue.send(
    new BatchUpdatePartitionCommand({ DatabaseName: database, TableName: table, Entries }),
  );
  refuseErrors(
    Errors.map(({ ErrorDetail, PartitionValueList }) => ({ ErrorDetail, PartitionValues: PartitionValueList })),
  );
}

/** Fails with the first error's own name, so that its state shows it. */
function refuseErrors(errors: readonly PartitionError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  const { ErrorCode = 'UnknownError', ErrorMessage = '' } = first.ErrorDetail ?? {};
  const failure = new Error(`${errors.length} partitions failed, ${first.PartitionValues?.join('/')}: ${ErrorMessage}`);
  failure.name = ErrorCode;
  throw failure;
}
