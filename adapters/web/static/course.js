// The page of a course: one lesson at a time, below it what came of an answer, and a box to ask in between.
// Nothing is kept about the visitor, here or on the server.

import { post } from "./api.js";
import { announce, bring, fragment, paragraph, press, trouble } from "./cards.js";
import { newVisitId, rememberOrg } from "./memory.js";

const HISTORY = 5;
const PLAYS = new Set(["lesson", "quiz", "acknowledge"]);
const UNREMEMBERED = new Set(["said"]); // small talk and refusals are no questions to follow up on
const $ = (id) => document.getElementById(id);
const { org } = document.body.dataset;
const lessons = Array.from(document.querySelectorAll("a[data-lesson]"));
const visit = { org, id: newVisitId() };
const [stage, verdict, box, answer] = ["stage", "verdict", "box", "answer"].map($);

let history = [];
let waiting = false;

// Playing

async function play({ verb, value }, { keep = true } = {}) {
  if (waiting) {
    return;
  }
  const place = verb === "quiz" ? verdict : stage;
  busy(true);
  try {
    const reply = await post("/api/press", { org, visit: visit.id, verb, value });
    verdict.replaceChildren();
    place.replaceChildren(fragment(reply.html));
    if (verb === "lesson") {
      open(value, keep);
    }
    for (const option of stage.querySelectorAll("[data-verb=quiz]")) {
      option.setAttribute("aria-pressed", String(verb === "quiz" && option.dataset.value === value));
    }
    arrive(place, reply.text);
  } catch (error) {
    trouble(verdict, error, () => play({ verb, value }, { keep }));
    bring(verdict);
  } finally {
    busy(false);
  }
}

// Marks the lesson in the list; its address is kept, so that the browser's way back leads through the lessons.
function open(lesson, keep) {
  for (const one of lessons) {
    if (one.dataset.lesson !== lesson) {
      one.removeAttribute("aria-current");
      continue;
    }
    one.setAttribute("aria-current", "step");
    if (keep && one.href !== location.href) {
      window.history.pushState(null, "", one.href);
    }
  }
}

// A screen reader and the keyboard go on from the new card's heading.
function arrive(place, text) {
  const head = place.querySelector("h2") || place.firstElementChild;
  head.tabIndex = -1;
  head.focus({ preventScroll: true });
  bring(place);
  announce(text.split("\n")[0]);
}

function busy(now) {
  waiting = now;
  stage.setAttribute("aria-busy", String(now));
}

// Asking

async function ask(question) {
  if (waiting || !question.trim()) {
    box.focus();
    return;
  }
  busy(true);
  answer.replaceChildren(paragraph("waiting", "調べています…"));
  try {
    const reply = await post("/api/ask", { org, visit: visit.id, question, account: null, history });
    if (!UNREMEMBERED.has(reply.status)) {
      history = [...history, question].slice(-HISTORY);
    }
    answer.replaceChildren(paragraph("asked", question), fragment(reply.html));
    box.value = "";
    announce(`回答: ${reply.text}`);
    bring(answer);
  } catch (error) {
    trouble(answer, error, () => ask(question));
  } finally {
    busy(false);
  }
}

// Beginning

$("asking").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(box.value);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-verb]");
  if (!button) {
    return;
  }
  if (PLAYS.has(button.dataset.verb)) {
    play(button.dataset);
  } else if (button.dataset.verb === "ask") {
    ask(button.dataset.value);
  } else {
    press(button, visit);
  }
});

window.addEventListener("popstate", () => {
  const value = new URL(location.href).searchParams.get("lesson") || lessons[0].dataset.lesson;
  if (!lessons.some((one) => one.hasAttribute("aria-current") && one.dataset.lesson === value)) {
    play({ verb: "lesson", value }, { keep: false }); // the skip link leads to another place of the same lesson
  }
});

rememberOrg(org);
$("aside").hidden = false;
if (window.matchMedia("(max-width: 63.99rem)").matches) {
  $("page-contents").open = false; // above the lesson it would be a page of its own
}
