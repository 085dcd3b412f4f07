// Puts text on the clipboard. Pages over plain http have no clipboard interface, so the older way stands behind it.

export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by a policy: the older way may still do.
    }
  }
  return copyBySelection(text);
}

function copyBySelection(text) {
  const before = document.activeElement;
  const carrier = document.createElement("textarea");
  carrier.value = text;
  carrier.readOnly = true;
  carrier.className = "unseen";
  document.body.append(carrier);
  carrier.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  carrier.remove();
  if (before && before.focus) {
    before.focus({ preventScroll: true });
  }
  return done;
}
