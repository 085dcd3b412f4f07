// The page of a whole guideline: brings the linked clause into view, says when there is none, copies links.

import { copyText } from "./copy.js";

const said = document.getElementById("said");
const SHOWN = 4000;
let timer = 0;

function tell(text) {
  said.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { said.textContent = ""; }, SHOWN);
}

function named() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
}

function arrive() {
  const locator = named();
  const clause = locator ? document.getElementById(locator) : null;
  document.getElementById("gone").hidden = !locator || clause !== null;
  if (clause && clause.classList.contains("clause")) {
    clause.focus({ preventScroll: true }); // a screen reader goes on from here
    clause.scrollIntoView({ block: "start" });
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-link]");
  if (button) {
    const address = new URL(location.href);
    address.search = "";
    address.hash = encodeURIComponent(button.dataset.link);
    tell((await copyText(address.href)) ? "リンクをコピーしました" : address.href);
  }
});

if (window.matchMedia("(max-width: 63.99rem)").matches) {
  document.getElementById("page-contents").open = false; // above the text it would be a page of its own
}
window.addEventListener("hashchange", arrive);
arrive();
