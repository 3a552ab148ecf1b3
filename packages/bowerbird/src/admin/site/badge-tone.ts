/** Colors of badges. */
export type BadgeTone = 'gray' | 'blue' | 'green' | 'amber' | 'red' | 'violet' | 'teal' | 'pink';

/** Words whose color people expect. */
const MEANINGS: Readonly<Record<BadgeTone, RegExp | null>> = {
  green:
    /^(active|published|public|approved|done|paid|completed?|success|open|enabled|available|accepted|delivered|live)$/i,
  amber: /^(pending|waiting|review|in_?review|scheduled|warning|paused|on_?hold|processing|partial)$/i,
  red: /^(failed|rejected|spam|cancell?ed|blocked|error|banned|overdue|declined|deleted|critical)$/i,
  gray: /^(draft|archived|closed|inactive|disabled|unknown|none|hidden|private|new)$/i,
  blue: null,
  violet: null,
  teal: null,
  pink: null,
};

const NEUTRAL: readonly BadgeTone[] = ['blue', 'violet', 'teal', 'pink', 'gray'];

/** The color of a choice: by its meaning where the word has one, otherwise always the same one for the same value. */
export function badgeTone(value: string): BadgeTone {
  const meant = Object.entries(MEANINGS).find(([, words]) => words?.test(value));
  if (meant) return meant[0] as BadgeTone;
  const sum = Buffer.from(value).reduce((total, byte) => (total * 31 + byte) % 1_000_003, 7);
  return NEUTRAL[sum % NEUTRAL.length]!;
}
