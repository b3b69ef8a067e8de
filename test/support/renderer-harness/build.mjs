// Builds the renderer with the fake bridge into a folder: node build.mjs [out]
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

export const buildHarness = async (outDir) => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome150',
      modulePreload: { polyfill: false },
      minify: false,
    },
  });
  return outDir;
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(await buildHarness(process.argv[2] ?? '/tmp/probity-harness'));
