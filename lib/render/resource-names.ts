import type { HandlerName } from '../runs/handlers.ts';

/** Handlers that the state machine invokes; the other one starts it. */
export type RunHandler = Exclude<HandlerName, 'start-run'>;

/**
 * What the state machine calls and reads, by name. Each is a text, known or a deployment token; none may contain a
 * single quote, for some become part of a JSONata string.
 */
export interface ResourceNames {
  /** Name of the data bucket. */
  readonly bucket: string;
  /** ARN of the key that encrypts what the jobs write. */
  readonly key: string;
  readonly ingestJob: string;
  readonly trainingSetJob: string;
  readonly auditJob: string;
  /** URIs of the programs that the Glue jobs read. */
  readonly programs: { readonly ingest: string; readonly trainingSet: string };
  /** URI of the job code archive, and its file name. */
  readonly code: { readonly uri: string; readonly file: string };
  /** Image of training and evaluation. */
  readonly image: string;
  /** ARN of the role of training and processing jobs. */
  readonly jobRole: string;
  /** ARNs of the handlers. */
  readonly handlers: Readonly<Record<RunHandler, string>>;
  /** SHA-256 of the templates from which the bound was computed; absent in the draft that it is computed over. */
  readonly definitionDigest?: string;
}
