/** A `Content-Type` header in parts. */
export interface ContentType {
  /** Lower case, without parameters; empty when there is none. */
  readonly type: string;
  /** Lower case, or undefined when none is named. */
  readonly charset?: string;
}

/** Reads a `Content-Type` header (RFC 9110, section 8.3). */
export function parseContentType(header: string | undefined): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1])
    .find((value) => value !== undefined);
  return { type: type.trim().toLowerCase(), ...(charset !== undefined && { charset: charset.toLowerCase() }) };
}
