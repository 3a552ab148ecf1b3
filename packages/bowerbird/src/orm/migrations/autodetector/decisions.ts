/** Who decides what cannot be read from the entities: flags, or a person at the terminal. */
export abstract class Decisions {
  /**
   * Whether something was renamed; otherwise it is removed and a new one added.
   * @param name `shop.Product.title:name` for a field, `shop.Item:Product` for an entity
   * @throws MigrationQuestionError when nobody answers
   */
  abstract isRename(name: string, question: string): Promise<boolean>;

  /**
   * Agrees that a field is removed with its values and added anew, because they cannot be carried over.
   * @param name `shop.Line.product`
   * @throws MigrationQuestionError when nobody agrees
   */
  abstract agreeToReplace(name: string, question: string): Promise<void>;

  /**
   * The value that existing rows get in a field that must have one.
   * @param name `shop.Product.sku`
   * @throws MigrationQuestionError when nobody answers
   */
  abstract fillFor(name: string, question: string): Promise<unknown>;
}
