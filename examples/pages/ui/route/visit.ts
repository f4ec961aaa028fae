/** How far down each visited place was read, by visit. */
const scrolledTo = new Map<number, number>();

// Browsers restore the scroll position before the page has drawn what was there.
window.history.scrollRestoration = 'manual';
window.addEventListener('scroll', () => scrolledTo.set(window.history.state?.visit, window.scrollY), { passive: true });

/**
 * Called when a place is on the screen: the history's entry is marked as visited, and the window scrolls to where it was, or
 * to the top.
 *
 * @returns whether we came here anew: not by "back", and not by loading the page
 */
export function arrive(): boolean {
  const visit: number | undefined = window.history.state?.visit;
  if (visit !== undefined) {
    window.scrollTo({ top: scrolledTo.get(visit) ?? 0 });
    return false;
  }
  const isFirst = scrolledTo.size === 0;
  const now = Date.now();
  window.history.replaceState({ visit: now }, '');
  scrolledTo.set(now, 0);
  window.scrollTo({ top: 0 });
  return !isFirst;
}
