const context = document.createElement('canvas').getContext('2d');

/**
 * How wide the widest word of a title is, in ems. It is measured: which font there is, each system decides, and how wide letters are,
 * each alphabet.
 */
export function widestWord(title: string, fontFamily: string): number {
  if (context === null) return 0;
  context.font = `600 100px ${fontFamily}`;
  // A line may also end behind a hyphen.
  const words = title.split(/\s|(?<=-)/);
  return Math.max(...words.map((word) => context.measureText(word).width)) / 100;
}
