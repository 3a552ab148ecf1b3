import { METHODS } from 'node:http';

/** Key of the handler by which lists answer QUERY. */
export const QUERY_HANDLER = 'listByQuery';

/** Media types in which a query may be sent; lists name them in `Accept-Query` (RFC 10008). */
export const QUERY_TYPES = ['application/json', 'application/x-www-form-urlencoded'] as const;

/** Whether this Node reads requests with the method QUERY: 20.19.2, 22.2 and later do. */
export const HAS_QUERY = METHODS.includes('QUERY');
