import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Construct } from 'constructs';
import { sha256 } from '../plan/fingerprint.ts';
import { type AssetObject, assetObject } from './asset-object.ts';

/** A rendered file: its bytes are a function of the definition. */
export interface RenderedFile extends AssetObject {
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
}

export interface RenderedText {
  readonly fileName: string;
  readonly content: string;
}

/** Stages a text as an asset of the app. */
export function renderedFile(scope: Construct, id: string, { fileName, content }: RenderedText): RenderedFile {
  const folder = mkdtempSync(join(tmpdir(), 'hundredfold-'));
  try {
    const path = join(folder, fileName);
    writeFileSync(path, content);
    return { ...assetObject(scope, id, { path }), sha256: sha256(content) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Texts of the files that a run reads: the programs of the jobs and of the handlers, and the price book. */
export interface RunFileTexts {
  readonly ingest: string;
  readonly trainingSet: string;
  readonly run: string;
  readonly priceBook: string;
}

/** What a run reads beside data. */
export class RunFiles extends Construct {
  readonly ingest: RenderedFile;
  readonly trainingSet: RenderedFile;
  readonly run: RenderedFile;
  readonly priceBook: RenderedFile;

  constructor(scope: Construct, id: string, texts: RunFileTexts) {
    super(scope, id);
    this.ingest = renderedFile(this, 'Ingest', { fileName: 'ingest.json', content: texts.ingest });
    this.trainingSet = renderedFile(this, 'TrainingSet', { fileName: 'training-set.json', content: texts.trainingSet });
    this.run = renderedFile(this, 'Run', { fileName: 'run.json', content: texts.run });
    this.priceBook = renderedFile(this, 'PriceBook', { fileName: 'price-book.json', content: texts.priceBook });
  }
}
