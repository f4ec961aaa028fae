const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** A language's name from its code: `en`, `eng` and `en-GB` are English. A code that nobody knows stays as it is. */
export function formatLanguage(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
