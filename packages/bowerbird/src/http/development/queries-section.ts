import { type QueryRecord } from '#core';

import { escapeText } from '../errors/escape.js';

const SQL_WORDS =
  /\b(SELECT|FROM|WHERE|AND|OR|NOT|NULL|IS|IN|LIKE|INSERT|INTO|VALUES|UPDATE|SET|DELETE|LEFT|INNER|JOIN|ON|AS|ORDER|GROUP|BY|HAVING|LIMIT|OFFSET|COUNT|DISTINCT|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|RETURNING|CREATE|TABLE|ALTER|INDEX|EXISTS|UNION|ASC|DESC)\b/gi;

/** The statements that the request had sent before it failed. */
export function queriesSection(queries: readonly QueryRecord[]): string {
  const total = queries.reduce((sum, { duration }) => sum + duration, 0);
  const dropped = (queries as { readonly dropped?: number }).dropped ?? 0;
  const more = dropped > 0 ? ` <span class="more">${dropped} more are not shown.</span>` : '';
  if (queries.length === 0)
    return '<section id="queries"><h2>Queries</h2><p class="none">The request sent no statement to a database.</p></section>';
  return `<section id="queries"><h2>Queries</h2>
<p class="total">${queries.length} statements in ${total.toFixed(1)} ms.${more}</p>
<ol class="queries">${renderAll(queries)}</ol></section>`;
}

function renderAll(queries: readonly QueryRecord[]): string {
  const counts = new Map<string, number>();
  for (const { sql } of queries) counts.set(sql, (counts.get(sql) ?? 0) + 1);
  return queries.map((query) => renderOne(query, counts.get(query.sql)!)).join('');
}

function renderOne({ sql, duration }: QueryRecord, times: number): string {
  const repeated =
    times > 1 ? `<b class="repeated" title="The same statement was sent ${times} times">×${times}</b>` : '';
  const text = escapeText(sql.length > 4000 ? `${sql.slice(0, 4000)}…` : sql).replace(
    SQL_WORDS,
    '<i class="t-keyword">$1</i>',
  );
  return `<li><code>${text}</code><span class="time">${repeated}${duration.toFixed(2)} ms</span></li>`;
}
