import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// SvelteKit evaluates this file more than once in a build: the first value is kept so that the shell,
// its cache revision and version.json all name the same release.
process.env.APP_VERSION ??= new Date().toISOString();

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ fallback: 'index.html', precompress: true }),
    alias: {
      $domain: 'src/domain',
      $protocol: 'src/protocol',
      $replica: 'src/replica',
      $exchange: 'src/exchange',
      $client: 'src/client',
    },
    version: { name: process.env.APP_VERSION },
  },
};
