/** Numbers in their order of arrival, cheap to add to. */
export class Samples {
  #numbers = new Float64Array(1024)
  #length = 0

  add(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(this.#length * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#length] = value
    this.#length += 1
  }

  values(): Float64Array {
    return this.#numbers.slice(0, this.#length)
  }
}
