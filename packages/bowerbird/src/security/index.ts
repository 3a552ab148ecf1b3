export { ContentSecurityPolicy } from './csp/content-security-policy.js';
export { cspNonce } from './csp/csp-response.js';
export { CSP, type CspDirective, type CspDirectives, STRICT_CSP } from './csp/csp.js';
export { CsrfExempt, isCsrfExempt } from './csrf/csrf-exempt.decorator.js';
export { CSRF_REASONS, type CsrfReason, type CsrfReasonText } from './csrf/csrf-reason.js';
export { CsrfGuard } from './csrf/csrf.guard.js';
export { CsrfMiddleware, type CsrfRequest } from './csrf/csrf.middleware.js';
export { Csrf } from './csrf/csrf.js';
export { AllowFrames, Csp, CspReportOnly } from './headers/header-overrides.js';
export { SecurityHeadersMiddleware } from './headers/headers.middleware.js';
export { isSafeRedirect, safeRedirect } from './redirects/safe-redirect.js';
export { SecurityChecks } from './security.checks.js';
export { CsrfError, LimitError, NoCsrfRequestError, ThrottleCacheError, ThrottledError } from './security.errors.js';
export { SecurityModule } from './security.module.js';
export {
  type CsrfConfig,
  type CsrfCookieConfig,
  type CsrfCookieOptions,
  type CsrfOptions,
  type FrameOptions,
  type HeadersConfig,
  type HeadersOptions,
  type HstsConfig,
  type HstsOptions,
  type HttpsConfig,
  type HttpsOptions,
  resolveSecurity,
  SecurityConfig,
  type SecurityOptions,
} from './security.options.js';
export { type BucketSize, type Limit, type LimitBy, type LimitOptions, rate, tokenBucket } from './throttle/limit.js';
export { type Rate } from './throttle/rate-text.js';
export { SkipThrottle, Throttle } from './throttle/throttle.decorators.js';
export { ThrottledRoutes } from './throttle/throttled-routes.js';
export { type ThrottleConfig, type ThrottleOptions } from './throttle/throttle.options.js';
