/** The directives of a content security policy (https://www.w3.org/TR/CSP3/). */
export type CspDirective =
  | 'base-uri'
  | 'child-src'
  | 'connect-src'
  | 'default-src'
  | 'font-src'
  | 'form-action'
  | 'frame-ancestors'
  | 'frame-src'
  | 'img-src'
  | 'manifest-src'
  | 'media-src'
  | 'object-src'
  | 'report-to'
  | 'report-uri'
  | 'require-trusted-types-for'
  | 'sandbox'
  | 'script-src'
  | 'script-src-attr'
  | 'script-src-elem'
  | 'style-src'
  | 'style-src-attr'
  | 'style-src-elem'
  | 'trusted-types'
  | 'upgrade-insecure-requests'
  | 'worker-src';

/** A policy: sources by directive. An empty list is a directive without sources; false removes the directive. */
export type CspDirectives = Readonly<Partial<Record<CspDirective, readonly string[] | false>>>;

/** Source expressions, quoted as policies need them. */
export const CSP = {
  SELF: "'self'",
  NONE: "'none'",
  UNSAFE_INLINE: "'unsafe-inline'",
  UNSAFE_EVAL: "'unsafe-eval'",
  STRICT_DYNAMIC: "'strict-dynamic'",
  REPORT_SAMPLE: "'report-sample'",
  /** Stands for the nonce of the response; left out of responses that never ask for one. */
  NONCE: '<nonce>',
} as const;

/** What pages of the framework need and no more: nothing inline without the nonce, nothing from elsewhere, no frames. */
export const STRICT_CSP: CspDirectives = {
  'default-src': [CSP.SELF],
  'script-src': [CSP.SELF, CSP.NONCE],
  'style-src': [CSP.SELF, CSP.NONCE],
  'img-src': [CSP.SELF, 'data:'],
  'object-src': [CSP.NONE],
  'base-uri': [CSP.NONE],
  'form-action': [CSP.SELF],
  'frame-ancestors': [CSP.NONE],
};

/** What is wrong with a policy, by directive; sources with separators would add directives of their own. */
export function cspProblems(directives: CspDirectives): readonly string[] {
  return Object.entries(directives).flatMap(([name, sources]) => {
    if (!/^[a-z]+(-[a-z]+)*$/.test(name)) return [`"${name}" is no directive`];
    if (sources === false) return [];
    if (!Array.isArray(sources)) return [`"${name}" must be a list of sources, or false`];
    return (sources as readonly unknown[])
      .filter((source) => typeof source !== 'string' || !/^[^\s;,]+$/.test(source))
      .map((source) => `"${name}" has the source ${JSON.stringify(source)}, which is none`);
  });
}
