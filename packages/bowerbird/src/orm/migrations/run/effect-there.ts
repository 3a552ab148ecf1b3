/**
 * What MySQL and MariaDB answer when a change is there already: table exists (1050), unknown table (1051, 1146), column
 * unknown or twice (1054, 1060), key twice or unknown (1061, 1022, 1176), nothing to drop (1091), foreign key or check twice (1826, 3822, 121 in 1005),
 * no such check or constraint (3821, 3940), primary key twice (1068).
 */
const MYSQL_CODES: readonly number[] = [
  1022, 1050, 1051, 1054, 1060, 1061, 1068, 1091, 1146, 1176, 1826, 3821, 3822, 3940, 4031,
];

/** The same for PostgreSQL: table, column or object twice or unknown. */
const POSTGRES_CODES: readonly string[] = ['42P07', '42701', '42710', '42P16', '42P01', '42703', '42704'];

/** Whether an error says that the statement has nothing left to do. */
export function isEffectThere(error: unknown): boolean {
  const { errno, code, message } = (error as { driverError?: DriverError }).driverError ?? (error as DriverError);
  if (errno === 1005) return /errno: 121/.test(message ?? '');
  return (errno !== undefined && MYSQL_CODES.includes(errno)) || POSTGRES_CODES.includes(String(code));
}

interface DriverError {
  readonly errno?: number;
  readonly code?: string;
  readonly message?: string;
}
