import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import svelteConfig from './svelte.config.js';

const release = svelteConfig.kit?.version?.name ?? 'dev';
const server = `127.0.0.1:${process.env.PORT ?? 8787}`;

// adapter-static copies this folder to build/ and wipes build/ first, so the service worker has to be written here.
const client = '.svelte-kit/output/client';

export default defineConfig({
  plugins: [
    sveltekit(),
    VitePWA({
      // SvelteKit builds with relative addresses; a tablet's first page may be a deep link, so the worker's must be absolute.
      base: '/',
      registerType: 'prompt',
      injectRegister: false,
      outDir: client,
      manifest: {
        id: '/',
        name: '邻伙 Linhuo',
        short_name: '邻伙',
        description: '社区走访、活动与积分台账，断网也能用。',
        lang: 'zh-CN',
        dir: 'ltr',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        theme_color: '#f6f3ec',
        background_color: '#f6f3ec',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globDirectory: client,
        globPatterns: ['**/*.{js,css,html,ico,png,svg,woff2,webmanifest}'],
        // The shell is written by the adapter after this plugin has run, so it is named here rather than found.
        additionalManifestEntries: [{ url: '/', revision: release }],
        navigateFallback: '/',
        // `/sync` itself is a page, the badge's; the sockets are below it.
        navigateFallbackDenylist: [/^\/api(\/|$)/, /^\/sync\//, /^\/healthz$/],
        // A tablet is ready for the stairwell after its first visit, without a reload; and no window is left out of a later update.
        clientsClaim: true,
        dontCacheBustURLsMatching: /_app\/immutable\//,
      },
    }),
  ],
  worker: { format: 'es' },
  // How long each plugin took is no news to someone who only wants to start the app.
  build: { rolldownOptions: { checks: { pluginTimings: false } } },
  server: {
    proxy: {
      '/api': { target: `http://${server}` },
      '^/sync/': { target: `ws://${server}`, ws: true },
    },
  },
});
