/** What a task's Resource names. */
export type TaskResource =
  | { readonly kind: 'call'; readonly service: string; readonly name: string }
  | { readonly kind: 'function' }
  | { readonly kind: 'activity' }
  | { readonly kind: 'unknown' };

/**
 * Reads `arn:aws:states:::glue:startJobRun.sync`, `arn:aws:states:::aws-sdk:glue:startJobRun`, a function's ARN or
 * marker, an activity's ARN. Waiting for a job or a token costs nothing of its own.
 */
export function readTaskResource(resource: string): TaskResource {
  const integration = /^arn:(?:@\{[^}]*\}|[^:])+:states:[^:]*:[^:]*:(?:aws-sdk:)?([\w-]+):(\w+)(?:\.[\w.:]+)?$/.exec(
    resource,
  );
  const [, service, name] = integration ?? [];
  if (service !== undefined && name !== undefined && service !== 'activity') return { kind: 'call', service, name };
  if (/^arn:.*:states:.*:activity:/.test(resource)) return { kind: 'activity' };
  return /^arn:.*:lambda:.*:function:/.test(resource) || resource.startsWith('@{')
    ? { kind: 'function' }
    : { kind: 'unknown' };
}
