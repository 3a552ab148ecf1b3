import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/** The browser named by BOWERBIRD_TEST_BROWSER, or the first Chromium in the usual places. */
export function findBrowser() {
  const given = process.env.BOWERBIRD_TEST_BROWSER;
  const path = given || PLACES.find((place) => existsSync(place));
  if (!path) return { available: false, reason: 'no Chromium found; set BOWERBIRD_TEST_BROWSER' };
  try {
    const version = execFileSync(path, ['--version', '--no-sandbox'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { available: true, path, version: version.trim().split(/\s+/).slice(0, 2).join(' ') };
  } catch (error) {
    return { available: false, reason: `${path} does not start: ${error?.message}` };
  }
}
