import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ColumnSchema, ColumnType } from '../contracts/column-schema.ts';
import { objectUri } from '../contracts/object-keys.ts';
import { physicalNames } from './physical-names.ts';

export interface LakeCatalogProps {
  readonly pipeline: string;
  readonly bucketName: string;
  readonly source: string;
  readonly columns: readonly ColumnSchema[];
}

/** Hive's name of a column type. */
const HIVE_TYPES = {
  text: 'string',
  integer: 'bigint',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
} as const satisfies Record<ColumnType, string>;

const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
} as const;

/**
 * The curated rows as other engines read them. Its partitions follow the manifests one by one: our own jobs read the
 * manifests.
 */
export class LakeCatalog extends Construct {
  readonly databaseName: string;
  readonly tableName: string;

  constructor(scope: Construct, id: string, { pipeline, bucketName, source, columns }: LakeCatalogProps) {
    super(scope, id);
    this.databaseName = physicalNames(pipeline, Stack.of(this).region).database;
    this.tableName = source;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.databaseName, description: `Curated data of the pipeline ${pipeline}` },
    });
    const table = new CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.databaseName,
      tableInput: {
        name: this.tableName,
        tableType: 'EXTERNAL_TABLE',
        parameters: { classification: 'parquet' },
        partitionKeys: ['unit', 'day'].map((name) => ({ name, type: 'string' })),
        storageDescriptor: {
          ...PARQUET,
          location: objectUri(bucketName, `curated/${source}/data/`),
          columns: [
            ...columns.map(({ name, type }) => ({ name, type: HIVE_TYPES[type] })),
            { name: 'known_time', type: 'timestamp' },
          ],
        },
      },
    });
    table.addResourceDependency(database);
    for (const resource of [database, table]) resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
