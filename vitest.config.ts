import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/support/repeatable-draws.ts'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/architecture/canary/**', 'node_modules/**'],
    sequence: { shuffle: true },
    testTimeout: 300_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
