import { S3Client } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import type { DeployedBucket } from '../../local/assembly/deployment.ts';
import type { Role } from '../../local/assembly/roles.ts';
import { AccessControl } from '../../local/endpoint/access.ts';
import type { JsonService } from '../../local/endpoint/json-service.ts';
import { EtagCache } from '../../local/endpoint/s3/etags.ts';
import { ObjectFiles } from '../../local/endpoint/s3/object-files.ts';
import { startEndpoint } from '../../local/endpoint/server.ts';
import { type StateDirectory, stateDirectory } from '../../local/state/state-directory.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const SESSION_TOKEN = 'token-of-this-run';

/** A role with one statement a policy. */
export function roleOf(name: string, ...statements: readonly object[]): Role {
  return {
    name,
    arn: `arn:aws:iam::000000000000:role/${name}`,
    policies: [{ name: `${name}-policy`, document: { Version: '2012-10-17', Statement: statements } }],
    trusted: [],
  };
}

export const allow = (action: string | readonly string[], resource: string | readonly string[]) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

export const ADMINISTRATOR: Role = roleOf('administrator', allow('*', '*'));

export interface LocalEndpoint {
  readonly url: string;
  readonly state: StateDirectory;
  readonly objects: ObjectFiles;
  readonly access: AccessControl;
  /** What an SDK client is configured with to call as the role. */
  readonly as: (role: string) => ClientConfiguration;
  readonly s3: (role?: string) => S3Client;
}

interface ClientConfiguration {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

export interface LocalEndpointOptions {
  readonly roles?: readonly Role[];
  readonly buckets?: readonly DeployedBucket[];
  readonly json?: (
    backends: Pick<LocalEndpoint, 'state' | 'objects' | 'access'>,
  ) => Readonly<Record<string, JsonService>>;
}

/** An endpoint over a fresh folder, for the test that asks for it. */
export async function localEndpoint(options: LocalEndpointOptions = {}): Promise<LocalEndpoint> {
  const state = stateDirectory(await temporaryFolder());
  const etags = new EtagCache(state.etags);
  const objects = new ObjectFiles({ root: state.objects, temporary: state.temporary, etags });
  const buckets = options.buckets ?? [{ name: 'lake', keyArn: null }];
  const access = new AccessControl([ADMINISTRATOR, ...(options.roles ?? [])], buckets);
  const faults: unknown[] = [];
  const endpoint = await startEndpoint({
    objects: { files: objects, access },
    json: options.json?.({ state, objects, access }) ?? {},
    sessionToken: SESSION_TOKEN,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(async () => {
    await endpoint.close();
    if (faults.length > 0) throw faults[0];
  });
  const as = (role: string): ClientConfiguration => ({
    endpoint: endpoint.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: role, secretAccessKey: 'local', sessionToken: SESSION_TOKEN },
  });
  return { url: endpoint.url, state, objects, access, as, s3: (role = ADMINISTRATOR.name) => new S3Client(as(role)) };
}
