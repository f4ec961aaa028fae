import '@carillon-examples/pages/page.css';
import './page.css';

import { openPage } from '@carillon-examples/pages';
import { App } from './app.js';

// A part of the page that is no longer there: the shop was built anew since this window was opened. Once, not for ever.
window.addEventListener('vite:preloadError', () => {
  const reloadedAt = Number(window.sessionStorage.getItem('shop.reloaded'));
  window.sessionStorage.setItem('shop.reloaded', String(Date.now()));
  if (Date.now() - reloadedAt > 10_000) window.location.reload();
});

openPage(App);
