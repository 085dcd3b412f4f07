// What every page with cards does: put them in place, tell, say what went wrong, answer presses.

import { post, Trouble } from "./api.js";
import { copyText } from "./copy.js";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const byId = (id) => document.getElementById(id);

export function announce(text) {
  byId("said").textContent = "";
  setTimeout(() => { byId("said").textContent = text; }, 50); // the same text twice is told twice
}

export function bring(element) {
  element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
}

export function reveal(element) {
  element.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" }); // not under the box at the foot
}

export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // made by our own server, every foreign text escaped
  return template.content;
}

export function paragraph(className, text) {
  return Object.assign(document.createElement("p"), { className, textContent: text });
}

export function trouble(place, error, again) {
  const part = byId("trouble-template").content.cloneNode(true);
  const text = error instanceof Trouble ? error.message : "うまくいきませんでした。もう一度送ってください。";
  part.querySelector("p").textContent = text;
  part.querySelector("[data-again]").addEventListener("click", again);
  place.replaceChildren(part);
  announce(text);
}

function resultOf(button) {
  const near = button.closest(".actions, .feedback, li") || button.parentElement;
  const next = near.matches("li") ? near.querySelector(":scope > .result") : near.nextElementSibling;
  if (next && next.classList.contains("result")) {
    return next;
  }
  const place = Object.assign(document.createElement("div"), { className: "result" });
  if (near.matches("li")) {
    near.append(place);
  } else {
    near.after(place);
  }
  return place;
}

function done(place, text) {
  place.replaceChildren(paragraph("done", text));
  announce(text);
  reveal(place);
}

// Asks what a card's button asks for and shows the answer beside it.
export async function press(button, visit, kept = () => {}) {
  const { verb, value } = button.dataset;
  const place = resultOf(button);
  if (verb === "read" && button.getAttribute("aria-expanded") === "true") {
    button.setAttribute("aria-expanded", "false");
    place.remove();
    return;
  }
  try {
    await pressed(button, place, await post("/api/press", { org: visit.org, visit: visit.id, verb, value }));
    kept();
  } catch (error) {
    trouble(place, error, () => press(button, visit, kept));
  }
}

async function pressed(button, place, reply) {
  switch (button.dataset.verb) {
    case "copy":
      if (reply.copy !== null && await copyText(reply.copy)) {
        done(place, "引用（条文・条番号・文書名・日付）をコピーしました");
        return;
      }
      place.replaceChildren(fragment(reply.html));
      announce(reply.text);
      if (place.querySelector("textarea")) {
        place.querySelector("textarea").select();
      }
      reveal(place);
      return;
    case "rate_up":
    case "rate_down":
      for (const one of button.parentElement.querySelectorAll("[aria-pressed]")) {
        one.setAttribute("aria-pressed", String(one === button));
      }
      break;
    case "read":
      button.setAttribute("aria-expanded", "true");
      break;
    default:
  }
  place.replaceChildren(fragment(reply.html));
  announce(reply.text);
  reveal(place);
}
