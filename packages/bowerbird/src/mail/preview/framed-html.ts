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

/** The HTML of a mail for a frame, with the parts that it shows in it. */
export function framedHtml({ html, attachments }: ComposedMail): Reply {
  const shown = attachments.reduce((text, { inline, contentType, content }) => {
    const data = `data:${contentType.split(';', 1)[0]!};base64,${Buffer.from(content).toString('base64')}`;
    return inline === null ? text : text.replaceAll(`cid:${inline}`, data);
  }, html ?? '');
  return Reply.html(`<base target="_blank">${shown}`, {
    headers: { 'Content-Security-Policy': POLICY, 'X-Frame-Options': 'SAMEORIGIN', 'Cache-Control': 'no-store' },
  });
}
