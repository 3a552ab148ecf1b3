/** The option by which commands are told a version of the API. */
export const VERSION_OPTION = {
  flags: '--api-version <version>',
  description: 'The version of the API; the default one, or the last, unless said',
};
