/**
 * Resource types that a run's bound knows. `metered`: what they cost is bounded where a run uses them. `standing`:
 * billed by the month, whatever runs. `free`: nothing by themselves; what they let happen is metered elsewhere.
 */
export const KNOWN_RESOURCES: Readonly<Record<string, 'metered' | 'standing' | 'free'>> = {
  'AWS::StepFunctions::StateMachine': 'metered',
  'AWS::Lambda::Function': 'metered',
  'AWS::Glue::Job': 'metered',
  'AWS::Events::Rule': 'metered',
  'AWS::Scheduler::Schedule': 'metered',
  'AWS::KMS::Key': 'standing',
  'AWS::S3::Bucket': 'standing',
  'AWS::Logs::LogGroup': 'standing',
  'AWS::SNS::Topic': 'standing',
  'AWS::SQS::Queue': 'standing',
  'AWS::CloudWatch::Alarm': 'standing',
  'AWS::Budgets::BudgetsAction': 'standing',
  'AWS::Budgets::Budget': 'free',
  'AWS::KMS::Alias': 'free',
  'AWS::S3::BucketPolicy': 'free',
  'AWS::SNS::TopicPolicy': 'free',
  'AWS::SNS::Subscription': 'free',
  'AWS::SQS::QueuePolicy': 'free',
  'AWS::IAM::Role': 'free',
  'AWS::IAM::Policy': 'free',
  'AWS::IAM::ManagedPolicy': 'free',
  'AWS::Glue::Database': 'free',
  'AWS::Glue::Table': 'free',
  'AWS::Glue::SecurityConfiguration': 'free',
  'AWS::Glue::UsageProfile': 'free',
  'AWS::Lambda::Permission': 'free',
  'AWS::Lambda::EventInvokeConfig': 'free',
  'AWS::Scheduler::ScheduleGroup': 'free',
  'AWS::SageMaker::ModelPackageGroup': 'free',
  'AWS::CDK::Metadata': 'free',
};

/** What AWS gives no cap for and no template property limits: named beside every bound, not part of it. */
export const DECLARED = [
  'volume of CloudWatch logs',
  'S3 requests and storage of the jobs',
  'KMS requests',
  'data transfer out of the region',
  'upload time of a job after it was stopped',
] as const;
