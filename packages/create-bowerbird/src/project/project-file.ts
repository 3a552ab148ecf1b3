/** One file of a project. */
export interface ProjectFile {
  /** Below the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Permissions; those of any new file unless said. */
  readonly mode?: number;
}
