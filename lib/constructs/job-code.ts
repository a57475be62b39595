import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Construct } from 'constructs';
import { sha256 } from '../plan/fingerprint.ts';
import { type AssetObject, assetObject } from './asset-object.ts';
import { packagePath } from './package-root.ts';

/** What of jobs/ is not part of the archive. */
const NOT_SHIPPED = ['tests', '**/__pycache__', '**/*.pyc', 'requirements/*.in', '.*'];

/** Locks of what the jobs run with. */
const LOCKS = ['run.txt', 'spark.txt'];

/** The Python of the jobs: one archive for Glue and SageMaker, and the scripts that Glue starts. */
export class JobCode extends Construct {
  readonly archive: AssetObject;
  readonly ingestScript: AssetObject;
  readonly trainingSetScript: AssetObject;
  readonly auditScript: AssetObject;
  /** SHA-256 of the locks of the jobs' dependencies. */
  readonly lockDigest: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.archive = assetObject(this, 'Archive', { path: packagePath('jobs'), exclude: NOT_SHIPPED });
    this.ingestScript = assetObject(this, 'IngestScript', { path: packagePath('jobs', 'glue', 'ingest.py') });
    this.trainingSetScript = assetObject(this, 'TrainingSetScript', {
      path: packagePath('jobs', 'glue', 'build_training_set.py'),
    });
    this.auditScript = assetObject(this, 'AuditScript', { path: packagePath('jobs', 'glue', 'audit_training_set.py') });
    this.lockDigest = sha256(
      LOCKS.map((name) => readFileSync(packagePath('jobs', 'requirements', name), 'utf8')).join('\n'),
    );
  }

  /** File name of the archive where SageMaker downloads it. */
  get archiveFile(): string {
    return basename(this.archive.key);
  }
}
