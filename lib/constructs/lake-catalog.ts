import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ColumnType } from '../contracts/column-schema.ts';
import type { SourceSchema } from '../contracts/job-program.ts';
import { objectUri } from '../contracts/object-keys.ts';
import { physicalNames } from './physical-names.ts';

export interface LakeCatalogProps {
  readonly pipeline: string;
  readonly bucketName: string;
  readonly sources: readonly SourceSchema[];
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
 * The curated rows as other engines read them, a table for each source. Their partitions follow the manifests one by one: our own jobs read the
 * manifests.
 */
export class LakeCatalog extends Construct {
  readonly databaseName: string;

  constructor(scope: Construct, id: string, { pipeline, bucketName, sources }: LakeCatalogProps) {
    super(scope, id);
    this.databaseName = physicalNames(pipeline, Stack.of(this).region).database;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.databaseName, description: `Curated data of the pipeline ${pipeline}` },
    });
    database.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const source of sources) {
      const table = this.createTable(bucketName, source);
      table.addResourceDependency(database);
      table.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }

  private createTable(bucketName: string, { name, kind, columns }: SourceSchema): CfnTable {
    const declared = columns.map((column) => ({ name: column.name, type: HIVE_TYPES[column.type] }));
    return new CfnTable(this, `Table-${name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.databaseName,
      tableInput: {
        name,
        tableType: 'EXTERNAL_TABLE',
        parameters: { classification: 'parquet' },
        partitionKeys: ['unit', 'day'].map((key) => ({ name: key, type: 'string' })),
        storageDescriptor: {
          ...PARQUET,
          location: objectUri(bucketName, `curated/${name}/data/`),
          columns: kind === 'static' ? declared : [...declared, { name: 'known_time', type: 'timestamp' }],
        },
      },
    });
  }
}
