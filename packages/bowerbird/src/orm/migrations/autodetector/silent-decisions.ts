import { Decisions } from './decisions.js';

/** Asks nobody: for looking at what is missing without writing it. */
export class SilentDecisions extends Decisions {
  async isRename(): Promise<boolean> {
    return false;
  }

  async agreeToReplace(): Promise<void> {}

  async fillFor(): Promise<undefined> {
    return undefined;
  }
}
