import type { ApiName } from '../../lib/iam/api-call.ts';
import { type JsonObject, textAt } from '../cloudformation/template.ts';
import type { JsonService } from './json-service.ts';
import { pageOf } from './pages.ts';
import { refuseOthers, requireText } from './parameters.ts';
import type { SageMakerBackend } from './sagemaker-backend.ts';

const CREATE_PARAMETERS = [
  'ModelPackageGroupName',
  'ModelPackageDescription',
  'InferenceSpecification',
  'ModelApprovalStatus',
  'CustomerMetadataProperties',
  'ModelMetrics',
  'ClientToken',
  'Domain',
  'Task',
];

/** Source of the page size: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModelPackages.html (2026-11-20). */
const MOST_PACKAGES = 100;

/** Versions of a model package group: created, listed, described, approved. */
export function modelPackageOperations(backend: SageMakerBackend): JsonService {
  const { packages, access } = backend;
  const authorize = (caller: string, api: ApiName, arn: string): void =>
    access.require(caller, { api, resources: { modelPackage: [arn] } });
  return {
    CreateModelPackage: async (caller, parameters) => {
      refuseOthers('CreateModelPackage', parameters, CREATE_PARAMETERS);
      const group = packages.groupOf(requireText(parameters, 'ModelPackageGroupName'));
      authorize(caller, 'sagemaker:CreateModelPackage', packages.arnOf(group, '*'));
      const created = await packages.create(group, parameters, backend.now() / 1000);
      return { ModelPackageArn: created['ModelPackageArn'] };
    },
    DescribeModelPackage: async (caller, parameters) => {
      const arn = requireText(parameters, 'ModelPackageName');
      authorize(caller, 'sagemaker:DescribeModelPackage', arn);
      return packages.get(arn);
    },
    UpdateModelPackage: async (caller, parameters) => {
      const arn = requireText(parameters, 'ModelPackageArn');
      refuseOthers('UpdateModelPackage', parameters, ['ModelPackageArn', 'ModelApprovalStatus', 'ApprovalDescription']);
      authorize(caller, 'sagemaker:UpdateModelPackage', arn);
      const { ModelPackageArn: _arn, ...fields } = parameters;
      await packages.update(arn, fields);
      return { ModelPackageArn: arn };
    },
    ListModelPackages: async (caller, parameters) => {
      access.require(caller, { api: 'sagemaker:ListModelPackages', resources: {} });
      return listPackages(backend, parameters);
    },
  };
}

async function listPackages({ packages }: SageMakerBackend, parameters: JsonObject): Promise<object> {
  const known = ['ModelPackageGroupName', 'ModelApprovalStatus', 'MaxResults', 'NextToken', 'SortBy', 'SortOrder'];
  refuseOthers('ListModelPackages', parameters, known);
  const group = packages.groupOf(requireText(parameters, 'ModelPackageGroupName'));
  const status = textAt(parameters, 'ModelApprovalStatus');
  const newestFirst = (await packages.list(group)).filter(
    (description) => status === undefined || textAt(description, 'ModelApprovalStatus') === status,
  );
  const ordered = textAt(parameters, 'SortOrder') === 'Ascending' ? newestFirst.toReversed() : newestFirst;
  const { items, next } = pageOf(ordered, parameters, MOST_PACKAGES);
  return { ModelPackageSummaryList: items.map(summaryOf), ...next };
}

const SUMMARY = [
  'ModelPackageGroupName',
  'ModelPackageVersion',
  'ModelPackageArn',
  'ModelPackageDescription',
  'ModelPackageStatus',
  'ModelApprovalStatus',
  'CreationTime',
];

const summaryOf = (description: JsonObject): JsonObject =>
  Object.fromEntries(SUMMARY.map((field) => [field, description[field]]));
