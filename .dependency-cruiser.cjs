// The floor plan: each floor uses the floors under it, never one above, never sideways. Type-only imports count.
const floors = [
  ['definitions'],
  ['sqlite', 'random', 'leasing'],
  ['log', 'read-database'],
  ['adapters'],
  ['deciding', 'projecting', 'querying', 'reacting'],
  ['runtime'],
  ['http', 'relay', 'client'],
  ['cli', 'testing', 'conformance'],
];
const source = 'packages/carillon/src';
const rooms = floors.flat().join('|');
const test = '\\.(test|test-d|fixture)\\.ts$';
const kitchenModules =
  'front-of-house|grill|cold-station|pass|runners|dish-washing|manager|floor|staff|guests|station|listeners';
const shopModules = 'storefront|ordering|inventory|payment|shipping';
const testCode = [test, '/test-support/', '/test-ui/', '^scripts/requires\\.ts$'];

/** Each room may import itself and the rooms of lower floors. */
const climbing = floors.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `floor-of-${room}`,
    comment: `${room} stands on floor ${floor}: it may import itself and lower floors, never sideways or up.`,
    severity: 'error',
    from: { path: `^${source}/${room}/`, pathNot: test },
    to: {
      path: `^${source}/`,
      pathNot: [`^${source}/(${[room, ...floors.slice(0, floor).flat()].join('|')})/`],
    },
  })),
);

module.exports = {
  forbidden: [
    ...climbing,
    {
      name: 'every-room-has-a-floor',
      comment: 'A new room is given its floor above, before anything is built in it.',
      severity: 'error',
      from: { path: `^${source}/[^/]+/`, pathNot: [`^${source}/(${rooms})/`, test] },
      to: {},
    },
    {
      name: 'no-way-into-unknown-rooms',
      comment: 'A new room is given its floor above, before anything is built in it.',
      severity: 'error',
      from: { pathNot: test },
      to: { path: `^${source}/[^/]+/`, pathNot: `^${source}/(${rooms})/` },
    },
    {
      name: 'no-circles',
      comment: 'Two files that import each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'definitions-are-pure',
      comment: 'Definitions run in a browser: no Node, no packages but the Standard Schema and Kysely types.',
      severity: 'error',
      from: { path: `^${source}/(definitions/|index\\.ts)`, pathNot: test },
      to: { pathNot: [`^${source}/definitions/`, 'node_modules/(@standard-schema/spec|kysely)/'] },
    },
    {
      name: 'client-is-for-browsers',
      comment: 'The client runs in a browser: it imports definitions and eventsource-parser only.',
      severity: 'error',
      from: { path: `^${source}/client/`, pathNot: test },
      to: { pathNot: [`^${source}/(client|definitions)/`, 'node_modules/eventsource-parser/'] },
    },
    {
      name: 'sqlite-through-the-driver',
      comment: 'The driver chooses the version of better-sqlite3 that fits the Node.',
      severity: 'error',
      from: { pathNot: [`^${source}/sqlite/driver\\.ts$`] },
      to: { path: 'better-sqlite3' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What ships does not import tests, nor what only they need.',
      severity: 'error',
      from: { path: '^(packages|examples)/[^/]+/(src|ui)/', pathNot: test },
      to: { path: testCode },
    },
    {
      name: 'examples-use-the-public-surface',
      comment: 'Examples are what people copy: they import the packages by name.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^packages/', dependencyTypes: ['local'] },
    },
    {
      name: 'examples-meet-by-name',
      comment: 'One example knows another by its name, as it would a package from npm.',
      severity: 'error',
      from: { path: '^examples/([^/]+)/' },
      to: { path: '^examples/', pathNot: '^examples/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'pages-know-no-example',
      comment: 'What the pages of the examples share does not know any of them: they bring their own.',
      severity: 'error',
      from: { path: '^examples/pages/' },
      to: { path: ['^examples/', '@carillon-examples/'], pathNot: '^examples/pages/' },
    },
    {
      name: 'shared-pages-are-for-browsers',
      comment:
        'What the pages share runs in a browser: React, Mantine, and of Carillon the definitions and the client.',
      severity: 'error',
      from: { path: '^examples/pages/ui/' },
      to: {
        pathNot: [
          '^examples/pages/ui/',
          '^packages/carillon/dist/(index|client/index)\\.(js|d\\.ts)$',
          'node_modules/(react|react-dom|@types/react|@types/react-dom|@mantine/core|@mantine/hooks)/',
        ],
      },
    },
    {
      name: 'modules-share-events-only',
      comment: 'The modules of the library know each other by published events and nothing else.',
      severity: 'error',
      from: { path: '^examples/library/src/(circulation|catalogue)/', pathNot: test },
      to: {
        path: '^examples/library/src/(circulation|catalogue)/',
        pathNot: ['^examples/library/src/$1/', '^examples/library/src/circulation/events\\.ts$'],
      },
    },
    {
      name: 'modules-of-the-kitchen-share-events-only',
      comment:
        'The modules of the kitchen know each other by their bells and nothing else; stations and listeners are made by one function each.',
      severity: 'error',
      from: { path: `^examples/kitchen/src/(${kitchenModules})/`, pathNot: test },
      to: {
        path: '^examples/kitchen/src/[^/]+/',
        pathNot: [
          '^examples/kitchen/src/$1/',
          `^examples/kitchen/src/(${kitchenModules})/events\\.ts$`,
          '^examples/kitchen/src/station/station(-bells)?\\.ts$',
          '^examples/kitchen/src/staff/listener\\.ts$',
        ],
      },
    },
    {
      name: 'modules-of-the-shop-share-events-only',
      comment: 'The modules of the shop know each other by published events and nothing else.',
      severity: 'error',
      from: { path: `^examples/shop/src/(${shopModules})/`, pathNot: test },
      to: {
        path: `^examples/shop/src/(${shopModules})/`,
        pathNot: ['^examples/shop/src/$1/', `^examples/shop/src/(${shopModules})/events\\.ts$`],
      },
    },
    {
      name: 'everything-is-found',
      comment: 'An import that cannot be resolved hides what it leads to.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // What is built is looked at when it is imported by name, and not followed.
    doNotFollow: { path: ['node_modules', '^(packages|examples)/[^/]+/(dist|dist-ui)/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    extraExtensionsToScan: [],
  },
};
