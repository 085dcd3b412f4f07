// Marks words of a text area by a layer behind it: the same text in the same shape, unseen but for the marks.
// Places count UTF-16 code units, as strings here do.

const GRAVITY = ["info", "warning", "error"];
const graphemes = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("ja", { granularity: "grapheme" }) : null;

export class Highlighter {
  constructor(area, layer) {
    this.area = area;
    this.layer = layer;
    this.text = area.value;
    this.marks = [];
    area.addEventListener("scroll", () => this.follow());
    this.render();
  }

  // The marks of the text as it stands: [{start, end, severity, number}].
  show(marks) {
    this.text = this.area.value;
    this.marks = marks.map((mark) => ({ ...mark }));
    this.render();
  }

  // The text was changed: marks behind the place move along, those whose words were touched go.
  edited() {
    const before = this.text;
    const after = this.area.value;
    if (before === after) {
      return;
    }
    const shorter = Math.min(before.length, after.length);
    let head = 0;
    while (head < shorter && before[head] === after[head]) {
      head += 1;
    }
    let tail = 0;
    while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
      tail += 1;
    }
    const moved = after.length - before.length;
    const last = before.length - tail;
    this.marks = this.marks.flatMap((mark) => {
      if (mark.end <= head) {
        return [mark];
      }
      return mark.start >= last ? [{ ...mark, start: mark.start + moved, end: mark.end + moved }] : [];
    });
    this.text = after;
    this.render();
  }

  // While an input method composes at `place` the layer stays as it is; only what no longer fits is hidden.
  composing(place) {
    for (const one of this.layer.querySelectorAll("mark")) {
      one.classList.toggle("aside", Number(one.dataset.end) > place);
    }
  }

  render() {
    const parts = this.parts().map(({ start, end, over }) => {
      const words = this.text.slice(start, end);
      if (!over.length) {
        return document.createTextNode(words);
      }
      const worst = over.map((mark) => mark.severity).sort((a, b) => GRAVITY.indexOf(b) - GRAVITY.indexOf(a))[0];
      const mark = Object.assign(document.createElement("mark"), { className: `mark-${worst}`, textContent: words });
      mark.dataset.numbers = over.map((one) => one.number).join(" ");
      mark.dataset.end = String(end);
      return mark;
    });
    this.layer.replaceChildren(...parts, document.createTextNode("\n")); // else a last empty line has no height
    this.follow();
  }

  // The text cut where a mark begins or ends; `over` are the marks that lie over a part.
  parts() {
    const marks = this.marks.map((mark) => ({ ...mark, ...this.whole(mark.start, mark.end) }));
    const cuts = new Set([0, this.text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
    const places = [...cuts].sort((a, b) => a - b);
    return places.slice(0, -1).map((start, at) => {
      const end = places[at + 1];
      return { start, end, over: marks.filter((mark) => mark.start < end && start < mark.end) };
    });
  }

  // Whole letters: one that is put together of several signs would be drawn otherwise when cut in two.
  whole(start, end) {
    if (!graphemes || start >= end) {
      return { start, end };
    }
    const letters = graphemes.segment(this.text);
    const last = letters.containing(end - 1);
    return { start: letters.containing(start).index, end: last.index + last.segment.length };
  }

  follow() {
    this.layer.scrollTop = this.area.scrollTop;
  }

  // Select the words of a finding; false where they are gone.
  select(number) {
    const mark = this.marks.find((one) => one.number === number);
    if (!mark) {
      return false;
    }
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(mark.start, mark.end);
    const shown = this.layer.querySelector(`mark[data-numbers~="${number}"]`);
    this.area.scrollTop = shown.offsetTop - this.area.clientHeight / 3;
    this.follow();
    return true;
  }

  // The number of the gravest finding at a place of the text, 0 where there is none.
  at(place) {
    const found = this.marks.filter((mark) => mark.start <= place && place <= mark.end);
    return found.length ? Math.min(...found.map((mark) => mark.number)) : 0;
  }
}
