/** The template directories of the installed apps, searched after the project's and before the areas'. */
export class AppTemplates {
  constructor(readonly urls: readonly URL[]) {}
}
