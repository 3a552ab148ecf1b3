import { Reply } from '#http';

import { type ComposedMail } from '../composed-mail.js';

/**
 * No script runs, no form is sent, and nothing can reach the page around; pictures and styles are what mail programs show.
 * Links open in tabs of their own.
 */
const POLICY = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline' https:",
  'img-src data: http: https:',
  'font-src data: https:',
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const BASE = '<base target="_blank">';

/** The HTML of a mail for a frame, with the parts that it shows in it. */
export function framedHtml(mail: ComposedMail): Reply {
  return Reply.html(withBase(withParts(mail)), {
    headers: { 'Content-Security-Policy': POLICY, 'X-Frame-Options': 'SAMEORIGIN', 'Cache-Control': 'no-store' },
  });
}

/** Behind the document type, without which browsers draw as they did in the nineties. */
function withBase(html: string): string {
  const place = /<head(?:\s[^>]*)?>/i.test(html) ? /<head(?:\s[^>]*)?>/i : /^(?:\s*<!doctype[^>]*>)?/i;
  return html.replace(place, (before) => before + BASE);
}

function withParts({ html, attachments }: ComposedMail): string {
  const addresses = new Map(
    attachments.map(({ inline, contentType, content }) => [
      inline,
      `data:${contentType.split(';', 1)[0]!};base64,${Buffer.from(content).toString('base64')}`,
    ]),
  );
  return (html ?? '').replaceAll(/cid:([\w.@-]+)/g, (whole, name: string) => addresses.get(name) ?? whole);
}
