import type { Application } from 'carillon';

/** The page at `/`: the way to each example. */
export function startPage(applications: readonly Application<any, any>[]): (request: Request) => Response | undefined {
  const html = render(applications);
  return (request) => {
    if (new URL(request.url).pathname !== '/') return undefined;
    return new Response(html, {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        'X-Content-Type-Options': 'nosniff',
      },
    });
  };
}

function render(applications: readonly Application<any, any>[]): string {
  const entries = applications.map(
    ({ name, description = '' }) => `
    <li>
      <h2><a href="/${name}/">${escapeHtml(name)}</a></h2>
      <p>${escapeHtml(description)}</p>
      <p class="more"><a href="/${name}/openapi.json">OpenAPI</a> <a href="/${name}/health/ready">Health</a></p>
    </li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Carillon examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
    body { max-width: 42rem; margin: 12vh auto; padding: 0 1.25rem; }
    h1 { font-weight: 600; letter-spacing: -0.01em; }
    ul { list-style: none; padding: 0; }
    li { padding: 1rem 0; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
    h2 { margin: 0; font-size: 1.3rem; text-transform: capitalize; }
    p { margin: 0.25rem 0; }
    .more { font-size: 0.85rem; }
    .more a { margin-right: 1rem; }
    a { color: light-dark(#1d5f8a, #8cc7ee); text-underline-offset: 0.15em; }
  </style>
</head>
<body>
  <h1>Carillon examples</h1>
  <p>Each is an application of its own. Whoever rings one bell does not know who listens.</p>
  <ul>${entries.join('')}
  </ul>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
