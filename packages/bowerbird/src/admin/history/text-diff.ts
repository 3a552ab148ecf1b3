/** A piece of two texts that were compared. A gap stands for a long stretch that is the same in both. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added' | 'gap';
  readonly text: string;
}

/** Words that may differ before the rest counts as replaced as a whole; bounds the work on rewritten texts. */
const MOST_EDITS = 400;
/** Unchanged characters that stay around a change. */
const CONTEXT = 80;

/** What changed between two texts, word by word. */
export function diffTexts(before: string, after: string): readonly DiffPart[] {
  const [old, now] = [words(before), words(after)];
  const head = commonHead(old, now);
  const tail = commonTail(old, now, head);
  const middle = edits(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const parts = [
    { kind: 'same' as const, text: old.slice(0, head).join('') },
    ...middle,
    { kind: 'same' as const, text: old.slice(old.length - tail).join('') },
  ];
  return abridged(tidied(joined(parts)));
}

/** Words, single marks, and the space between. */
function words(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|\s+|[^\s]/gu) ?? [];
}

function commonHead(old: readonly string[], now: readonly string[]): number {
  let length = 0;
  while (length < old.length && length < now.length && old[length] === now[length]) length += 1;
  return length;
}

function commonTail(old: readonly string[], now: readonly string[], head: number): number {
  let length = 0;
  const most = Math.min(old.length, now.length) - head;
  while (length < most && old[old.length - 1 - length] === now[now.length - 1 - length]) length += 1;
  return length;
}

/** The shortest edit script (E. Myers, "An O(ND) Difference Algorithm", 1986). */
function edits(old: readonly string[], now: readonly string[]): readonly DiffPart[] {
  const trace = search(old, now);
  if (!trace) return [part('removed', old), part('added', now)];
  const parts: DiffPart[] = [];
  let [x, y] = [old.length, now.length];
  for (let d = trace.length - 1; d > 0; d -= 1) {
    const reached = trace[d - 1]!;
    const diagonal = x - y;
    const down = goesDown(reached, diagonal, d);
    const from = reached.get(down ? diagonal + 1 : diagonal - 1)!;
    const [startX, startY] = down ? [from, from - diagonal] : [from + 1, from + 1 - diagonal];
    while (x > startX && y > startY) {
      parts.push({ kind: 'same', text: old[x - 1]! });
      x -= 1;
      y -= 1;
    }
    parts.push(down ? { kind: 'added', text: now[(y -= 1)]! } : { kind: 'removed', text: old[(x -= 1)]! });
  }
  while (x > 0) parts.push({ kind: 'same', text: old[(x -= 1)]! });
  return parts.reverse();
}

/** For each number of edits the furthest place in the old text on each diagonal; null when there are too many. */
function search(old: readonly string[], now: readonly string[]): readonly ReadonlyMap<number, number>[] | null {
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= MOST_EDITS; d += 1) {
    const before = trace.at(-1) ?? new Map<number, number>();
    const reached = new Map(before);
    trace.push(reached);
    for (let diagonal = -d; diagonal <= d; diagonal += 2) {
      const down = goesDown(before, diagonal, d);
      let x = d === 0 ? 0 : down ? before.get(diagonal + 1)! : before.get(diagonal - 1)! + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      reached.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return trace;
    }
  }
  return null;
}

function goesDown(reached: ReadonlyMap<number, number>, diagonal: number, d: number): boolean {
  if (diagonal === -d) return true;
  return diagonal !== d && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1);
}

function part(kind: DiffPart['kind'], tokens: readonly string[]): DiffPart {
  return { kind, text: tokens.join('') };
}

/** Neighbors of one kind as one part. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const result: DiffPart[] = [];
  for (const { kind, text } of parts) {
    const last = result.at(-1);
    if (text === '') continue;
    if (last?.kind === kind) result[result.length - 1] = { kind, text: last.text + text };
    else result.push({ kind, text });
  }
  return result;
}

/** Changes with nothing but space or marks between them are one change: removals first, then additions. */
function tidied(parts: readonly DiffPart[]): readonly DiffPart[] {
  const result: DiffPart[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    const space = commonSpace(removed, added);
    const cut = (text: string) => text.slice(0, text.length - space.length);
    result.push(
      { kind: 'removed', text: cut(removed) },
      { kind: 'added', text: cut(added) },
      { kind: 'same', text: space },
    );
    [removed, added] = ['', ''];
  };
  parts.forEach(({ kind, text }, index) => {
    const between = kind === 'same' && index > 0 && index < parts.length - 1 && !/[\p{L}\p{N}\n]/u.test(text);
    if (kind === 'removed' || between) removed += text;
    if (kind === 'added' || between) added += text;
    if (kind !== 'same' || between) return;
    flush();
    result.push({ kind, text });
  });
  flush();
  return joined(result);
}

/** The space with which both of two texts end. */
function commonSpace(left: string, right: string): string {
  const [one, other] = [/\s*$/.exec(left)![0], /\s*$/.exec(right)![0]];
  const shorter = one.length < other.length ? one : other;
  return one.endsWith(shorter) && other.endsWith(shorter) ? shorter : '';
}

/** Long unchanged stretches without their middle; at the ends without their far part. */
function abridged(parts: readonly DiffPart[]): readonly DiffPart[] {
  return parts.flatMap((one, index): readonly DiffPart[] => {
    const { kind, text } = one;
    if (kind !== 'same' || text.length <= 2 * CONTEXT + 20) return [one];
    const head = index === 0 ? [] : [{ kind, text: headOf(text) }];
    const tail = index === parts.length - 1 ? [] : [{ kind, text: tailOf(text) }];
    return [...head, { kind: 'gap', text: ' … ' }, ...tail];
  });
}

/** Ends between words where there is one near, and never within a character of two units. */
function headOf(text: string): string {
  return text.slice(0, CONTEXT).replace(/(?:\s\S{0,20}|[\uD800-\uDBFF])$/, '');
}

function tailOf(text: string): string {
  return text.slice(-CONTEXT).replace(/^(?:\S{0,20}\s|[\uDC00-\uDFFF])/, '');
}
