/**
 * One table of a FlatBuffers file, read by field number. Absent fields give their default. The format is little-endian:
 * a table begins with the distance back to the list of its fields' places, and vectors and tables are reached by
 * relative distances.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #place: number;

  private constructor(view: DataView, place: number) {
    this.#view = view;
    this.#place = place;
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  byte(field: number): number {
    const place = this.#field(field);
    return place === null ? 0 : this.#view.getInt8(place);
  }

  integer(field: number): number {
    const place = this.#field(field);
    return place === null ? 0 : this.#view.getInt32(place, true);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  bytes(field: number): Uint8Array {
    const [start, length] = this.#vector(field);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  integers(field: number): number[] {
    const [start, length] = this.#vector(field);
    return Array.from({ length }, (_, i) => this.#view.getInt32(start + 4 * i, true));
  }

  table(field: number): FlatTable | null {
    const place = this.#field(field);
    return place === null ? null : new FlatTable(this.#view, this.#follow(place));
  }

  tables(field: number): FlatTable[] {
    const [start, length] = this.#vector(field);
    return Array.from({ length }, (_, i) => new FlatTable(this.#view, this.#follow(start + 4 * i)));
  }

  #vector(field: number): readonly [start: number, length: number] {
    const place = this.#field(field);
    if (place === null) return [0, 0];
    const vector = this.#follow(place);
    return [vector + 4, this.#view.getUint32(vector, true)];
  }

  #follow(place: number): number {
    return place + this.#view.getUint32(place, true);
  }

  #field(field: number): number | null {
    const places = this.#place - this.#view.getInt32(this.#place, true);
    if (4 + 2 * field >= this.#view.getUint16(places, true)) return null;
    const offset = this.#view.getUint16(places + 4 + 2 * field, true);
    return offset === 0 ? null : this.#place + offset;
  }
}
