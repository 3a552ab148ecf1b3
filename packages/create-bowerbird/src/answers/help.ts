import { CHOICES } from './choices.js';

const list = (option: keyof typeof CHOICES): string =>
  Object.entries(CHOICES[option])
    .map(([name, meaning]) => `      ${name.padEnd(10)}${meaning}`)
    .join('\n');

/** What `--help` prints. */
export const HELP = `Makes a Bowerbird project in a new folder.

  npm create bowerbird@latest [name] -- [options]

The name is that of the folder and of the package; "." stands for the current folder, which must be empty.

Options
  -t, --template <name>         What to begin with
${list('template')}
  -d, --database <name>         Where the data lives
${list('database')}
  -p, --package-manager <name>  What installs the packages; the one that runs this
${list('package-manager')}
      --git, --no-git           Make a repository; yes
      --install, --no-install   Install the packages; yes
  -y, --yes                     Ask nothing: take the default of all that is not said
  -h, --help                    This text
  -v, --version                 The version that projects are made for

Nothing is asked where there is no terminal.
`;
