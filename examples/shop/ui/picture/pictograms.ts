/** Line drawings on a field of 48 by 48, by the words they stand for. The first that fits is taken. */
const pictograms: readonly (readonly [words: RegExp, path: string])[] = [
  [/bell|singing/i, 'M24 8c-8 0-11 6-11 13 0 6-2 9-4 12h30c-2-3-4-6-4-12 0-7-3-13-11-13ZM24 8V5M20 37c0 6 8 6 8 0'],
  [/drill/i, 'M8 12h22l4 4-4 8H8ZM34 18h9M12 24l-3 16h10l2-16'],
  [/knife|saw\b|trowel/i, 'M8 38 30 16c3-3 7-5 11-5-1 5-3 9-6 12L21 30M8 38l-2-2 8-8 4 4-8 8-2-2'],
  [/board|pad|mat\b|rug|blanket|towel|cover|pillow|napkin/i, 'M10 12h28v24H10ZM15 17h18M15 22h18M15 27h12'],
  [/saucepan|casserole|bowl|platter/i, 'M6 22h36M9 22c0 10 5 16 15 16s15-6 15-16M18 16c0-3 3-3 3-6M27 16c0-3 3-3 3-6'],
  [/frying pan/i, 'M28 20 43 8M19 40a12 12 0 1 0 0-24 12 12 0 0 0 0 24ZM19 34a6 6 0 1 0 0-12'],
  [/hammer/i, 'M12 9h15c5 0 8 3 9 7-3-2-6-2-9-2v3H12ZM17 17h6v24h-6Z'],
  [/screwdriver/i, 'M18 6h12l-2 16h-8ZM24 22v14M21 36h6l-1 6h-4Z'],
  [/spanner|pliers/i, 'M33 7a9 9 0 0 0-8 12L8 36a4 4 0 0 0 5 5l17-17a9 9 0 0 0 12-9l-6 4-5-2-1-5Z'],
  [/watering can/i, 'M13 20h18v20H13ZM13 24c-8 0-8 12 0 12M31 28l9-12M37 12l6 6M16 20c0-8 12-8 12 0'],
  [/teapot/i, 'M12 22c0 10 4 16 12 16s12-6 12-16ZM18 22c0-4 3-6 6-6s6 2 6 6M24 16v-3M36 26l7-6M12 25c-8-2-8 9 2 9'],
  [
    /scales|tape measure|level|compass/i,
    'M24 41a17 17 0 1 0 0-34 17 17 0 0 0 0 34ZM24 24l7-9M24 12v-1M36 24h1M11 24h1M24 24v0',
  ],
  [/moka|kettle/i, 'M15 18h18l3 22H12ZM18 18l2-8h8l2 8M36 24c6 0 6 9 1 11M12 26l-6-5'],
  [/grinder|mill|dispenser|lantern/i, 'M16 40h16V26H16ZM18 26c-3-5-1-11 6-11s9 6 6 11M24 15V8h9M14 40h20M22 33h4'],
  [
    /beans|tea|seeds|filters|clay|soap/i,
    'M14 10h20l-2 6 4 24H12l4-24ZM16 16h16M24 34c-5-2-5-8 0-11 5 3 5 9 0 11ZM24 34v-7',
  ],
  [/cups?|mug/i, 'M10 15h24v14c0 6-4 10-12 10S10 35 10 29ZM34 19c8-2 8 12 0 11M17 9c0-2 2-2 2-4M25 9c0-2 2-2 2-4'],
  [/plate|dripper/i, 'M24 41a17 17 0 1 0 0-34 17 17 0 0 0 0 34ZM24 33a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z'],
  [/glass|vase/i, 'M15 8h18l-1 12c0 6-3 9-8 9s-8-3-8-9ZM24 29v10M16 40h16M16 17h16'],
  [/cutlery/i, 'M14 8v32M9 8v8c0 6 10 6 10 0V8M33 40V8c-6 3-7 12-6 18h6'],
  [
    /lamp|light|bulb|torch/i,
    'M18 33h12M20 38h8M18 33c0-5-6-7-6-14a12 12 0 0 1 24 0c0 7-6 9-6 14M24 33V23M20 21l4 3 4-3',
  ],
  [/notebook|calendar|paper|wallet/i, 'M12 8h24v32H12ZM18 8v32M23 16h8M23 22h8'],
  [/pen\b|pencils|ink/i, 'M12 36 9 40l4-2 22-22-4-4ZM31 12l3-3 4 4-3 3M26 17l4 4'],
  [/tray|basket|box|cubes/i, 'M8 20h32l-4 20H12ZM14 20c0-8 4-12 10-12s10 4 10 12M19 26v8M29 26v8M24 26v8'],
  [/rucksack|tote|bag|sleeve/i, 'M12 18h24v22H12ZM18 18c0-12 12-12 12 0M12 27h24M20 27v5h8v-5'],
  [
    /umbrella|tent/i,
    'M24 9C14 9 7 17 6 27c4-4 8-4 12 0 4-4 8-4 12 0 4-4 8-4 12 0C41 17 34 9 24 9ZM24 9V6M24 26v11c0 5 7 5 7 0',
  ],
  [
    /secateurs|gloves|twine/i,
    'M16 8c0 12 6 14 11 20M32 8c0 12-6 14-11 20M17 41a5 5 0 1 0 0-11 5 5 0 0 0 0 11ZM31 41a5 5 0 1 0 0-11 5 5 0 0 0 0 11Z',
  ],
  [/pot|feeder/i, 'M12 24h24l-3 16H15ZM24 24V14M24 16c-1-6-6-8-10-7 0 6 5 8 10 7ZM24 19c1-5 5-7 9-6 0 5-4 7-9 6Z'],
  [/bottle|carafe|flask/i, 'M20 6h8v8c5 3 6 6 6 10v16H14V24c0-4 1-7 6-10ZM14 26h20M14 34h20'],
  [/chess|dominoes|blocks/i, 'M9 9h30v30H9ZM9 19h30M9 29h30M19 9v30M29 9v30'],
  [/cards|puzzle/i, 'M9 15 25 9l9 25-16 6ZM27 9h10v27h-2M19 22c3-3 6 0 5 4-4 0-7-2-5-4Z'],
  [
    /train/i,
    'M8 16h14v14H8ZM22 20h10l6 10M8 30h32v4H8ZM14 40a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM33 40a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM28 20v-7',
  ],
  [/kite|yo-yo/i, 'M24 6 37 20 24 34 11 20ZM24 6v28M11 20h26M24 34c-4 3 4 4 0 8'],
  [/chime/i, 'M8 10h32M14 10v22M20 10v28M28 10v26M34 10v18M24 6v4'],
];

/** Something that is not drawn comes in a parcel. */
const parcel = 'M8 16 24 8l16 8v17l-16 8-16-8ZM8 16l16 8 16-8M24 24v17M16 12l16 8';

/** The drawing of a product, as the path of a line. */
export function pictogramOf(name: string): string {
  return pictograms.find(([words]) => words.test(name))?.[1] ?? parcel;
}
