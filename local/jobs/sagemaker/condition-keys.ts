import { type JsonObject, numberAt, objectAt, textAt } from '../../cloudformation/template.ts';

/**
 * The context with which AWS decides about the creation of a training or processing job, as far as the parameters say
 * it. Every policy that limits jobs rests on these keys.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (2026-11-20).
 */
export function creationContext(parameters: JsonObject): Readonly<Record<string, string>> {
  const cluster = objectAt(objectAt(parameters, 'ProcessingResources'), 'ClusterConfig');
  const instance = textAt(objectAt(parameters, 'ResourceConfig'), 'InstanceType') ?? textAt(cluster, 'InstanceType');
  const seconds = numberAt(objectAt(parameters, 'StoppingCondition'), 'MaxRuntimeInSeconds');
  const isolation =
    parameters['EnableNetworkIsolation'] ?? objectAt(parameters, 'NetworkConfig')['EnableNetworkIsolation'];
  return {
    ...(seconds === undefined ? {} : { 'sagemaker:MaxRuntimeInSeconds': String(seconds) }),
    ...(instance === undefined ? {} : { 'sagemaker:InstanceTypes': instance }),
    'sagemaker:NetworkIsolation': String(isolation ?? false),
  };
}
