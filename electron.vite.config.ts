import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// Runtime dependencies are bundled, so that the package holds no node_modules but the native addon.
const external = ['electron', 'better-sqlite3', /^node:/];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/electron',
      externalizeDeps: false,
      target: 'node24',
      minify: false,
      rollupOptions: {
        input: {
          main: 'electron/main.ts',
          cli: 'electron/cli.ts',
          'job-host': 'electron/job-host.ts',
          'segment-host': 'electron/segment-host.ts',
          'store-host': 'electron/store-host.ts',
        },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: 'electron/preload.ts' },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    server: { port: 5173, strictPort: true, hmr: { protocol: 'ws', host: 'localhost', clientPort: 5173 } },
    build: {
      // The page's policy forbids data: addresses.
      assetsInlineLimit: 0,
      outDir: 'out/renderer',
      target: 'chrome150',
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: 'renderer/index.html' } },
    },
  },
});
