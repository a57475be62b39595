import type { ApiName } from '../../lib/iam/api-call.ts';
import { type JsonObject, listAt } from '../cloudformation/template.ts';
import type { GlueRuns } from '../jobs/glue-runs.ts';
import type { AccessControl } from './access.ts';
import type { PartitionCatalog } from './glue-catalog.ts';
import type { JsonService } from './json-service.ts';
import { pageOf } from './pages.ts';
import { refuseOthers, requireText } from './parameters.ts';

export interface GlueBackend {
  readonly region: string;
  readonly account: string;
  readonly access: AccessControl;
  readonly runs: GlueRuns;
  readonly catalog: PartitionCatalog;
}

/** Source of the page sizes: https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobRuns.html (2026-11-20). */
const MOST_RUNS = 200;
const MOST_PARTITIONS = 1000;

/** The Glue calls that a run makes. */
export function glueService(backend: GlueBackend): JsonService {
  return { ...jobOperations(backend), ...partitionOperations(backend) };
}

const arnOf = ({ region, account }: GlueBackend, resource: string): string =>
  `arn:aws:glue:${region}:${account}:${resource}`;

function jobOperations(backend: GlueBackend): JsonService {
  const { runs } = backend;
  const authorize = (caller: string, api: ApiName, job: string): void =>
    backend.access.require(caller, { api, resources: { glueJob: [arnOf(backend, `job/${job}`)] } });
  return {
    StartJobRun: async (caller, parameters) => {
      authorize(caller, 'glue:StartJobRun', requireText(parameters, 'JobName'));
      return { JobRunId: (await runs.start(parameters))['Id'] };
    },
    GetJobRun: async (caller, parameters) => {
      const job = requireText(parameters, 'JobName');
      authorize(caller, 'glue:GetJobRun', job);
      return { JobRun: await runs.get(job, requireText(parameters, 'RunId')) };
    },
    GetJobRuns: async (caller, parameters) => {
      const job = requireText(parameters, 'JobName');
      authorize(caller, 'glue:GetJobRuns', job);
      const { items, next } = pageOf(await runs.list(job), parameters, MOST_RUNS);
      return { JobRuns: items, ...next };
    },
    BatchStopJobRun: async (caller, parameters) => {
      const job = requireText(parameters, 'JobName');
      authorize(caller, 'glue:BatchStopJobRun', job);
      const ids = listAt(parameters, 'JobRunIds').map(String);
      for (const id of ids) await runs.stop(job, id);
      return { SuccessfulSubmissions: ids.map((JobRunId) => ({ JobName: job, JobRunId })), Errors: [] };
    },
  };
}

function partitionOperations(backend: GlueBackend): JsonService {
  const { catalog } = backend;
  const tableOf = (caller: string, api: ApiName, parameters: JsonObject, nameField = 'TableName') => {
    const [database, name] = [requireText(parameters, 'DatabaseName'), requireText(parameters, nameField)];
    backend.access.require(caller, {
      api,
      resources: {
        catalog: [arnOf(backend, 'catalog')],
        database: [arnOf(backend, `database/${database}`)],
        table: [arnOf(backend, `table/${database}/${name}`)],
      },
    });
    catalog.describe({ database, name });
    return { database, name };
  };
  return {
    GetTable: async (caller, parameters) => ({
      Table: catalog.describe(tableOf(caller, 'glue:GetTable', parameters, 'Name')),
    }),
    GetPartitions: async (caller, parameters) => {
      refuseOthers('GetPartitions', parameters, ['DatabaseName', 'TableName', 'NextToken', 'MaxResults']);
      const table = tableOf(caller, 'glue:GetPartitions', parameters);
      const { items, next } = pageOf(await catalog.list(table), parameters, MOST_PARTITIONS);
      return { Partitions: items, ...next };
    },
    BatchGetPartition: async (caller, parameters) => {
      const table = tableOf(caller, 'glue:BatchGetPartition', parameters);
      return catalog.find(table, listAt(parameters, 'PartitionsToGet'));
    },
    BatchCreatePartition: async (caller, parameters) => {
      const table = tableOf(caller, 'glue:BatchCreatePartition', parameters);
      return { Errors: await catalog.create(table, listAt(parameters, 'PartitionInputList')) };
    },
    BatchUpdatePartition: async (caller, parameters) => {
      const table = tableOf(caller, 'glue:BatchUpdatePartition', parameters);
      return { Errors: await catalog.update(table, listAt(parameters, 'Entries')) };
    },
    BatchDeletePartition: async (caller, parameters) => {
      const table = tableOf(caller, 'glue:BatchDeletePartition', parameters);
      return { Errors: await catalog.remove(table, listAt(parameters, 'PartitionsToDelete')) };
    },
  };
}
