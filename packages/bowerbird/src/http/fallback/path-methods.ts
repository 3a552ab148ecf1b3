/** Knows which methods paths have; a provider of this class makes other methods of these paths 405 instead of 404. */
export abstract class PathMethods {
  /** In capital letters; empty for paths that it does not know. */
  abstract methodsOf(path: string): readonly string[];
}
