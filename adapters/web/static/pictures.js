// The pictures that go with a draft: chosen, listed, taken away, saved without what is hidden in them.
// They live in this page's memory only.

import { fetchFile, postForm } from "./api.js";
import { announce, fragment, paragraph, trouble } from "./cards.js";
import { WHICH } from "./draft.js";

const MOST = 10;
const LARGEST = 25 * 1024 * 1024;
const TOGETHER = 60 * 1024 * 1024;

const $ = (id) => document.getElementById(id);

export class Pictures {
  // `visit`: {org, id}; `account` says which one is chosen, empty: none.
  constructor({ visit, account, say }) {
    Object.assign(this, { visit, account, say });
    this.files = [];
    this.list = $("picked");
    this.place = $("pictures-trouble");
    this.report = $("of-pictures");
    this.checked = ""; // which pictures the report is about, and for which account
    const input = $("files");
    input.addEventListener("change", () => {
      this.add(Array.from(input.files));
      input.value = ""; // so that the same file may be chosen once more
    });
    $("pictures").hidden = false;
  }

  add(files) {
    const refused = this.refusal(files);
    this.place.replaceChildren();
    if (refused) {
      this.place.replaceChildren(paragraph("refused", refused));
      announce(refused);
      return;
    }
    this.files.push(...files);
    this.listed();
    this.look();
  }

  refusal(files) {
    const large = files.find((file) => file.size > LARGEST);
    if (large) {
      return `「${large.name}」が大きすぎます。画像は1点25 MiBまでです。`;
    }
    if (this.files.length + files.length > MOST) {
      return "画像は一度に10点までです。";
    }
    const bytes = [...this.files, ...files].reduce((sum, file) => sum + file.size, 0);
    return bytes > TOGETHER ? "画像は合わせて60 MiBまでです。分けて点検してください。" : "";
  }

  // Checked apart from the words, once: they are far larger, and change less often.
  async look() {
    const named = this.files.map((file) => `${file.name}/${file.size}/${file.lastModified}`);
    const these = [this.account(), ...named].join("\n");
    if (these === this.checked) {
      return;
    }
    this.checked = these;
    this.report.hidden = !this.files.length || !this.account();
    if (this.report.hidden) {
      this.say(this.files.length ? WHICH : "");
      return;
    }
    const place = this.report.lastElementChild;
    place.replaceChildren(paragraph("waiting", "画像を調べています…"));
    try {
      const reply = await postForm("/api/check", this.form());
      if (these === this.checked) {
        place.replaceChildren(fragment(reply.html));
        announce(`画像: ${reply.text.split("\n")[0]}`);
      }
    } catch (error) {
      if (these === this.checked) {
        this.checked = "";
        trouble(place, error, () => this.look());
      }
    }
  }

  form() {
    const form = new FormData();
    form.append("org", this.visit.org);
    form.append("account", this.account());
    form.append("visit", this.visit.id);
    for (const file of this.files) {
      form.append("picture", file, file.name);
    }
    return form;
  }

  listed() {
    this.list.replaceChildren(...this.files.map((file) => this.item(file)));
  }

  item(file) {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
    const result = Object.assign(document.createElement("div"), { className: "result" });
    const save = this.button("情報を消した写しを保存", file, () => this.save(file, result));
    const remove = this.button("外す", file, () => this.remove(file));
    item.append(name, save, remove, result);
    return item;
  }

  button(label, file, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    const whose = Object.assign(document.createElement("span"), { className: "unseen", textContent: `（${file.name}）` });
    button.append(whose);
    button.addEventListener("click", act);
    return button;
  }

  remove(file) {
    const at = this.files.indexOf(file);
    this.files.splice(at, 1);
    this.place.replaceChildren();
    this.listed();
    const next = this.list.children[Math.min(at, this.files.length - 1)];
    (next ? next.querySelector("button") : $("files")).focus();
    this.look();
  }

  async save(file, result) {
    const form = new FormData();
    form.append("picture", file, file.name);
    result.replaceChildren(paragraph("waiting", "写しを作っています…"));
    try {
      const { name, content } = await fetchFile("/api/strip", form);
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(content), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      result.replaceChildren(paragraph("done", `「${name}」を保存しました。投稿にはこちらを使ってください。`));
      announce("情報を消した写しを保存しました。");
    } catch (error) {
      trouble(result, error, () => this.save(file, result));
    }
  }
}
