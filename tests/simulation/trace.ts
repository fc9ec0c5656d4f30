/** What happened, as short lines, and a running digest over every frame on the wire: two runs of one seed agree in both. */
export class Trace {
  readonly lines: string[] = [];
  #digest = 0x811c9dc5;

  say(line: string): void {
    this.lines.push(line);
    for (let index = 0; index < line.length; index += 1) this.#mix(line.charCodeAt(index));
  }

  frame(tablet: string, way: string, path: string, bytes: Uint8Array): void {
    for (const text of [tablet, way, path]) for (let index = 0; index < text.length; index += 1) this.#mix(text.charCodeAt(index));
    for (const byte of bytes) this.#mix(byte);
  }

  #mix(unit: number): void {
    this.#digest = Math.imul(this.#digest ^ unit, 0x01000193);
  }

  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, '0');
  }

  last(count: number): string {
    return this.lines.slice(-count).join('\n');
  }
}
