/** A state machine as its definition writes it; what the generator makes and the adversary executes. */
export interface RawScope {
  readonly QueryLanguage?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, RawState>>;
  readonly ProcessorConfig?: { readonly Mode?: string; readonly ExecutionType?: string };
}

export interface RawRetrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
}

export interface RawCatcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
  readonly Output?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>>;
}

export interface RawRule {
  readonly Next?: string;
  readonly Condition?: string;
  readonly Variable?: string;
  readonly And?: readonly RawRule[];
  readonly Or?: readonly RawRule[];
  readonly Not?: RawRule;
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: unknown;
  readonly [comparison: string]: unknown;
}

export interface RawState {
  readonly Type: 'Task' | 'Parallel' | 'Map' | 'Choice' | 'Pass' | 'Wait' | 'Succeed' | 'Fail';
  readonly QueryLanguage?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly Parameters?: unknown;
  readonly Retry?: readonly RawRetrier[];
  readonly Catch?: readonly RawCatcher[];
  readonly Branches?: readonly RawScope[];
  readonly ItemProcessor?: RawScope;
  readonly Iterator?: RawScope;
  readonly Items?: unknown;
  readonly ItemsPath?: string;
  readonly ItemReader?: unknown;
  readonly MaxConcurrency?: number;
  readonly ToleratedFailurePercentage?: number;
  readonly ToleratedFailureCount?: number;
  readonly Choices?: readonly RawRule[];
  readonly Default?: string;
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: unknown;
  readonly Result?: unknown;
  readonly ResultPath?: string | null;
  readonly [field: string]: unknown;
}
