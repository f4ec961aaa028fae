import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page is served under `/library/` by the host, from `dist-ui`. `npm run dev` asks a running host for everything else. */
export default defineConfig({
  root: new URL('./ui', import.meta.url).pathname,
  base: '/library/',
  plugins: [react()],
  build: {
    outDir: '../dist-ui',
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
  },
});
