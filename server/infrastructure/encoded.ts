/** A value in JSON already: what was encoded once needn't be parsed to be sent. */
export class Encoded<Value> {
  readonly json: string;
  /** what the JSON stands for; for the compiler alone */
  readonly value?: Value;

  constructor(json: string) {
    this.json = json;
  }
}
