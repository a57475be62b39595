import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtPath, packagePath } from '../../../lib/constructs/package-root.ts';

describe('paths of the package', () => {
  it('begin where its package.json lies', () => {
    expect(existsSync(packagePath('package.json'))).toBe(true);
  });

  it('name the build where something was not built', () => {
    expect(() => builtPath('dist', 'lambdas', 'no-such-function')).toThrow(
      expect.objectContaining({ code: 'not-built', resolution: 'run npm run build' }),
    );
  });
});
