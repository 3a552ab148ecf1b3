import { type Project } from '../project/project.js';
import { developmentUrl } from './database-urls.js';

const RANDOM = `node -e "console.log(require('crypto').randomBytes(48).toString('base64url'))"`;

/** `.env`: what this machine alone knows. */
export function environmentFile(project: Project): string {
  const { secretKey, databasePassword } = project.secrets;
  return `# For development on this machine. Stays out of git; what the environment says already wins.\n\n${variables(project, secretKey, databasePassword)}`;
}

/** `.env.example`: the same without the secrets, for whoever clones the project. */
export function environmentExample(project: Project): string {
  return `# Copy this file to .env and fill it in.\n\n${variables(project, '', 'choose-one')}`;
}

function variables(project: Project, secretKey: string, password: string): string {
  const container =
    project.database === 'sqlite' ? [] : [`# Of the database in compose.yaml.`, `DATABASE_PASSWORD=${password}`];
  return [
    '# Signs sessions, tokens and links; at least 50 random characters:',
    `# ${RANDOM}`,
    `SECRET_KEY=${secretKey}`,
    '',
    ...container,
    `DATABASE_URL=${developmentUrl(project, password)}`,
    '',
    ...(project.template === 'full' ? mail(project) : []),
    '# Where the application listens.',
    'HOST=127.0.0.1',
    'PORT=8000',
    '',
    '# In production: the names that it answers for, and the proxies in front of it.',
    '# NODE_ENV=production',
    '# ALLOWED_HOSTS=shop.example',
    '# TRUSTED_PROXIES=10.0.0.0/8',
    '',
  ].join('\n');
}

function mail({ title }: Project): readonly string[] {
  return [
    '# Who sends mail, and by which server. Without one, http://127.0.0.1:8000/__mail shows what would have been sent.',
    `# MAIL_FROM="${title} <shop@example.com>"`,
    '# SMTP_URL=smtp://user:password@smtp.example.com',
    '',
  ];
}
