import { Check, CheckRule, durationMs, error, SecretKeys, warning, type Findings } from '#core';

import { CSP, type CspDirectives } from './csp/csp.js';
import { SecurityConfig } from './security.options.js';

const SHORTEST_KEY = 50;
const LEAST_CHARACTERS = 8;
/** How the value of `env.secret()` begins when nothing is configured. */
const STAND_IN = 'development-stand-in-secret';

/** Checks of the settings that protect visitors; most matter in production only. */
@Check('security')
export class SecurityChecks {
  constructor(
    private readonly config: SecurityConfig,
    private readonly keys: SecretKeys,
  ) {}

  @CheckRule({ deploy: true })
  *standInKey(): Findings {
    if (!this.keys.all.some((key) => key.startsWith(STAND_IN))) return;
    yield error('security.E003', 'The secret key is the stand-in for development, which everybody knows', {
      at: 'settings.secretKey',
      hint: 'Set SECRET_KEY to a random text: openssl rand -base64 48',
    });
  }

  @CheckRule({ deploy: true })
  *weakKeys(): Findings {
    for (const [index, key] of this.keys.all.entries()) {
      if (key.length >= SHORTEST_KEY && new Set(key).size >= LEAST_CHARACTERS) continue;
      const at = index === 0 ? 'settings.secretKey' : `settings.secretKeyFallbacks[${index - 1}]`;
      yield warning(
        'security.W001',
        `A secret key has ${key.length} characters, ${new Set(key).size} of them different`,
        { at, hint: `Use at least ${SHORTEST_KEY} random characters: openssl rand -base64 48` },
      );
    }
  }

  @CheckRule({ deploy: true })
  *hsts(): Findings {
    const { hsts } = this.config.https;
    if (hsts && hsts.maxAge >= durationMs('30d')) return;
    const how = hsts ? 'for less than 30 days' : 'not at all';
    yield warning('security.W002', `Browsers are told to insist on https ${how}`, {
      at: 'settings.security.https.hsts',
      hint: 'Set hsts.maxAge to "365d" once the whole site works over https',
    });
  }

  @CheckRule({ deploy: true })
  *httpsRedirect(): Findings {
    if (this.config.https.redirect) return;
    yield warning('security.W003', 'Visitors of plain http are not sent to https by this application', {
      at: 'settings.security.https.redirect',
      hint: 'Set it to true, or silence this check if a proxy in front redirects',
    });
  }

  @CheckRule({ deploy: true })
  *csrfOff(): Findings {
    if (this.config.csrf.enabled) return;
    yield warning('security.W004', 'Any site can send forms in the name of a visitor who is logged in', {
      at: 'settings.security.csrf',
      hint: 'Remove `csrf: false` and mark the routes that need it with @CsrfExempt()',
    });
  }

  @CheckRule({ deploy: true })
  *csrfCookie(): Findings {
    const { enabled, cookie } = this.config.csrf;
    if (!enabled || cookie.secure) return;
    yield warning('security.W005', 'The CSRF cookie also travels over plain http', {
      at: 'settings.security.csrf.cookie.secure',
      hint: 'Serve over https and remove the setting, or set it to true',
    });
  }

  @CheckRule({ deploy: true })
  *policyOff(): Findings {
    if (this.config.csp) return;
    yield warning('security.W006', 'No content security policy is enforced', {
      at: 'settings.security.csp',
      hint: 'Remove `csp: false`; add the sources that your pages need to the strict default',
    });
  }

  @CheckRule()
  *weakPolicy(): Findings {
    for (const directive of ['script-src', 'default-src'] as const) {
      const weak = weakSources(this.config.csp ?? {}, directive);
      if (weak.length === 0) continue;
      yield warning(
        'security.W007',
        `The policy's ${directive} has ${weak.join(' and ')}, which lets injected scripts run`,
        {
          at: `settings.security.csp["${directive}"]`,
          hint: 'Give inline scripts the nonce (CSP.NONCE, {{cspNonce}}) instead',
        },
      );
    }
  }

  @CheckRule({ deploy: true })
  *headersOff(): Findings {
    if (this.config.headers) return;
    yield warning('security.W008', 'The security headers are off, nosniff among them', {
      at: 'settings.security.headers',
      hint: 'Remove `headers: false` and switch off single headers where needed',
    });
  }

  @CheckRule({ deploy: true })
  *frames(): Findings {
    if (!this.config.headers || this.config.headers.frameOptions) return;
    yield warning('security.W009', 'Any site can show pages in a frame and borrow the clicks of visitors', {
      at: 'settings.security.headers.frameOptions',
      hint: 'Remove the setting and mark the pages that are meant for frames with @AllowFrames()',
    });
  }

  @CheckRule({ deploy: true })
  *referrer(): Findings {
    const policy = this.config.headers?.referrerPolicy;
    if (!this.config.headers || (policy && policy !== 'unsafe-url')) return;
    yield warning('security.W010', `The referrer policy is ${policy || 'off'}: addresses of pages reach other sites`, {
      at: 'settings.security.headers.referrerPolicy',
      hint: 'Use "same-origin" or "strict-origin-when-cross-origin"',
    });
  }

  @CheckRule({ deploy: true })
  *insecureTrust(): Findings {
    for (const origin of this.config.csrf.trustedOrigins.filter((origin) => origin.startsWith('http:')))
      yield warning('security.W011', `The trusted origin ${origin} can be imitated by anybody in between`, {
        at: 'settings.security.csrf.trustedOrigins',
        hint: 'Trust its https origin',
      });
  }

  @CheckRule()
  *noReferrer(): Findings {
    if (!this.config.csrf.enabled || this.config.headers?.referrerPolicy !== 'no-referrer') return;
    yield warning(
      'security.W012',
      'With the referrer policy "no-referrer" browsers send Origin: null, and forms are refused',
      {
        at: 'settings.security.headers.referrerPolicy',
        hint: 'Use "same-origin"',
      },
    );
  }
}

function weakSources(policy: CspDirectives, directive: 'script-src' | 'default-src'): readonly string[] {
  const sources = policy[directive] || [];
  const weak: readonly string[] = [CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL, '*', 'http:', 'https:', 'data:'];
  return sources.filter((source) => weak.includes(source));
}
