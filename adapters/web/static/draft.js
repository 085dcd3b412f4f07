// A draft while it is typed: checked when the typing stops, its words marked, what was found listed.

import { Dropped, post, Trouble } from "./api.js";
import { announce, fragment, reveal, trouble } from "./cards.js";
import { Highlighter } from "./highlight.js";

const PAUSE = 600; // milliseconds without a key after which somebody has stopped typing
const MOST = 12; // checks while typing in a minute; the server allows 20 requests, and buttons need some
const MINUTE = 60_000;
const REST = 15_000; // after the server has asked for patience
const IDLE = "入力が止まると、自動で点検します。";
const EMPTY = "点検する文章を入れてください。";
const GONE = "その言葉は、もう書き換えられています。";
export const WHICH = "どのアカウントから出すかを選ぶと、点検します。";

const headline = (reply) => reply.text.split("\n")[0];

export class Draft {
  // `visit`: {org, id}; `account` says which one is chosen, empty: none.
  constructor({ form, result, visit, account, say }) {
    this.area = form.querySelector("textarea");
    this.editor = form.querySelector(".editor");
    this.lights = new Highlighter(this.area, form.querySelector(".layer"));
    Object.assign(this, { result, visit, account, say });
    this.sent = []; // when checks while typing were sent
    this.timer = 0;
    this.latest = 0; // the number of the check whose answer counts
    this.running = new AbortController();
    this.composing = false;
    this.held = null; // an answer that came while the input method was composing
    this.shown = ""; // the card that stands there
    this.told = "";
    this.listen();
  }

  listen() {
    this.area.addEventListener("compositionstart", () => {
      this.composing = true;
      clearTimeout(this.timer);
      this.lights.composing(this.area.selectionStart);
    });
    this.area.addEventListener("compositionend", () => this.composed());
    this.area.addEventListener("input", (event) => {
      if (!this.composing && !event.isComposing) {
        this.changed();
      }
    });
    document.addEventListener("selectionchange", () => this.caret());
  }

  get blank() {
    return !this.area.value.trim();
  }

  // Typing

  changed() {
    this.lights.edited();
    this.drop();
    if (this.blank) {
      this.clear();
      return;
    }
    this.say(this.account() ? IDLE : WHICH);
    this.later();
  }

  // What is under way is about another text.
  drop() {
    this.latest += 1;
    this.running.abort();
    this.held = null;
  }

  later(pause = PAUSE) {
    const now = Date.now();
    while (this.sent.length && this.sent[0] <= now - MINUTE) {
      this.sent.shift();
    }
    const rest = this.sent.length < MOST ? 0 : this.sent[0] + MINUTE - now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.composing) {
        this.check({ typing: true });
      }
    }, Math.max(pause, rest));
  }

  clear() {
    clearTimeout(this.timer);
    this.lights.show([]);
    this.shown = "";
    this.told = "";
    this.result.replaceChildren();
    this.say("");
  }

  composed() {
    this.composing = false;
    const held = this.held;
    if (this.area.value !== this.lights.text) {
      this.changed();
    } else if (held) {
      this.held = null;
      this.arrived(held.reply, held.typing);
    } else {
      this.lights.render(); // what was set aside comes back
      if (!this.blank) {
        this.later();
      }
    }
  }

  // Checking

  async check({ typing }) {
    clearTimeout(this.timer);
    if (this.blank || !this.account()) {
      this.say(this.account() ? EMPTY : WHICH);
      return;
    }
    if (typing) {
      this.sent.push(Date.now());
    }
    this.drop();
    const mine = this.latest;
    const text = this.area.value;
    const content = { org: this.visit.org, account: this.account(), text, typing, visit: this.visit.id };
    this.running = new AbortController();
    this.say("点検しています…");
    try {
      const reply = await post("/api/check", content, { signal: this.running.signal });
      if (mine === this.latest && text === this.area.value) {
        this.arrived(reply, typing);
      }
    } catch (error) {
      if (!(error instanceof Dropped) && mine === this.latest) {
        this.failed(error, typing);
      }
    }
  }

  arrived(reply, typing) {
    if (this.composing) {
      this.held = { reply, typing };
      return;
    }
    this.lights.show(reply.marks);
    if (reply.html !== this.shown) {
      this.shown = reply.html;
      this.result.replaceChildren(fragment(reply.html));
      this.point(reply.marks);
    }
    this.say(reply.verdict === null ? "" : `点検しました。${headline(reply)}`); // on a phone the report lies further down
    if (!typing) {
      this.told = ""; // who presses the button hears it once more
      reveal(this.result);
    }
    this.tell(headline(reply));
  }

  // Once, not at every key.
  tell(line) {
    if (line !== this.told) {
      this.told = line;
      announce(line);
    }
  }

  failed(error, typing) {
    if (typing && error instanceof Trouble && error.status === 429) {
      this.say("続けて点検したので、少し間をおいています。");
      this.later(REST);
      return;
    }
    this.say("");
    this.shown = "";
    this.told = "";
    trouble(this.result, error, () => this.check({ typing: false }));
  }

  // Pointing

  // The words of each finding become a button that selects them in the text.
  point(marks) {
    this.result.querySelectorAll(".finding").forEach((finding, at) => {
      const words = finding.querySelector(".quoted");
      if (!words || !marks[at]) {
        return;
      }
      const button = Object.assign(document.createElement("button"), { type: "button", className: "words-of" });
      button.dataset.number = String(marks[at].number);
      const hint = Object.assign(document.createElement("span"), { className: "unseen", textContent: "（文中で選ぶ）" });
      button.append(words.textContent, hint);
      words.replaceChildren(button);
    });
  }

  select(number) {
    if (this.lights.select(number)) {
      reveal(this.editor);
      return;
    }
    this.say(GONE);
    announce(GONE);
  }

  // The finding of the words where the caret stands is set off in the list.
  caret() {
    const number = document.activeElement === this.area ? this.lights.at(this.area.selectionStart) : 0;
    for (const button of this.result.querySelectorAll("[data-number]")) {
      button.closest(".finding").classList.toggle("current", Number(button.dataset.number) === number);
    }
  }
}
