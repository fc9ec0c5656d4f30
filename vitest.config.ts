import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (folder: string) => fileURLToPath(new URL(`./src/${folder}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      $domain: src('domain'),
      $protocol: src('protocol'),
      $replica: src('replica'),
      $exchange: src('exchange'),
      $client: src('client'),
      $lib: src('lib'),
    },
  },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'tests/browser/**'],
    // A shared two-core machine is slow without being wrong; a hang still fails.
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
