/** One step from an older to a newer form of the tables. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /** SQL in which `{schema}` stands for the schema. */
  readonly sql: string;
}
