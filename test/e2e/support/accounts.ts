import { TEST_PASSWORD } from 'bowerbird/testing';

/** The superuser of the demo under test. */
export const ADMIN = { email: 'admin@example.com', password: TEST_PASSWORD } as const;
