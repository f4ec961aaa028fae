import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const host = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`;

/**
 * Builds the page into `dist-ui`, from where the host serves it under `/kitchen/`. To change it and see the change at once, run
 * `npx vite` here beside `npm start`: then it comes from the sources, and asks the host for everything else.
 */
export default defineConfig({
  root: fileURLToPath(new URL('./ui', import.meta.url)),
  base: '/kitchen/',
  plugins: [react()],
  server: { proxy: { '^/kitchen/(commands|queries)/': host } },
  build: { outDir: '../dist-ui', emptyOutDir: true, chunkSizeWarningLimit: 700 },
});
