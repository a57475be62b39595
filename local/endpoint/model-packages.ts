import { join } from 'node:path';
import { isObject, type JsonObject, numberAt, textAt } from '../cloudformation/template.ts';
import { JsonFolder } from '../state/json-file.ts';
import { ServiceError } from './service-error.ts';

/** Versions of the app's model package groups, one JSON file a version, numbered from 1 in each group. */
export class ModelPackages {
  readonly #folder: string;
  readonly #groups: readonly string[];
  readonly #arnPrefix: string;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param options.arnPrefix `arn:aws:sagemaker:<region>:<account>:` */
  constructor(options: { readonly folder: string; readonly groups: readonly string[]; readonly arnPrefix: string }) {
    this.#folder = options.folder;
    this.#groups = options.groups;
    this.#arnPrefix = options.arnPrefix;
  }

  /** The group's name from its name or ARN. @throws ServiceError ValidationException */
  groupOf(nameOrArn: string): string {
    const name = nameOrArn.split('/').at(-1) ?? '';
    if (!this.#groups.includes(name)) throw ServiceError.validation(`Model Package Group ${nameOrArn} does not exist.`);
    return name;
  }

  arnOf(group: string, version: number | '*'): string {
    return `${this.#arnPrefix}model-package/${group}/${version}`;
  }

  /** The next version, or the one that was created with the same client token. */
  create(group: string, parameters: JsonObject, createdAt: number): Promise<JsonObject> {
    const change = this.#turn.then(async () => {
      const versions = await this.list(group);
      const token = textAt(parameters, 'ClientToken');
      const known = versions.find((description) => token !== undefined && textAt(description, 'ClientToken') === token);
      if (known !== undefined) return known;
      const version = versions.length + 1;
      const description = {
        ...parameters,
        ModelPackageGroupName: group,
        ModelPackageVersion: version,
        ModelPackageArn: this.arnOf(group, version),
        ModelPackageStatus: 'Completed',
        ModelPackageStatusDetails: { ValidationStatuses: [] },
        CreationTime: createdAt,
      };
      await this.#folderOf(group).put(String(version), description);
      return description;
    });
    this.#turn = change.catch(() => undefined);
    return change;
  }

  /** Newest version first. */
  async list(group: string): Promise<readonly JsonObject[]> {
    const version = (description: JsonObject): number => numberAt(description, 'ModelPackageVersion') ?? 0;
    return (await this.#folderOf(group).list()).toSorted((a, b) => version(b) - version(a));
  }

  /** @throws ServiceError ValidationException */
  async get(arn: string): Promise<JsonObject> {
    const [, group = '', version = ''] = arn.split('/');
    const found =
      this.#groups.includes(group) && /^\d+$/.test(version) ? await this.#folderOf(group).get(version) : undefined;
    if (found === undefined) throw ServiceError.validation(`ModelPackage ${arn} does not exist.`);
    return found;
  }

  async update(arn: string, fields: JsonObject): Promise<void> {
    const description = await this.get(arn);
    const group = textAt(description, 'ModelPackageGroupName') ?? '';
    await this.#folderOf(group).put(String(numberAt(description, 'ModelPackageVersion')), {
      ...description,
      ...fields,
    });
  }

  #folderOf(group: string): JsonFolder<JsonObject> {
    return new JsonFolder(join(this.#folder, group), readDescription);
  }
}

function readDescription(value: unknown): JsonObject {
  if (!isObject(value)) throw new TypeError('a model package’s record is a JSON object');
  return value;
}
