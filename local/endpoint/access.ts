import { type ApiCall, type AuthorizationRequest, requestsOf } from '../../lib/iam/api-call.ts';
import { evaluate } from '../../lib/iam/evaluate.ts';
import type { DeployedBucket } from '../assembly/deployment.ts';
import type { Role } from '../assembly/roles.ts';
import { ServiceError } from './service-error.ts';

type RequestContext = AuthorizationRequest['context'];

/**
 * Decides each call by the synthesized policies of the role that makes it. A caller signs with its role's name as
 * access key id, so that the endpoint knows who calls.
 */
export class AccessControl {
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #keys: ReadonlyMap<string, string | null>;

  constructor(roles: readonly Role[], buckets: readonly DeployedBucket[]) {
    this.#roles = new Map(roles.flatMap((role) => [[role.name, role] as const, [role.arn, role] as const]));
    this.#keys = new Map(buckets.map(({ name, keyArn }) => [name, keyArn]));
  }

  /**
   * Why the role may not make the call, as AWS words it; undefined where it may.
   *
   * @param context condition keys that the call's parameters set
   */
  denialOf(caller: string, call: ApiCall, context: RequestContext = {}): string | undefined {
    const role = this.#roles.get(caller);
    if (role === undefined) return `The security token included in the request is invalid: no role is called ${caller}`;
    for (const request of requestsOf(call)) {
      const decision = evaluate(role.policies, { ...request, context: { ...context, ...request.context } });
      if (decision.effect === 'Deny') return `User: ${role.arn} ${sentenceEnd(decision.reason)}`;
    }
    return undefined;
  }

  /** @throws ServiceError AccessDeniedException */
  require(caller: string, call: ApiCall, context: RequestContext = {}): void {
    const denial = this.denialOf(caller, call, context);
    if (denial !== undefined) throw new ServiceError('AccessDeniedException', 400, denial);
  }

  /** @throws ServiceError NoSuchBucket */
  objectResources(bucket: string, key: string): ApiCall['resources'] {
    const keyArn = this.#keyOf(bucket);
    return { object: [`arn:aws:s3:::${bucket}/${key}`], ...(keyArn === null ? {} : { key: [keyArn] }) };
  }

  #keyOf(bucket: string): string | null {
    const keyArn = this.#keys.get(bucket);
    if (keyArn === undefined)
      throw new ServiceError('NoSuchBucket', 404, `The specified bucket does not exist: ${bucket}`);
    return keyArn;
  }
}

/** A decision's reason without a subject of its own. */
const sentenceEnd = (reason: string): string => reason.replace(/^User: \S+ /, '');
