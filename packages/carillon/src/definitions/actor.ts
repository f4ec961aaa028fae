/** Who asks: what authentication found out. Handed to `authorize`, and recorded with the events that a command makes. */
export interface Actor {
  readonly id: string;
  readonly roles?: readonly string[];
}
