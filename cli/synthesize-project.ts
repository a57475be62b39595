import { synthesizeForReview } from '../local/cost/synthesize-for-review.ts';
import type { Terminal } from './command.ts';
import { LiveView } from './live-view.ts';

/** Synthesizes the project where anything of it changed, and says so; the folder of its assembly. */
export async function synthesizeProject(directory: string, terminal: Terminal): Promise<string> {
  const view = new LiveView(terminal, Date.now);
  try {
    return await synthesizeForReview(directory, { notify: view.notify, tell: (text) => view.tell(text) });
  } finally {
    view.close();
  }
}
