import { type WrittenConfig } from '../search/search-config.js';
import { type SearchNode, type SearchText } from '../search/search-node.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/**
 * A query as PostgreSQL's own full-text search has it. Its texts are values of functions that take any text; only what
 * they have no word for is written in the language of `to_tsquery`, in quotes.
 */
export function tsqueryOf(node: SearchNode, config: WrittenConfig): Sql {
  const part = (each: SearchNode): Sql => tsqueryOf(each, config);
  if (node.op === 'text') return textQuery(node, config.sql);
  if (node.op === 'not') return sql`(!!${part(node.part)})`;
  if (node.op === 'near')
    return sql`TSQUERY_PHRASE(${part(node.left)}, ${part(node.right)}, ${raw(String(node.distance))})`;
  if (node.parts.length === 0) return raw(`''::tsquery`);
  return sql`(${join(node.parts.map(part), node.op === 'and' ? ' && ' : ' || ')})`;
}

/** Whether a query asks for words of some weights. */
export function asksForWeights(node: SearchNode): boolean {
  if (node.op === 'text') return node.weights !== '';
  if (node.op === 'not') return asksForWeights(node.part);
  return (node.op === 'near' ? [node.left, node.right] : node.parts).some(asksForWeights);
}

function textQuery({ text, together, prefix, weights }: SearchText, config: Sql): Sql {
  const flags = `${prefix ? '*' : ''}${weights}`;
  if (flags === '') return sql`${raw(together ? 'PHRASETO_TSQUERY' : 'PLAINTO_TSQUERY')}(${config}, ${bind(text)})`;
  if (weights !== '') return flagged(text, flags, config);
  const [, before = '', last = ''] = /^(.*\s)?(\S*)\s*$/s.exec(text) ?? [];
  if (before.trim() === '') return flagged(last, flags, config);
  return sql`(PHRASETO_TSQUERY(${config}, ${bind(before)}) <-> ${flagged(last, flags, config)})`;
}

/** A word with what stands behind its colon. No text at all is an error of that language. */
function flagged(text: string, flags: string, config: Sql): Sql {
  if (text.trim() === '') return raw(`''::tsquery`);
  const quoted = text.replaceAll('\\', '\\\\').replaceAll("'", "''");
  return sql`TO_TSQUERY(${config}, ${bind(`'${quoted}':${flags}`)})`;
}
