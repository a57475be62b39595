import { join } from 'node:path';
import type { DeployedTable } from '../assembly/deployment.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt } from '../cloudformation/template.ts';
import { readJsonFile, writeJsonFile } from '../state/json-file.ts';
import { ServiceError } from './service-error.ts';

export interface TableName {
  readonly database: string;
  readonly name: string;
}

/** What Glue says of each partition that it could not change. */
interface PartitionFailure {
  readonly PartitionValues: readonly JsonValue[];
  /** What an update calls the same. */
  readonly PartitionValueList: readonly JsonValue[];
  readonly ErrorDetail: { readonly ErrorCode: string; readonly ErrorMessage: string };
}

type Partitions = Record<string, JsonObject>;

/** The partitions of the app's tables, one JSON file a table. */
export class PartitionCatalog {
  readonly #folder: string;
  readonly #tables: readonly DeployedTable[];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string, tables: readonly DeployedTable[]) {
    this.#folder = folder;
    this.#tables = tables;
  }

  /** @throws ServiceError EntityNotFoundException */
  describe({ database, name }: TableName): JsonObject {
    const table = this.#tables.find((candidate) => candidate.database === database && candidate.name === name);
    if (table !== undefined) return { ...table.input, DatabaseName: database };
    throw new ServiceError('EntityNotFoundException', 400, `Table ${database}.${name} not found`);
  }

  /** In the order of their values. */
  async list(table: TableName): Promise<readonly JsonObject[]> {
    const partitions = await this.#read(table);
    return Object.keys(partitions)
      .sort()
      .map((key) => ({ ...partitions[key], DatabaseName: table.database, TableName: table.name }));
  }

  async find(table: TableName, wanted: readonly JsonValue[]): Promise<object> {
    const partitions = await this.#read(table);
    const values = wanted.filter(isObject).map((item) => listAt(item, 'Values'));
    return {
      Partitions: values.flatMap((item) => partitions[keyOf(item)] ?? []),
      UnprocessedKeys: [],
    };
  }

  create(table: TableName, inputs: readonly JsonValue[]): Promise<readonly PartitionFailure[]> {
    return this.#change(table, (partitions) =>
      inputs.filter(isObject).flatMap((input) => {
        const values = listAt(input, 'Values');
        if (partitions[keyOf(values)] !== undefined) return [failure(values, 'AlreadyExistsException', 'exists')];
        partitions[keyOf(values)] = input;
        return [];
      }),
    );
  }

  update(table: TableName, entries: readonly JsonValue[]): Promise<readonly PartitionFailure[]> {
    return this.#change(table, (partitions) =>
      entries.filter(isObject).flatMap((entry) => {
        const [values, input] = [listAt(entry, 'PartitionValueList'), objectAt(entry, 'PartitionInput')];
        if (partitions[keyOf(values)] === undefined) return [failure(values, 'EntityNotFoundException', 'not found')];
        delete partitions[keyOf(values)];
        partitions[keyOf(listAt(input, 'Values'))] = input;
        return [];
      }),
    );
  }

  remove(table: TableName, wanted: readonly JsonValue[]): Promise<readonly PartitionFailure[]> {
    return this.#change(table, (partitions) =>
      wanted.filter(isObject).flatMap((item) => {
        const values = listAt(item, 'Values');
        if (partitions[keyOf(values)] === undefined) return [failure(values, 'EntityNotFoundException', 'not found')];
        delete partitions[keyOf(values)];
        return [];
      }),
    );
  }

  async #change<Result>(table: TableName, act: (partitions: Partitions) => Result): Promise<Result> {
    const change = this.#turn.then(async () => {
      const partitions = await this.#read(table);
      const result = act(partitions);
      await writeJsonFile(this.#pathOf(table), { partitions });
      return result;
    });
    this.#turn = change.catch(() => undefined);
    return change;
  }

  async #read(table: TableName): Promise<Partitions> {
    const stored = await readJsonFile(this.#pathOf(table));
    const partitions = isObject(stored) ? objectAt(stored, 'partitions') : {};
    return Object.fromEntries(
      Object.entries(partitions).filter((entry): entry is [string, JsonObject] => isObject(entry[1])),
    );
  }

  #pathOf({ database, name }: TableName): string {
    return join(this.#folder, database, `${name}.json`);
  }
}

const keyOf = (values: readonly JsonValue[]): string => JSON.stringify(values);

function failure(values: readonly JsonValue[], code: string, what: string): PartitionFailure {
  return {
    PartitionValues: values,
    PartitionValueList: values,
    ErrorDetail: { ErrorCode: code, ErrorMessage: `Partition ${keyOf(values)} ${what}` },
  };
}
