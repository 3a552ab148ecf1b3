import { CommandError, type CommandIo } from '#core';

/** Goes on when somebody types the whole word. @throws CommandError otherwise, and where nobody can */
export async function agree(warning: string, io: CommandIo): Promise<void> {
  if (!io.interactive) throw new CommandError(`${warning} Nobody can agree to it here`, { hint: 'Agree with --yes' });
  const answer = await io.ask(`${warning} Type "yes" to go on`, { fallback: 'no' });
  if (answer.trim() !== 'yes') throw new CommandError('Nothing was removed');
}
