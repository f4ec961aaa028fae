import { type ComponentType, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

/** Shows a page in the window, in the element `root` of its `index.html`. */
export function openPage(App: ComponentType): void {
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
