import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import type { StackTemplate } from '../cost/templates/template-set.ts';

/** Assets stay where they are: their hashes are all that a draft needs. */
const DRAFT_CONTEXT = { 'aws:cdk:disable-asset-staging': true };

/**
 * Templates of the stacks that `compose` makes, synthesized aside with the app's own context. The draft is not
 * validated: the app that is deployed is.
 */
export function draftTemplates(app: App, compose: (draft: App) => void): readonly StackTemplate[] {
  const outdir = mkdtempSync(join(tmpdir(), 'hundredfold-draft-'));
  try {
    const draft = new App({
      outdir,
      autoSynth: false,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
      postCliContext: { ...app.node.getAllContext(), ...DRAFT_CONTEXT },
    });
    compose(draft);
    return draft.synth().stacks.map(({ stackName, template }) => ({ stack: stackName, template: Object(template) }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
